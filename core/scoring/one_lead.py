"""A single lead scored: bit for bit what ``ScoringModel.score_many`` says of it, without arrays of one element.

What a number passes is the same operation of the same library; what numpy costs for each call, more than the kernels
themselves, is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.scoring.held import held_within
from core.scoring.information import unknown_of_one
from core.scoring.score import Score
from core.scoring.tiers import TierEdges

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel


def score_of_one(model: ScoringModel, features: NDArray[np.float32], tier_edges: TierEdges) -> Score:
    """Score a lead, ``features`` (28,), by a model without columns of a team's own."""
    from core.scoring import kernel  # half a second of compiler that a screen of stored scores can do without

    features = np.ascontiguousarray(features, dtype=np.float32)
    told: list[float] = features.tolist()
    row = features[model.columns].reshape(1, -1)  # ``take`` would hand the interpreter to another thread for it
    said = kernel.predict(model.forest, row)
    found = kernel.contributions(model.explainer, row)
    raw = float(said[0])
    probability = model.calibration.of_one(raw, unknown_of_one(told))
    base_value = model.explainer.base_value
    if not model.forest.stays_within and not (0.0 <= raw <= 1.0 and 0.0 <= base_value <= 1.0):
        said, base_value, found = held_within(said, base_value, found)
        raw = float(said[0])
    contributions = np.zeros(len(told))
    contributions[model.columns] = found[0]
    closing = None if model.closing is None else _times(probability, model.closing.of_one(raw, told))
    timeline = None if model.timeline is None else model.timeline.of_one(raw, told)
    return Score(
        probability=probability,
        raw_probability=raw,
        confidence=max(probability, 1.0 - probability),
        tier=tier_edges.tier(probability),
        base_value=base_value,
        contributions=contributions,
        features=features,
        closing_probability=closing,
        timeline_probability=_times(closing, timeline),
        model_version=model.version,
    )


def _times(before: float | None, then: float | None) -> float | None:
    return None if before is None or then is None else before * then
