"""Batches of rows scored in processes beside this one, whose interpreters do not wait for each other's lock."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, cast

from core.errors import FileError
from core.services.lead_files.file_rows import FileTerms, ScoredBatch
from core.settings import PROJECT_ROOT
from core.transfer import Row

IN_FLIGHT = 2  # batches a worker: one that it scores, one that waits
MOST_WORKERS = 4  # what one process can read and write for


class Workers:
    """Up to ``count`` processes; leave the ``with`` block and they are gone, whatever they were doing."""

    def __init__(self, file: FileTerms, count: int) -> None:
        self._count = count
        self._free: SimpleQueue[_Worker] = SimpleQueue()
        self._all = [_Worker(file) for _ in range(count)]
        for worker in self._all:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(count, "score-rows")

    def score(self, batches: Iterable[Sequence[Row]]) -> Iterator[ScoredBatch]:
        """Yield the answer to each batch, in the order of ``batches``, of which only a few are taken ahead.

        Raises FileError when a process is gone, and what ``score_rows`` raised.
        """
        waiting: deque[Future[ScoredBatch]] = deque()
        for batch in batches:
            waiting.append(self._threads.submit(self._ask, batch))
            if len(waiting) == IN_FLIGHT * self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _ask(self, batch: Sequence[Row]) -> ScoredBatch:
        worker = self._free.get()  # as many threads as workers: one is free
        try:
            return worker.ask(batch)
        finally:
            self._free.put(worker)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._all:
            worker.end()  # a thread that waits for an answer then gets none
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.close()


class _Worker:
    """One process; one thread asks it at a time."""

    def __init__(self, file: FileTerms) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.services.lead_files.file_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_ROOT,
            start_new_session=True,  # Ctrl-C in the terminal is for the process that was started there
        )
        self._to, self._back = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        self._untold: FileTerms | None = file  # until the first batch, so that a start waits for no process

    def ask(self, batch: Sequence[Row]) -> ScoredBatch:
        try:
            if self._untold is not None:
                pickle.dump(self._untold, self._to, pickle.HIGHEST_PROTOCOL)
                self._untold = None
            pickle.dump(batch, self._to, pickle.HIGHEST_PROTOCOL)
            self._to.flush()
            answer: object = pickle.load(self._back)  # noqa: S301 - from a process that this one started
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise FileError(
                "A process that scores the file's rows was ended from outside, perhaps because memory ran out; "
                "nothing was written. Score the file again."
            ) from error
        if isinstance(answer, Exception):
            raise answer
        return cast(ScoredBatch, answer)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        for pipe in (self._to, self._back):
            with suppress(OSError):
                pipe.close()
