"""Leads whose ends come in their time, and what a watch over two models says of them day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.monitoring.sequential import Duel, duel

Array = NDArray[np.float64]
Judge = Callable[[Array, Array, NDArray[np.bool_], NDArray[np.bool_]], Duel]


@dataclass(frozen=True)
class Ends:
    """Ten leads a day of which some 15 % convert; ends come within so many days on average, exponentially.

    The model that answers says the true odds times ``answering``, the one that watches times ``watching``.
    """

    lost_after_days: float
    signed_after_days: float
    answering: float = 1.0
    watching: float = 1.0


SOONER: Final = (Ends(14, 65, watching=0.5), Ends(130, 43, watching=2.0))  # losses told first, contracts first


def decided_alone(first: Array, second: Array, converted: NDArray[np.bool_], still_open: NDArray[np.bool_]) -> Duel:
    """As if those that are open were like those that are decided."""
    return duel(first[~still_open], second[~still_open], converted[~still_open])


def day_of_verdict(draw: np.random.Generator, world: Ends, judge: Judge = duel, wait_days: int = 0) -> int | None:
    """The first day of 250 on which the watch says that it is better, looking every third; None when it never does."""
    begun, truth = np.sort(draw.uniform(0, 250, 2_500)), draw.beta(1, 5.7, 2_500)
    converted = draw.uniform(size=2_500) < truth
    mean_days = np.where(converted, world.signed_after_days, world.lost_after_days)
    ended = begun + draw.exponential(mean_days)
    first, second = (_odds(truth, times) for times in (world.answering, world.watching))
    for day in range(15, 251, 3):
        old = begun <= day - wait_days
        still_open = ended[old] > day
        if judge(first[old], second[old], converted[old] & ~still_open, still_open).second_wins:
            return day
    return None


def _odds(truth: Array, times: float) -> Array:
    odds = truth / (1 - truth) * times
    return odds / (1 + odds)
