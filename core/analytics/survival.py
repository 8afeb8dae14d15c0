"""How long things take when some have not ended yet and some end otherwise: Aalen and Johansen's estimate.

With two ways to end, the share that has ended the first way by an age is not one minus Kaplan and Meier: those who
ended the other way can no longer end this way. Reference: Aalen and Johansen (1978), Scand. J. Statist. 5, 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.analytics.lookup import between_days

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class EndsByAge:
    """The share that has ended by each whole day of age, for two ways to end.

    ``wanted`` and ``other`` have shape (days + 1,), start at 0, never fall, and together never pass 1: entry d is the
    share that ended within the first d days. ``events`` counts the wanted ends seen.
    """

    wanted: Array
    other: Array
    events: int

    @property
    def ever(self) -> float:
        """The share that ends the wanted way within the longest age seen."""
        return float(self.wanted[-1])

    def wanted_by(self, age_days: Array) -> Array:
        """Share ended the wanted way by any age, linear between whole days, level after the last."""
        return between_days(age_days, self.wanted)

    def other_by(self, age_days: Array) -> Array:
        """Share ended the other way by any age."""
        return between_days(age_days, self.other)


def ends_by_age(age_days: Array, wanted: NDArray[np.bool_], other: NDArray[np.bool_]) -> EndsByAge:
    """Learn from leads whose end was ``wanted`` or ``other`` at ``age_days`` (0 or more), or that were open then.

    All have shape (leads,). Ages are counted in whole days begun. Those who leave in a day while still open count as
    under watch on that day, as Kaplan and Meier count them.

    >>> found = ends_by_age(np.array([0.5, 1.5, 1.5, 2.5]), np.array([1, 0, 1, 0]) == 1, np.array([0, 1, 0, 0]) == 1)
    >>> found.wanted.round(3).tolist(), found.other.round(3).tolist()
    ([0.0, 0.25, 0.5, 0.5], [0.0, 0.0, 0.25, 0.25])
    """
    days = np.floor(np.maximum(age_days, 0.0)).astype(np.int64)
    width = int(days.max()) + 1 if len(days) else 0
    left = np.bincount(days, minlength=width)
    at_risk = len(days) - np.concatenate(([0], np.cumsum(left)[:-1])) if width else np.zeros(0)
    wanted_now = np.bincount(days[wanted], minlength=width) / np.maximum(at_risk, 1)
    other_now = np.bincount(days[other], minlength=width) / np.maximum(at_risk, 1)
    open_before = np.concatenate(([1.0], np.cumprod(1.0 - wanted_now - other_now)))[:width]
    return EndsByAge(
        wanted=np.concatenate(([0.0], np.cumsum(open_before * wanted_now))),
        other=np.concatenate(([0.0], np.cumsum(open_before * other_now))),
        events=int(wanted.sum()),
    )
