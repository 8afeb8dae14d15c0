"""The model as it is served: a forest, its calibration, its heads, and what was measured of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import INDEX, NAMES
from core.scoring.calibration import Calibration, Head
from core.scoring.forest import Forest
from core.scoring.information import unknown_by_family
from core.scoring.score import Score, Scores
from core.scoring.selective import Holdout
from core.scoring.tiers import TierEdges

if TYPE_CHECKING:
    from core.scoring.kernel import Explainer


@dataclass(frozen=True, eq=False)
class ScoringModel:
    """Scores leads in microseconds from plain arrays.

    ``feature_names`` are the columns of the forest, each a name of the catalog. ``holdout`` are leads that it did not
    learn from. ``card`` is the model card as JSON values.
    """

    version: str
    feature_names: tuple[str, ...]
    forest: Forest
    calibration: Calibration
    tier_edges: TierEdges
    holdout: Holdout
    closing: Head | None = None
    timeline: Head | None = None
    card: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.forest.n_features != len(self.feature_names):
            raise ValueError(
                f"the forest has {self.forest.n_features} columns, {len(self.feature_names)} are named; must be equal"
            )

    @cached_property
    def explainer(self) -> Explainer:
        """The forest's edges, prepared once."""
        from core.scoring import kernel

        return kernel.explainer_of(self.forest)

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Position in the catalog of each column of the forest."""
        return np.array([INDEX[name] for name in self.feature_names], dtype=np.intp)

    def score(self, features: NDArray[np.float32], tier_edges: TierEdges | None = None) -> Score:
        """Score one lead; ``features`` has shape (28,), catalog order, UNKNOWN where not told."""
        return self.score_many(features[None, :], tier_edges)[0]

    def score_many(
        self, matrix: NDArray[np.float32], tier_edges: TierEdges | None = None, explain: bool = True
    ) -> Scores:
        """Score n leads; ``matrix`` has shape (n, 28). Without ``explain`` the contributions have shape (0, 28)."""
        from core.scoring import kernel  # half a second of compiler that a screen of stored scores can do without

        matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        rows = np.ascontiguousarray(matrix[:, self.columns])
        raw = kernel.predict(self.forest, rows)
        contributions = np.zeros((len(matrix) if explain else 0, len(NAMES)))
        if explain:
            contributions[:, self.columns] = kernel.contributions(self.explainer, rows)
        probability = self.calibration(raw, unknown_by_family(matrix))
        closing = None if self.closing is None else probability * self.closing(raw, matrix)
        in_time = None if self.timeline is None or closing is None else closing * self.timeline(raw, matrix)
        return Scores(
            probability=probability,
            raw_probability=raw,
            base_value=self.explainer.base_value,
            contributions=contributions,
            features=matrix,
            closing_probability=closing,
            timeline_probability=in_time,
            tier_edges=tier_edges or self.tier_edges,
            model_version=self.version,
        )
