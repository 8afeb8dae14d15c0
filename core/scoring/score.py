"""What the model says of one lead, and of many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES, UNKNOWN
from core.scoring.own_column import OwnColumn
from core.scoring.tiers import Tier, TierEdges


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """One lead's score.

    ``probability`` is calibrated, in [0, 1]; ``raw_probability`` is the forest's own. ``confidence`` is the
    calibrated probability that the call "converts" or "does not convert" is right: max(p, 1 - p), in [0.5, 1].
    ``contributions`` has shape (28,), in the catalog's order, 0 for a feature that the model leaves out;
    ``base_value + contributions.sum() == raw_probability`` within 1e-12. ``features`` has shape (28,), float32.
    The two heads are None when the model was never trained on them. A model with ``own_columns`` has their places and
    contributions behind the 28.
    """

    probability: float
    raw_probability: float
    confidence: float
    tier: Tier
    base_value: float
    contributions: NDArray[np.float64]
    features: NDArray[np.float32]
    closing_probability: float | None
    timeline_probability: float | None
    model_version: str
    own_columns: tuple[OwnColumn, ...] = ()

    @property
    def ml_score(self) -> float:
        """100 times the calibrated probability, in [0, 100]."""
        return 100.0 * self.probability

    @property
    def features_known(self) -> int:
        """How many of the 28 are known."""
        told: list[float] = self.features[: len(NAMES)].tolist()
        return len(told) - told.count(UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The scores of n leads as arrays of length n, contributions and features of shape (n, 28)."""

    probability: NDArray[np.float64]
    raw_probability: NDArray[np.float64]
    base_value: float
    contributions: NDArray[np.float64]
    features: NDArray[np.float32]
    closing_probability: NDArray[np.float64] | None
    timeline_probability: NDArray[np.float64] | None
    tier_edges: TierEdges
    model_version: str
    own_columns: tuple[OwnColumn, ...] = ()

    def __len__(self) -> int:
        return len(self.probability)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """max(p, 1 - p) of each lead, in [0.5, 1]."""
        return np.maximum(self.probability, 1.0 - self.probability)

    def __getitem__(self, position: int) -> Score:
        probability = float(self.probability[position])
        return Score(
            probability=probability,
            raw_probability=float(self.raw_probability[position]),
            confidence=max(probability, 1.0 - probability),
            tier=self.tier_edges.tier(probability),
            base_value=self.base_value,
            contributions=self.contributions[position],
            features=self.features[position],
            closing_probability=_at(self.closing_probability, position),
            timeline_probability=_at(self.timeline_probability, position),
            model_version=self.model_version,
            own_columns=self.own_columns,
        )

    def __iter__(self) -> Iterator[Score]:
        return (self[position] for position in range(len(self)))


def _at(values: NDArray[np.float64] | None, position: int) -> float | None:
    """The head's value; NaN means that it had nothing to go by in this lead."""
    value = None if values is None else float(values[position])
    return None if value is None or value != value else value
