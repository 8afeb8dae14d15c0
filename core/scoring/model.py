"""The model as it is served: a forest or boosted trees, their calibration, heads, and what was measured of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import INDEX, NAMES
from core.scoring.calibration import Calibration, Head
from core.scoring.forest import Forest
from core.scoring.held import held_within
from core.scoring.information import unknown_by_family
from core.scoring.one_lead import score_of_one
from core.scoring.own_column import OwnColumn
from core.scoring.score import Score, Scores
from core.scoring.selective import Holdout
from core.scoring.tiers import TierEdges
from core.scoring.without import without_columns

if TYPE_CHECKING:
    from core.scoring.kernel import Explainer


@dataclass(frozen=True, eq=False)
class ScoringModel:
    """Scores leads in microseconds from plain arrays.

    ``feature_names`` are the columns of the forest, each a name of the catalog. ``holdout`` are leads that it did not
    learn from. ``card`` is the model card as JSON values. ``own_columns`` are a team's own, which follow the catalog's
    in the forest; only files bring them, so everywhere else ``on_catalog_alone`` scores.
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
    own_columns: tuple[OwnColumn, ...] = ()

    def __post_init__(self) -> None:
        named = len(self.feature_names) + len(self.own_columns)
        if self.forest.n_features != named:
            raise ValueError(f"the forest has {self.forest.n_features} columns, {named} are named; must be equal")
        strange = next((name for name in self.feature_names if name not in INDEX), None)
        if strange is not None:
            raise ValueError(f"feature {strange!r} is not one of ours; a newer version of the product may know it")

    @cached_property
    def explainer(self) -> Explainer:
        """The forest's edges, prepared once."""
        from core.scoring import kernel

        return kernel.explainer_of(self.forest)

    @cached_property
    def columns(self) -> NDArray[np.intp]:
        """Position of each column of the forest: in the catalog, and behind it for own columns."""
        own = range(len(NAMES), len(NAMES) + len(self.own_columns))
        return np.array([*(INDEX[name] for name in self.feature_names), *own], dtype=np.intp)

    @cached_property
    def on_catalog_alone(self) -> ScoringModel:
        """The model for leads of whom no own column is known: the same probabilities, explained by the 28."""
        if not self.own_columns:
            return self
        own = frozenset(range(len(self.feature_names), self.forest.n_features))
        names = self.feature_names or NAMES[:1]  # a forest has a column, also when none of its splits is left
        return replace(self, feature_names=names, forest=without_columns(self.forest, own), own_columns=())

    def score(self, features: NDArray[np.float32], tier_edges: TierEdges | None = None) -> Score:
        """Score one lead; ``features`` has shape (28,), catalog order, UNKNOWN where not told."""
        if self.own_columns and len(features) > len(NAMES):
            return self.score_many(features[None, :], tier_edges)[0]
        return score_of_one(self.on_catalog_alone, features, tier_edges or self.tier_edges)

    def score_many(
        self, matrix: NDArray[np.float32], tier_edges: TierEdges | None = None, explain: bool = True
    ) -> Scores:
        """Score n leads; ``matrix`` has shape (n, 28). Without ``explain`` the contributions have shape (0, 28).

        With own columns behind the 28, ``matrix`` and the contributions have as many columns more.
        """
        from core.scoring import kernel  # half a second of compiler that a screen of stored scores can do without

        if self.own_columns and matrix.shape[1] == len(NAMES):
            return self.on_catalog_alone.score_many(matrix, tier_edges or self.tier_edges, explain)
        matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        rows = np.ascontiguousarray(matrix[:, self.columns])
        said = kernel.predict(self.forest, rows)
        contributions = np.zeros((len(matrix) if explain else 0, matrix.shape[1]))
        if explain:
            contributions[:, self.columns] = kernel.contributions(self.explainer, rows)
        probability = self.calibration(said, unknown_by_family(matrix[:, : len(NAMES)]))
        raw, base_value = said, self.explainer.base_value
        if not self.forest.stays_within:
            raw, base_value, contributions = held_within(said, base_value, contributions)
        closing = None if self.closing is None else probability * self.closing(raw, matrix)
        in_time = None if self.timeline is None or closing is None else closing * self.timeline(raw, matrix)
        return Scores(
            probability=probability,
            raw_probability=raw,
            base_value=base_value,
            contributions=contributions,
            features=matrix,
            closing_probability=closing,
            timeline_probability=in_time,
            tier_edges=tier_edges or self.tier_edges,
            model_version=self.version,
            own_columns=self.own_columns,
        )
