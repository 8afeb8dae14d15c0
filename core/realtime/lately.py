"""What happened within the last minutes, by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Lately:
    """Names that were noted within the last ``seconds``, the latest ``most`` of them. Thread-safe.

    >>> now = 0.0
    >>> lately = Lately(900.0, 2, lambda: now)
    >>> for name in ("ana", "ben", "eve"):
    ...     lately.note(name)
    >>> ["ana" in lately, "ben" in lately]
    [False, True]
    >>> now = 901.0
    >>> "ben" in lately
    False
    """

    def __init__(self, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._most, self._clock = seconds, most, clock
        self._noted: dict[str, float] = {}
        self._lock = threading.Lock()

    def note(self, name: str) -> None:
        """It happens now."""
        with self._lock:
            self._noted.pop(name, None)  # to stand behind all others
            self._noted[name] = self._clock()
            if len(self._noted) > self._most:
                del self._noted[next(iter(self._noted))]

    def __contains__(self, name: str) -> bool:
        noted = self._noted.get(name)
        return noted is not None and self._clock() - noted <= self._seconds
