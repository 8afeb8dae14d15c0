"""Two models on the same outcomes, looked at as often as one likes.

A test that is made every day finds a difference between equals sooner or later. A confidence sequence does not: it
holds at all times at once. Here it is that of ``core.analytics.confidence_sequence`` on the two Brier
scores' differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.confidence_sequence import ERROR_RATE, half_widths

FEWEST: Final = 100  # outcomes before the first look: the sequence rests on a variance that must be known by then
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Duel:
    """Mean Brier score of the first model less that of the second over ``outcomes`` leads: above 0, the second wins.

    ``low`` and ``high`` hold at every look at once with 95 %; None under 100 outcomes, when nothing is said yet.
    """

    outcomes: int
    difference: float
    low: float | None = None
    high: float | None = None

    @property
    def first_wins(self) -> bool:
        """Whether the first is better with confidence."""
        return self.high is not None and self.high < 0

    @property
    def second_wins(self) -> bool:
        """Whether the second is better with confidence."""
        return self.low is not None and self.low > 0


def duel(first: Array, second: Array, converted: NDArray[np.bool_]) -> Duel:
    """Hold what two models said of the same n leads, in the order of their ends, against what became of them."""
    n = len(converted)
    if not n:
        return Duel(0, 0.0)
    gained = (first - converted) ** 2 - (second - converted) ** 2
    mean = float(gained.mean())
    if n < FEWEST:
        return Duel(n, mean)
    half = half_width(float(gained.var(ddof=1)), n)
    return Duel(n, mean, mean - half, mean + half)


def half_width(variance: float, n: int, error_rate: float = ERROR_RATE) -> float:
    """Half the width of the sequence after n values, narrowest at 500.

    >>> round(half_width(1.0, 500), 3), round(half_width(1.0, 5000), 3)
    (0.136, 0.046)
    """
    return float(half_widths(np.array(variance), np.array(n), error_rate))
