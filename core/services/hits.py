"""Counts answers from the cache without a commit for each."""

from __future__ import annotations

import threading
from collections.abc import Callable

from core.errors import JorgeError

FLUSH_S = 1.0


class HitCounter:
    """Gathers hits and hands their number to ``keep`` about a second later; thread-safe.

    What ``keep`` cannot take (the database is down) is handed on with the next hit.
    """

    def __init__(self, keep: Callable[[int], None], flush_s: float = FLUSH_S) -> None:
        self._keep, self._flush_s = keep, flush_s
        self._lock = threading.Lock()
        self._waiting = 0
        self._timer: threading.Timer | None = None

    def add(self) -> None:
        """Count one."""
        with self._lock:
            self._waiting += 1
            if self._timer is None:
                self._timer = threading.Timer(self._flush_s, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Hand on what waits, now."""
        with self._lock:
            hits, self._waiting = self._waiting, 0
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if not hits:
            return
        try:
            self._keep(hits)
        except JorgeError:
            with self._lock:
                self._waiting += hits
