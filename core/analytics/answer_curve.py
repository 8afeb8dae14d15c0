"""How often leads sign by how soon they were answered: leads of one age, so that nobody had less time than others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.analytics.survival import Array

EDGES_HOURS: Final = (5 / 60, 0.5, 1.0, 4.0, 24.0, 72.0)
FEWEST_SIGNED: Final = 10
MOST_SIGNED_BY: Final = 0.9
AGE_DAYS: Final = (14.0, 365.0)


@dataclass(frozen=True, slots=True)
class AnswerBucket:
    """Leads that were answered after ``from_hours`` up to ``to_hours`` (None: no end), and how many of them signed.

    With ``from_hours`` None: never answered before they signed, were lost or came of age.
    """

    from_hours: float | None
    to_hours: float | None
    leads: int
    signed: int


@dataclass(frozen=True, slots=True)
class AnswerCurve:
    """Buckets of the leads that arrived at least ``age_days`` ago, ``signed`` meaning within that age."""

    age_days: float
    leads: int
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


def answer_curve(
    arrived: Array, answered: Array, contract: Array, lost: Array, now: float, age_days: float
) -> AnswerCurve:
    """Count the leads of ``age_days`` and more by bucket; all in days, NaN for what has not happened.

    An answer counts when it came first: before contract and loss, and within the age.

    >>> nan = np.nan
    >>> found = answer_curve(np.zeros(3), np.array([0.01, nan, 9]), np.array([5.0, nan, 8]), np.full(3, nan), 99, 50)
    >>> [(one.leads, one.signed) for one in found.buckets if one.leads]
    [(1, 1), (2, 1)]
    """
    old = arrived <= now - age_days
    arrived, answered, contract, lost = arrived[old], answered[old], contract[old], lost[old]
    signed = contract - arrived <= age_days
    ended = np.fmin(np.fmin(contract, lost), arrived + age_days)
    hours = np.where(answered <= ended, 24.0 * (answered - arrived), np.inf)
    place = np.searchsorted(EDGES_HOURS, hours, side="left")
    place[np.isinf(hours)] = len(EDGES_HOURS) + 1
    leads = np.bincount(place, minlength=len(EDGES_HOURS) + 2)
    won = np.bincount(place[signed], minlength=len(EDGES_HOURS) + 2)
    bounds = [*zip((0.0, *EDGES_HOURS), (*EDGES_HOURS, None), strict=True), (None, None)]
    buckets = tuple(
        AnswerBucket(start, end, int(leads[number]), int(won[number])) for number, (start, end) in enumerate(bounds)
    )
    return AnswerCurve(age_days, int(old.sum()), buckets)
