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
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Duel:
    """Mean Brier score of the first model less that of the second over ``outcomes`` leads: above 0, the second wins.

    ``low`` and ``high`` hold at every look at once with 95 %, however the ``open`` leads will end; None under 100
    outcomes, when nothing is said yet.
    """

    outcomes: int
    difference: float
    low: float | None = None
    high: float | None = None
    open: int = 0

    @property
    def leads(self) -> int:
        """All that both judged."""
        return self.outcomes + self.open

    @property
    def first_wins(self) -> bool:
        """Whether the first is better with confidence."""
        return self.high is not None and self.high < 0

    @property
    def second_wins(self) -> bool:
        """Whether the second is better with confidence."""
        return self.low is not None and self.low > 0


def duel(first: Array, second: Array, converted: Flags, still_open: Flags | None = None) -> Duel:
    """Hold what two models said of the same n leads, in the order of their scores, against what became of them.

    Those decided by now are not like the rest: where losses are told sooner than contracts, whoever says less of
    everybody looks right at first. So a lead that is ``still_open`` counts twice, each time as it suits one of the two:
    a verdict stands whatever becomes of it (bounds without assumptions, Manski 1990).
    """
    opened = np.zeros(len(converted), dtype=bool) if still_open is None else still_open
    lost, won = first**2 - second**2, (first - 1) ** 2 - (second - 1) ** 2
    known = np.where(converted, won, lost)
    n = int((~opened).sum())
    if not n:
        return Duel(0, 0.0, open=int(opened.sum()))
    mean = float(known[~opened].mean())
    if n < FEWEST:
        return Duel(n, mean, open=int(opened.sum()))
    low = _ends(np.where(opened, np.minimum(won, lost), known))[0]
    high = _ends(np.where(opened, np.maximum(won, lost), known))[1]
    return Duel(n, mean, low, high, int(opened.sum()))


def _ends(gained: Array) -> tuple[float, float]:
    mean, half = float(gained.mean()), half_width(float(gained.var(ddof=1)), len(gained))
    return mean - half, mean + half


def half_width(variance: float, n: int, error_rate: float = ERROR_RATE) -> float:
    """Half the width of the sequence after n values, narrowest at 500.

    >>> round(half_width(1.0, 500), 3), round(half_width(1.0, 5000), 3)
    (0.136, 0.046)
    """
    return float(half_widths(np.array(variance), np.array(n), error_rate))
