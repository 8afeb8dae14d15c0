"""Random choices that come out the same on every machine.

The bits come from numpy's PCG64 in its raw form, the stream that numpy promises never to change; everything
else is arithmetic on them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from statistics import NormalDist
from typing import TypeVar

from numpy.random import PCG64, SeedSequence

T = TypeVar("T")
_BLOCK = 256
_TO_UNIT = 2.0**-53
_standard_normal_quantile = NormalDist().inv_cdf


class Weighted:
    """Items with weights, prepared for drawing.

    >>> Weighted([("a", 1.0), ("b", 3.0)]).at(0.3)
    'b'
    """

    __slots__ = ("_edges", "_items")

    def __init__(self, pairs: Sequence[tuple[str, float]]) -> None:
        self._items = tuple(item for item, _ in pairs)
        self._edges = tuple(accumulate(weight for _, weight in pairs))

    def at(self, share: float) -> str:
        """The item that stands at ``share`` (in [0, 1)) of the total weight."""
        return self._items[min(bisect_right(self._edges, share * self._edges[-1]), len(self._items) - 1)]


class Dice:
    """A stream of random choices that depends on nothing but its whole-number keys (each 0 or more).

    >>> Dice(7, 1).uniform() == Dice(7, 1).uniform()
    True
    >>> Dice(7, 1).uniform() == Dice(7, 2).uniform()
    False
    """

    __slots__ = ("_bits", "_left")

    def __init__(self, *key: int) -> None:
        self._bits = PCG64(SeedSequence(key))
        self._left: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._left:
            self._left = ((self._bits.random_raw(_BLOCK) >> 11) * _TO_UNIT).tolist()
        return self._left.pop()

    def chance(self, probability: float) -> bool:
        """True with ``probability``."""
        return self.uniform() < probability

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.uniform()

    def whole(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of ``items``, each as likely as the others."""
        return items[int(self.uniform() * len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """``count`` of ``items`` (all of them when there are fewer), in random order."""
        left = list(items)
        return [left.pop(int(self.uniform() * len(left))) for _ in range(min(count, len(left)))]

    def weighted(self, table: Weighted) -> str:
        """One of the table's items, by weight."""
        return table.at(self.uniform())

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """A normally distributed number."""
        return mean + deviation * _standard_normal_quantile(self.uniform() + _TO_UNIT / 2)

    def lognormal(self, median: float, spread: float) -> float:
        """A positive number with this median; ``spread`` is the deviation of its logarithm."""
        return median * math.exp(self.normal(0.0, spread))

    def exponential(self, mean: float) -> float:
        """A waiting time with this mean."""
        return -mean * math.log1p(-self.uniform())

    def poisson(self, mean: float) -> int:
        """A count with this mean (Knuth's product method, made for means below about 50)."""
        limit, count, product = math.exp(-mean), 0, self.uniform()
        while product > limit:
            count += 1
            product *= self.uniform()
        return count


def logistic(x: float) -> float:
    """The logistic function.

    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + math.exp(-x))
