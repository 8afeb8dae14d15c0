"""How good probabilities are: discrimination, calibration, lift."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.scoring.interval import alike

Probabilities = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Leads of similar probability: how many, what was said of them on average, and what came true."""

    leads: int
    said: float
    converted: float


@dataclass(frozen=True, slots=True)
class Quality:
    """Measured on leads that the model did not learn from.

    ``brier_baseline`` is the score of always saying the base rate.
    """

    leads: int
    converted: int
    roc_auc: float
    roc_auc_low: float
    roc_auc_high: float
    brier: float
    brier_baseline: float
    ece: float
    lift_at_10: float
    reliability: tuple[ReliabilityBin, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a manifest or a wire."""
        return asdict(self)


def roc_auc(probability: Probabilities, converted: Flags) -> float:
    """Chance that a lead that converted stands above one that did not, ties counting half (Mann and Whitney 1947).

    Raises ValueError when only one outcome occurs.

    >>> roc_auc(np.array([0.1, 0.4, 0.4, 0.8]), np.array([False, False, True, True]))
    0.875
    """
    positives = int(converted.sum())
    negatives = len(converted) - positives
    if not positives or not negatives:
        raise ValueError("all leads have the same outcome; converted and lost ones are needed")
    _, inverse, counts = np.unique(probability, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(counts) - (counts - 1) / 2
    rank_sum = float(middle_rank[inverse][converted].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def roc_auc_interval(
    probability: Probabilities, converted: Flags, seed: int = 0, draws: int = 300
) -> tuple[float, float]:
    """95 % bootstrap interval of ``roc_auc``; draws with a single outcome are passed over."""
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        picked = generator.integers(0, len(converted), len(converted))
        if 0 < converted[picked].sum() < len(picked):
            values.append(roc_auc(probability[picked], converted[picked]))
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def brier_score(probability: Probabilities, converted: Flags) -> float:
    """Mean squared distance of probability and outcome (Brier 1950), in [0, 1], lower is better.

    >>> brier_score(np.array([0.5, 1.0]), np.array([False, True]))
    0.125
    """
    return float(np.mean((probability - converted) ** 2))


def reliability(probability: Probabilities, converted: Flags, bins: int = 10) -> tuple[ReliabilityBin, ...]:
    """Split the leads, ordered by probability, into ``bins`` of equal size and hold saying against happening.

    Leads of one probability that fall into two bins are in either as they are on average: their order says nothing.
    """
    order, happened = np.argsort(probability, kind="stable"), alike(probability, converted)
    groups = (group for group in np.array_split(order, bins) if len(group))
    return tuple(
        ReliabilityBin(len(group), float(probability[group].mean()), float(happened[group].mean())) for group in groups
    )


def expected_calibration_error(probability: Probabilities, converted: Flags, bins: int = 10) -> float:
    """Mean distance between said and happened over equal-mass bins, weighted by their leads (Naeini et al. 2015).

    >>> expected_calibration_error(np.array([0.2, 0.8]), np.array([False, True]), bins=2)
    0.2
    """
    parts = reliability(probability, converted, bins)
    total = sum(part.leads for part in parts)
    return round(sum(part.leads * abs(part.said - part.converted) for part in parts) / total, 12)


def lift_at(probability: Probabilities, converted: Flags, share: float = 0.1) -> float:
    """Conversion among the top ``share`` of leads, as a multiple of everybody's; ties at its end count by their mean.

    >>> lift_at(np.array([0.9, 0.1, 0.2, 0.3]), np.array([True, False, False, True]), share=0.25)
    2.0
    """
    top = np.argsort(-probability, kind="stable")[: max(1, round(share * len(probability)))]
    return float(alike(probability, converted)[top].mean() / converted.mean())


def quality(probability: Probabilities, converted: Flags, seed: int = 0) -> Quality:
    """Everything above in one record. Raises ValueError when only one outcome occurs."""
    low, high = roc_auc_interval(probability, converted, seed)
    base_rate = float(converted.mean())
    return Quality(
        leads=len(converted),
        converted=int(converted.sum()),
        roc_auc=roc_auc(probability, converted),
        roc_auc_low=low,
        roc_auc_high=high,
        brier=brier_score(probability, converted),
        brier_baseline=base_rate * (1 - base_rate),
        ece=expected_calibration_error(probability, converted),
        lift_at_10=lift_at(probability, converted),
        reliability=reliability(probability, converted),
    )
