"""The share that something has happened to by an age, when some are still waiting: Kaplan and Meier's estimate.

Kaplan and Meier (1958), J. Am. Stat. Assoc. 53, 457-481; pointwise intervals by Greenwood's variance on the scale of
log(-log S), which keeps them in [0, 1] (Kalbfleisch and Prentice 2002, section 1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array

Z_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True, eq=False)
class HappenedByAge:
    """Steps of the share in [0, 1] that it has happened to: at ``age`` (rising) it comes to ``share``.

    All have shape (steps,); ``low`` and ``high`` bound a 95 % interval at each step, ``at_risk`` counts who were still
    waiting just before. ``longest`` is the longest age that anyone was watched, ``events`` how often it was seen.
    """

    age: Array
    share: Array
    low: Array
    high: Array
    at_risk: NDArray[np.int64]
    longest: float
    events: int

    def by(self, age: float) -> float:
        """The share by an age; 0 before the first step, level after the last."""
        return self._at(self.share, age)

    def interval_by(self, age: float) -> tuple[float, float]:
        """The 95 % interval of the share by an age."""
        return self._at(self.low, age), self._at(self.high, age)

    def age_of(self, share: float) -> float | None:
        """The first age by which ``share`` in (0, 1] has happened; None when that was never reached."""
        return _first(self.age, self.share, share)

    def age_interval(self, share: float) -> tuple[float | None, float | None]:
        """The 95 % interval of ``age_of`` (Brookmeyer and Crowley 1982); None for an end that is not reached."""
        return _first(self.age, self.high, share), _first(self.age, self.low, share)

    def _at(self, values: Array, age: float) -> float:
        place = int(np.searchsorted(self.age, age, side="right"))
        return float(values[place - 1]) if place else 0.0


def happened_by_age(age: Array, happened: NDArray[np.bool_]) -> HappenedByAge:
    """Learn from how long each was watched: ``age`` (0 or more) at which it ``happened`` or, if not, watching ended.

    Both have shape (n,). Who leaves at the age of an event was still waiting then.

    >>> found = happened_by_age(np.array([1.0, 2.0, 2.0, 3.0]), np.array([True, False, True, False]))
    >>> found.share.tolist(), found.age_of(0.5), found.age_of(0.6)
    ([0.25, 0.5], 2.0, None)
    """
    order = np.sort(age)
    steps, events = np.unique(age[happened], return_counts=True)
    at_risk = (len(age) - np.searchsorted(order, steps, side="left")).astype(np.int64)
    waiting: Array = np.cumprod(1.0 - events / np.maximum(at_risk, 1), dtype=np.float64)
    low, high = _bounds(waiting, events, at_risk)
    return HappenedByAge(
        age=steps,
        share=1.0 - waiting,
        low=1.0 - high,
        high=1.0 - low,
        at_risk=at_risk,
        longest=float(order[-1]) if len(order) else 0.0,
        events=int(happened.sum()),
    )


def _bounds(waiting: Array, events: NDArray[np.int64], at_risk: NDArray[np.int64]) -> tuple[Array, Array]:
    """The 95 % interval of the share still waiting; where nobody is left it is all that is possible below the step."""
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)).astype(float))
        log = np.log(waiting)
        width = Z_95 * np.sqrt(variance) / np.abs(log)
        low, high = waiting ** np.exp(width), waiting ** np.exp(-width)
    over = waiting <= 0.0
    before = np.concatenate(([1.0], high))[:-1]
    return np.where(over, 0.0, low), np.where(over, before, high)


def _first(age: Array, reached: Array, share: float) -> float | None:
    """The first age at which ``reached`` comes to ``share``."""
    found = np.flatnonzero(reached >= share - 1e-12)
    return float(age[found[0]]) if len(found) else None
