"""How far a calibrated probability may be off, by leads that the model did not learn from."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.selective import Z_95, Holdout, wilson

NEIGHBOURS: Final = 200
FEWEST: Final = 30


def probability_interval(
    holdout: Holdout, probability: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Low and high end at 95 % of each calibrated probability, both shape (n,), in [0, 1].

    The 200 held-out leads whose probability is nearest in rank tell how often such leads convert; Wilson's interval
    (1927) round that share, widened to hold the probability itself, is the interval. Equal ones have their middle rank,
    and count as they are on average. None with fewer than 30 held-out leads: then nothing is known.

    Of 40 leads at 0.25 ten converted: Wilson's interval of 10 in 40 is 0.142 to 0.402.

    >>> found = probability_interval(Holdout(np.full(40, 0.25), np.arange(40) < 10), np.array([0.25, 0.5]))
    >>> [ends.round(3).tolist() for ends in found or ()]
    [[0.142, 0.142], [0.402, 0.5]]
    """
    total = len(holdout.probability)
    if total < FEWEST:
        return None
    order = np.argsort(holdout.probability, kind="stable")
    converted = np.concatenate([[0], np.cumsum(alike(holdout.probability, holdout.converted)[order])])
    n = min(NEIGHBOURS, total)
    said = holdout.probability[order]
    middle = (np.searchsorted(said, probability, "left") + np.searchsorted(said, probability, "right")) // 2
    start = np.clip(middle - n // 2, 0, total - n)
    share = (converted[start + n] - converted[start]) / n
    z2 = Z_95 * Z_95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return np.minimum(probability, centre - half).clip(0), np.maximum(probability, centre + half).clip(max=1)


def alike(probability: NDArray[np.float64], converted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each lead the share that converted of all leads of its very probability.

    >>> alike(np.array([0.2, 0.7, 0.2]), np.array([True, False, False])).tolist()
    [0.5, 0.0, 0.5]
    """
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    shares: NDArray[np.float64] = (np.bincount(inverse, converted) / counts)[inverse]
    return shares


def newcombe(successes: tuple[int, int], trials: tuple[int, int]) -> tuple[float, float]:
    """Interval at 95 % for the difference of two shares, first less second (Newcombe 1998, method 10).

    The example of the paper: 56 of 70 against 48 of 80.

    >>> [round(end, 4) for end in newcombe((56, 48), (70, 80))]
    [0.0524, 0.3339]
    """
    first, second = successes[0] / trials[0], successes[1] / trials[1]
    (low1, high1), (low2, high2) = wilson(successes[0], trials[0]), wilson(successes[1], trials[1])
    difference = first - second
    below = np.hypot(first - low1, high2 - second)
    above = np.hypot(high1 - first, second - low2)
    return float(difference - below), float(difference + above)
