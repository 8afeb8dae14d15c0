"""A lead scored alone gets, to the last bit, what it gets among many."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.features import NAMES, UNKNOWN, extract
from core.registry import open_champion
from core.sample import generate
from core.scoring.calibration import Head, IsotonicCalibration, PlattCalibration
from core.scoring.forest import Forest
from core.scoring.model import ScoringModel
from core.scoring.score import Score
from core.settings import MODELS_DIR

END = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def model() -> ScoringModel:
    return open_champion(MODELS_DIR, Path("/nowhere"))


@pytest.fixture(scope="module")
def leads() -> NDArray[np.float32]:
    """Generated leads, some with features taken away, and one of whom nothing is known."""
    told = np.stack([extract(item.history, END).values for item in generate(150, 3, END)])
    generator = np.random.default_rng(8)
    poorer = np.where(generator.random(told.shape) < generator.random((len(told), 1)), UNKNOWN, told)
    nothing = np.full((1, len(NAMES)), UNKNOWN)
    return np.concatenate([told, poorer, nothing]).astype(np.float32)


def _values(score: Score) -> dict[str, object]:
    found = {field.name: getattr(score, field.name) for field in fields(score)}
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in found.items()}


def _boosted(model: ScoringModel, above: float) -> ScoringModel:
    """As boosted trees are: sums that pass 0 and 1, and a calibration that begins and ends where they do."""
    arrays = model.forest.arrays()
    arrays["value"] = model.forest.value * 2.4 - above
    calibration = replace(model.calibration, low=-above, high=2.4 - above)  # type: ignore[type-var]
    return replace(model, forest=Forest.from_arrays(arrays), calibration=calibration)


@pytest.mark.parametrize(
    "kind", ["shipped", "boosted", "boosted below", "plain", "isotonic", "no heads", "given heads"]
)
def test_a_lead_alone_scores_as_among_many_to_the_last_bit(
    model: ScoringModel, leads: NDArray[np.float32], kind: str
) -> None:
    knots = np.array([0.0, 0.2, 0.7, 1.0]), np.array([0.01, 0.1, 0.8, 0.95])
    judged = {
        "shipped": model,
        "boosted": _boosted(model, 0.2),
        "boosted below": _boosted(model, 0.9),
        "plain": replace(model, calibration=PlattCalibration(1.1, -0.2)),
        "isotonic": replace(model, calibration=IsotonicCalibration(*knots)),
        "no heads": replace(model, closing=None, timeline=None),
        "given heads": replace(model, closing=Head(0.2, 1.0, NAMES.index("pre_approval"), 0.7)),
    }[kind]
    for lead in leads:
        assert _values(judged.score(lead)) == _values(judged.score_many(lead[None, :])[0])


def test_the_probability_of_a_lead_alone_is_that_of_a_batch(model: ScoringModel, leads: NDArray[np.float32]) -> None:
    batch = model.score_many(leads)
    alone = [model.score(lead) for lead in leads]
    assert [score.raw_probability for score in alone] == batch.raw_probability.tolist()
    assert np.abs([score.probability for score in alone] - batch.probability).max() <= 1e-15
