"""How often leads sign by how soon they were answered: leads of one age, so that nobody had less time than others.

A late answer takes a lead that is still there, and who is lost early is found among the unanswered: both would make
answers look good that do nothing (immortal time). So only leads that are open at a landmark, the last edge, are
counted, by how soon they were answered until then, and their contracts after it (Anderson, Cain and Gelber 1983,
J. Clin. Oncol. 1, 710-719).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array

EDGES_HOURS: Final = (5 / 60, 0.5, 1.0, 4.0, 24.0, 72.0)
LANDMARK_HOURS: Final = EDGES_HOURS[-1]
BOUNDS_HOURS: Final[tuple[tuple[float, float | None], ...]] = tuple(
    zip((0.0, *EDGES_HOURS), (*EDGES_HOURS, None), strict=True)
)
FEWEST_SIGNED: Final = 10
MOST_SIGNED_BY: Final = 0.9
AGE_DAYS: Final = (14.0, 365.0)


@dataclass(frozen=True, slots=True)
class AnswerBucket:
    """Leads that were answered after ``from_hours`` up to ``to_hours`` (None: not by then), and how many signed."""

    from_hours: float
    to_hours: float | None
    leads: int
    signed: int


@dataclass(frozen=True, slots=True)
class AnswerCurve:
    """Buckets of the leads that arrived at least ``age_days`` ago and were open at the landmark.

    ``signed`` means after the landmark and within that age. ``ended`` leads of that age had signed or were lost before.
    """

    age_days: float
    leads: int
    ended: int
    buckets: tuple[AnswerBucket, ...]


def age_to_judge(arrived: Array, contract: Array) -> float | None:
    """The age in days by which nine in ten of the contracts were signed, 14 to 365; None with fewer than ten contracts.

    >>> age_to_judge(np.zeros(10), np.arange(20.0, 30.0))  # the ninth of ten
    28.0
    """
    ages = (contract - arrived)[~np.isnan(contract)]
    if len(ages) < FEWEST_SIGNED:
        return None
    return float(np.clip(np.quantile(ages, MOST_SIGNED_BY, method="inverted_cdf"), *AGE_DAYS))


def bucket_of(
    arrived: Array, answered: Array, contract: Array, lost: Array, now: float, age_days: float
) -> NDArray[np.int64]:
    """The place of each lead's bucket, shape (leads,); -1 for who is younger than ``age_days``, -2 for who had signed
    or was lost by the landmark.

    >>> nan = np.nan
    >>> arrived, answered = np.array([0.0, 0, 60, 0]), np.array([0.01, 9, 61, 0.01])  # 0.01 days: 14 minutes
    >>> bucket_of(arrived, answered, np.array([5.0, 8, nan, nan]), np.array([nan, nan, nan, 3]), 99, 50).tolist()
    [1, 6, -1, -2]
    """
    hours = 24.0 * (answered - arrived)
    place = np.searchsorted(EDGES_HOURS, np.where(np.isnan(hours), np.inf, hours), side="left")
    ended = 24.0 * (np.fmin(contract, lost) - arrived) <= LANDMARK_HOURS
    return np.where(arrived <= now - age_days, np.where(ended, -2, place), -1)


def answer_curve(
    arrived: Array, answered: Array, contract: Array, lost: Array, now: float, age_days: float
) -> AnswerCurve:
    """Count the leads of ``age_days`` (more than the landmark) by bucket; in days, NaN for what has not happened.

    >>> nan = np.nan
    >>> found = answer_curve(np.zeros(3), np.array([0.01, nan, 9]), np.array([5.0, nan, 8]), np.full(3, nan), 99, 50)
    >>> [(one.leads, one.signed) for one in found.buckets if one.leads], found.ended
    ([(1, 1), (2, 1)], 0)
    """
    place = bucket_of(arrived, answered, contract, lost, now, age_days)
    old = place >= 0
    signed = old & (contract - arrived <= age_days)
    leads = np.bincount(place[old], minlength=len(BOUNDS_HOURS))
    won = np.bincount(place[signed], minlength=len(BOUNDS_HOURS))
    buckets = tuple(
        AnswerBucket(start, end, int(leads[number]), int(won[number]))
        for number, (start, end) in enumerate(BOUNDS_HOURS)
    )
    return AnswerCurve(age_days, int(old.sum()), int((place == -2).sum()), buckets)
