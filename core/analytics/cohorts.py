"""Leads by when they arrived, and the share of each cohort that had signed by each age.

Every lead is watched until now, whatever became of it: who was lost has not signed. So the share by an age is Kaplan
and Meier's over signing alone; where all leads of a cohort have reached the age it is the plain share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.kaplan_meier import HappenedByAge, happened_by_age
from core.analytics.survival import Array

NEARLY_ALL: Final = 0.99


@dataclass(frozen=True, slots=True)
class CohortCell:
    """The share in [0, 1] of a cohort that signed by an age, with its 95 % interval.

    ``reached`` leads are of that age; unless ``complete``, others are younger, or more may still join the cohort.
    """

    share: float
    low: float
    high: float
    reached: int
    complete: bool


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Leads that arrived in [start, end) (days since 1970). A cell for each age, None where nobody has reached it."""

    start: float
    end: float
    leads: int
    signed: int
    cells: tuple[CohortCell | None, ...]
    curve: HappenedByAge

    @property
    def complete(self) -> int:
        """The number of ages, from the first on, that every lead has reached."""
        return sum(cell is not None and cell.complete for cell in self.cells)


def cohorts_of(arrived: Array, contract: Array, edges: Array, unit_days: float, ages: int, now: float) -> list[Cohort]:
    """The cohorts between neighbouring ``edges`` that have a lead, with the ages 1 to ``ages`` in units.

    ``arrived`` and ``contract`` have shape (leads,), in days, NaN without a contract.

    >>> nan = np.nan
    >>> arrived, contract = np.array([0.0, 1, 8]), np.array([5.0, nan, 13])
    >>> first, second = cohorts_of(arrived, contract, np.array([0.0, 7, 14]), 7.0, 3, 16.0)
    >>> [None if cell is None else (cell.share, cell.complete) for cell in first.cells]
    [(0.5, True), (0.5, True), None]
    >>> [None if cell is None else (cell.share, cell.complete) for cell in second.cells]
    [(1.0, True), None, None]
    """
    place = np.searchsorted(edges, arrived, side="right") - 1
    found = []
    for number in range(len(edges) - 1):
        mine = place == number
        if mine.any():
            curve = signing_curve(arrived[mine], contract[mine], now)
            watched = now - arrived[mine]
            over = bool(edges[number + 1] <= now)
            cells = tuple(_cell(curve, watched, age * unit_days, over) for age in range(1, ages + 1))
            found.append(
                Cohort(float(edges[number]), float(edges[number + 1]), int(mine.sum()), curve.events, cells, curve)
            )
    return found


def signing_curve(arrived: Array, contract: Array, now: float) -> HappenedByAge:
    """The share of leads that have signed by each age in days."""
    signed = contract <= now
    return happened_by_age(np.maximum(np.where(signed, contract, now) - arrived, 0.0), signed)


def ages_shown(arrived: Array, contract: Array, unit_days: float, now: float, fewest: int, most: int) -> int:
    """How many ages to show: until nearly all contracts are signed, and no more than the oldest lead has reached.

    >>> ages_shown(np.zeros(3), np.array([3.0, 20.0, np.nan]), 7.0, 100.0, 1, 26)  # day 20 is in the third week
    3
    """
    ages = (contract - arrived)[contract <= now]
    wanted = np.ceil(np.quantile(ages, NEARLY_ALL, method="inverted_cdf") / unit_days) if len(ages) else fewest
    reached = (now - arrived.min()) // unit_days if len(arrived) else 1
    return int(max(1, min(np.clip(wanted, fewest, most), reached)))


def _cell(curve: HappenedByAge, watched: Array, age_days: float, over: bool) -> CohortCell | None:
    reached = int((watched >= age_days).sum())
    if not reached:
        return None
    return CohortCell(curve.by(age_days), *curve.interval_by(age_days), reached, over and reached == len(watched))
