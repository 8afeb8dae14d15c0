"""Stops asking for a while when asking keeps failing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from core.leads import utc_now

FAILURES_TO_OPEN = 5
OPEN_S = 60.0
LONGEST_OPEN_S = 3_600.0


@dataclass(frozen=True, slots=True)
class CircuitState:
    """``open``: nobody asks before ``open_until``; then one question is tried, and closes the circuit if it works."""

    state: Literal["closed", "open"]
    open_until: datetime | None = None


class Circuit:
    """Opens after ``failures_to_open`` failures in a row. Belongs to one event loop; ``clock`` counts seconds."""

    def __init__(
        self,
        failures_to_open: int = FAILURES_TO_OPEN,
        open_s: float = OPEN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures_to_open, self._open_s, self._clock = failures_to_open, open_s, clock
        self._failures = 0
        self._open_until: float | None = None
        self._trying = False

    @property
    def state(self) -> CircuitState:
        """As it stands now; an open one stays open until a try after its time has worked."""
        if self._open_until is None:
            return CircuitState("closed")
        return CircuitState("open", utc_now() + timedelta(seconds=self._open_until - self._clock()))

    def wait_s(self) -> float | None:
        """Seconds until asking makes sense; None when this caller may ask now and must then tell what came of it."""
        if self._open_until is None:
            return None
        left = self._open_until - self._clock()
        if left > 0:
            return left
        if self._trying:
            return self._open_s
        self._trying = True
        return None

    def worked(self) -> None:
        """An answer came, useful or not: Claude is there."""
        self._failures, self._open_until, self._trying = 0, None, False

    def failed(self, retry_after_s: float | None = None) -> None:
        """Claude could not be asked; ``retry_after_s`` is how long it wants to be left alone."""
        self._failures += 1
        if self._trying or self._failures >= self._failures_to_open or retry_after_s is not None:
            pause = max(self._open_s, min(retry_after_s or 0.0, LONGEST_OPEN_S))
            self._open_until = self._clock() + pause
        self._trying = False

    def given_up(self) -> None:
        """The caller that may ask went away before anything came of it."""
        self._trying = False
