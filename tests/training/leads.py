"""A small, honest training set: eight features that matter, the others noise."""

from __future__ import annotations

import numpy as np

from core.features.catalog import CATALOG, INDEX, UNKNOWN
from core.training.dataset import TrainingSet


def some_leads(number: int = 1500, seed: int = 5, signal: float = 1.0) -> TrainingSet:
    """Leads whose conversion follows a logistic model of three features; ``signal`` 0 makes it pure chance."""
    generator = np.random.default_rng(seed)
    features = generator.random((number, len(CATALOG))).astype(np.float32)
    strength = features[:, INDEX["response_rate"]] + features[:, INDEX["pre_approval"]] - 1
    chance = 1 / (1 + np.exp(1.7 - signal * 6 * strength))
    converted = generator.random(number) < chance
    closed = converted & (generator.random(number) < 0.85)
    days = np.sort(generator.integers(0, 500, number)).astype("timedelta64[D]")
    return TrainingSet(
        features=features,
        on_arrival=np.full_like(features, UNKNOWN),
        scored_at=np.datetime64("2025-01-01", "s") + days,
        converted=converted,
        closed=closed.astype(np.float64),
        closed_in_time=np.where(generator.random(number) < 0.5, closed & (features[:, 3] > 0.3), np.nan),
    )
