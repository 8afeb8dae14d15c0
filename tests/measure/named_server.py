"""A server whose threads bear their Python names in /proc: ``python -m tests.measure.named_server serve``."""

from __future__ import annotations

import ctypes
import runpy
import sys
import threading

PR_SET_NAME = 15
LONGEST = 15  # bytes of a thread's name in Linux


def name_threads() -> None:
    """From here on each new thread tells Linux its name."""
    libc = ctypes.CDLL(None)
    begin = threading.Thread._bootstrap_inner  # type: ignore[attr-defined]  # run() is overridden by some

    def named(thread: threading.Thread) -> None:
        libc.prctl(PR_SET_NAME, thread.name.encode()[:LONGEST], 0, 0, 0)
        begin(thread)

    threading.Thread._bootstrap_inner = named  # type: ignore[attr-defined]


if __name__ == "__main__":
    name_threads()
    sys.argv[0] = "jorge"
    runpy.run_module("core", run_name="__main__")
