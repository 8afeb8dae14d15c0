"""Ends a command when it is told to stop."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread, current_thread, main_thread
from types import FrameType


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """SIGTERM raises SystemExit, so that what was begun is undone, as after Ctrl-C, and no draft left behind."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)  # as a shell tells of a program that a signal ended


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
