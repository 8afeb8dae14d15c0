"""Webhooks that were refused, by reason and day."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, Final

from core.errors import JorgeError

if TYPE_CHECKING:
    from core.services.center import CommandCenter

COUNTED: Final = "crm_refused:"
FLUSH_S: Final = 2.0


class Refusals:
    """Counts refused webhooks by reason, without a commit for each: who has no key must cost nothing."""

    def __init__(self, center: CommandCenter) -> None:
        self._center = center
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._timer: threading.Timer | None = None

    def add(self, reason: str) -> None:
        """Count one."""
        with self._lock:
            self._waiting[COUNTED + reason] += 1
            if self._timer is None:
                self._timer = threading.Timer(FLUSH_S, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Keep what was counted, now; what the database cannot take waits for the next."""
        with self._lock:
            counted, self._waiting = self._waiting, Counter()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        try:
            self._center.store.performance.add_counts(counted)
        except JorgeError:
            with self._lock:
                self._waiting.update(counted)
