"""Ends a command that runs until it is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set, so that what is in hand is finished.

    The handler only writes to a pipe: it runs in the main thread, wherever that is, and would wait for ever for the
    event's own lock when that thread is just looking at the event.
    """
    stop = Event()
    ours, handlers = os.pipe()
    Thread(target=_set_when_told, args=(ours, stop), name="signals", daemon=True).start()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        os.write(handlers, b"!")

    before = {number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(handlers)  # ends the thread


def _set_when_told(ours: int, stop: Event) -> None:
    while os.read(ours, 1):
        stop.set()
    os.close(ours)
