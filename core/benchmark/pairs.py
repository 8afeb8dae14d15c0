"""Two ways to do the same work, timed in turn so that a machine's changing speed hits both."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

Work = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Measured:
    """Median microseconds a call of ours and theirs, how many times as fast ours is, and the largest difference."""

    work: str
    against: str
    ours_us: float
    theirs_us: float | None
    ratio: float | None
    max_difference: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain values for the wire."""
        return asdict(self)


def in_turn(ours: Work, theirs: Work, rounds: int) -> tuple[float, float]:
    """Median microseconds of ``ours(round)`` and ``theirs(round)``, called in turn after one warm-up of each.

    Each call gets its round's number, so that it can work on leads that it has not seen.
    """
    ours(0)
    theirs(0)
    our_times, their_times = [], []
    for number in range(1, rounds + 1):
        our_times.append(_microseconds(ours, number))
        their_times.append(_microseconds(theirs, number))
    return statistics.median(our_times), statistics.median(their_times)


def _microseconds(work: Work, number: int) -> float:
    started = time.perf_counter_ns()
    work(number)
    return (time.perf_counter_ns() - started) / 1000


def measured(work: str, against: str, ours_us: float, theirs_us: float, difference: float | None) -> Measured:
    """A row of the table; the ratio is theirs over ours."""
    return Measured(work, against, round(ours_us, 2), round(theirs_us, 2), round(theirs_us / ours_us, 2), difference)
