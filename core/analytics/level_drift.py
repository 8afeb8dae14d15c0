"""How much the share that signs differs from season to season, beyond what chance alone would bring."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from core.analytics.milestones import Milestones, Places
from core.analytics.survival import Array, EndsByAge

SEASON_DAYS: Final = 91
USUAL: Final = 0.1
DEVIATIONS: Final = np.arange(0.0, 0.505, 0.01)


def level_variance(seen: Places, expected: Array) -> float:
    """The variance of the seasons' factors on the share that signs, given contracts ``seen`` and ``expected``.

    A season's contracts are Poisson around ``expected`` times a gamma factor with mean 1, so negative binomial. The
    factor's standard deviation is not known: an exponential law with mean 0.1 is held before anything is seen, and
    the answer is the mean of its square after. So few seasons neither make it 0 nor let it run away.

    >>> none = np.zeros(0)
    >>> round(level_variance(none.astype(np.int64), none) ** 0.5, 2)  # sqrt(2) x 0.1, but for the end at 0.5
    0.13
    >>> even, torn = np.array([100, 100, 100, 100]), np.array([60, 140, 70, 130])
    >>> [round(level_variance(found, np.full(4, 100.0)) ** 0.5, 2) for found in (even, torn)]
    [0.05, 0.3]
    """
    logs = np.array([_likelihood(seen, expected, deviation) for deviation in DEVIATIONS]) - DEVIATIONS / USUAL
    weights = np.exp(logs - logs.max())
    return float((weights * DEVIATIONS**2).sum() / weights.sum())


def _likelihood(seen: Places, expected: Array, deviation: float) -> float:
    """The logarithm of the chance of what was seen, but for what no deviation changes."""
    if deviation == 0:
        return float((seen * np.log(expected) - expected).sum())
    size = deviation**-2
    ways = sum(math.lgamma(one + size) - math.lgamma(size) for one in seen.tolist())
    return ways + float((size * np.log(size / (size + expected)) + seen * np.log(expected / (size + expected))).sum())


def contracts_by_season(known: Milestones, curve: EndsByAge, at: float) -> tuple[Places, Array]:
    """Contracts of each 91 days back from day ``at``, and how many were expected of the leads open in them.

    ``known`` are leads as known at ``at``, all arrived by then; ``curve`` is how and when they ended before a contract.

    Expected by age alone: each day of a lead before its contract or loss counts by the share of all leads of that age
    that sign on it. The first season may be shorter. Seasons in which less than one contract was expected are left out.
    """
    open_before = 1.0 - curve.wanted - curve.other
    steps = np.diff(curve.wanted) / np.maximum(open_before[:-1], 1e-12)
    passed = np.concatenate(([0.0], np.cumsum(steps)))
    arrived, contract = known.arrived, known.contract
    left = np.fmin(np.fmin(contract, known.lost), at)
    count = int((at - arrived.min()) // SEASON_DAYS) + 1 if len(arrived) else 0
    edges = at - SEASON_DAYS * np.arange(count + 1)
    by_edge = [
        passed[np.clip(np.ceil(np.minimum(edge, left) - arrived), 0, len(steps)).astype(np.int64)].sum()
        for edge in edges
    ]
    expected = -np.diff(by_edge)
    back = ((at - contract[~np.isnan(contract)]) // SEASON_DAYS).astype(np.int64)
    seen = np.bincount(back, minlength=count)[:count]
    enough = expected >= 1.0
    return seen[enough], expected[enough]
