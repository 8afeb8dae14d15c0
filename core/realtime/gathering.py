"""Work that nobody waits for, done a moment later: what comes meanwhile is done with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Gathering:
    """A thread that calls ``work`` within ``gather_s`` seconds of ``wake``, from ``start`` to ``close``.

    So whoever wakes it gets on first, and under load one call does for many.

    >>> done = []
    >>> gathering = Gathering("example", lambda: done.append("done"), 0.0).start()
    >>> gathering.wake()
    >>> gathering.close()
    >>> done[-1]
    'done'
    """

    def __init__(self, name: str, work: Callable[[], None], gather_s: float) -> None:
        self._work, self._gather_s = work, gather_s
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Gathering:
        """Start the thread; returns itself."""
        self._thread.start()
        return self

    def wake(self) -> None:
        """There is something to do. Costs nothing while the thread gathers."""
        if not self._woken.is_set():
            self._woken.set()

    def rest(self, seconds: float) -> None:
        """For ``work``: wait, but not beyond ``close``."""
        self._closing.wait(seconds)

    def close(self) -> None:
        """Stop, after what is to be done."""
        self._closing.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._woken.wait()
            self._closing.wait(self._gather_s)
            self._woken.clear()  # before the work: what comes from here on wakes it again
            self._attempt()
        self._attempt()

    def _attempt(self) -> None:
        try:
            self._work()
        except Exception as error:  # the thread must outlive any fault; the text may hold a lead's words
            _log.error("What waited in %s failed with %s.", self._thread.name, type(error).__name__)
