"""A process that scores batches of rows for another: a file's terms, then its batches come in, answers go out.

``python -m core.services.lead_files.file_worker`` is started by ``file_workers`` beside it with pipes and ends with
them. It is a program of its own rather than a fork or a spawned copy of its parent, so that nothing of a server is run
twice.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys

from core.services.lead_files.file_rows import FileTerms, score_rows


def main() -> int:
    """Answer until there is nothing more to read."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what anybody prints must not get between the answers
    asked = sys.stdin.buffer
    gc.disable()
    try:
        file: FileTerms = pickle.load(asked)  # noqa: S301 - the pipe's other end is the process that started this one
        while True:
            batch = pickle.load(asked)  # noqa: S301 - as above
            answer: object
            try:
                answer = score_rows(file, batch)
            except Exception as error:  # the parent says what became of its file
                answer = error
            answers.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
            answers.flush()
            answer = batch = None
            gc.collect()  # once a batch is enough: a lead makes hundreds of objects, and hardly any in a circle
            gc.freeze()  # what is left are modules and the compiled kernels; the next time need not look at them
    except (EOFError, BrokenPipeError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
