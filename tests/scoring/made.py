"""Scores of which only features and contributions matter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.scoring import Score, Tier
from core.scoring.own_column import OwnColumn


def explained(features: NDArray[np.float32], contributions: NDArray[np.float64], *own: OwnColumn) -> Score:
    """A score to be explained; ``own`` are the columns behind the catalog's."""
    return Score(
        probability=0.5,
        raw_probability=0.5,
        confidence=0.5,
        tier=Tier.WARM,
        base_value=0.5,
        contributions=contributions,
        features=features,
        closing_probability=None,
        timeline_probability=None,
        model_version="m",
        own_columns=own,
    )
