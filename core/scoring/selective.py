"""How often the model answers itself, and how often it is right when it does."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True, eq=False)
class Holdout:
    """Leads that the model did not learn from: calibrated probabilities and whether each converted, shape (n,)."""

    probability: NDArray[np.float64]
    converted: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Selective:
    """At ``threshold``: the share answered (``coverage``) and the share of these that was right (``accuracy``).

    The interval is Wilson's at 95 %. Figures are None when nothing was answered.
    """

    threshold: float
    answered: int
    total: int
    coverage: float | None
    accuracy: float | None
    accuracy_low: float | None
    accuracy_high: float | None


def wilson(successes: float, trials: float) -> tuple[float, float]:
    """Wilson's score interval at 95 % for a share (Wilson 1927).

    Whole numbers, or parts of them where trials depend on each other and count for fewer.

    >>> [round(edge, 3) for edge in wilson(9, 10)]
    [0.596, 0.982]
    """
    if trials <= 0:
        raise ValueError(f"trials is {trials}; must be more than 0")
    share, z2 = successes / trials, Z_95 * Z_95
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = Z_95 * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    return max(0.0, centre - half), min(1.0, centre + half)


def answered_alone(holdout: Holdout, threshold: float) -> Selective:
    """Coverage and accuracy of the calls whose confidence reaches ``threshold``, from held-out leads."""
    probability = holdout.probability
    answered = np.maximum(probability, 1.0 - probability) >= threshold
    right = ((probability >= 0.5) == holdout.converted) & answered
    n, k, total = int(answered.sum()), int(right.sum()), len(probability)
    if not n:
        return Selective(threshold, 0, total, 0.0 if total else None, None, None, None)
    low, high = wilson(k, n)
    return Selective(threshold, n, total, n / total, k / n, low, high)
