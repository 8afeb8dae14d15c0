"""The model that comes with the product, judged on leads from a draw that it never saw."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from core import registry
from core.features.catalog import CATALOG, UNKNOWN
from core.scoring.model import ScoringModel
from core.scoring.selective import Holdout, answered_alone
from core.settings import MODELS_DIR
from core.training.dataset import TrainingSet
from core.training.information import as_sources_tell
from core.training.oracle import agreement, refuse_unless_exact
from core.training.quality import expected_calibration_error, roc_auc
from core.training.sample_set import TRAINING_SEED, sample_training_set

OTHER_SEED = TRAINING_SEED + 1
THRESHOLD = 0.85


@pytest.fixture(scope="module")
def model() -> ScoringModel:
    return registry.open_champion(MODELS_DIR, Path("no-data-folder"))


@pytest.fixture(scope="module")
def unseen() -> TrainingSet:
    return sample_training_set(leads=3000, seed=OTHER_SEED, end=datetime(2026, 9, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def probability(model: ScoringModel, unseen: TrainingSet) -> np.typing.NDArray[np.float64]:
    return model.score_many(unseen.features, explain=False).probability


def test_what_it_says_comes_true(probability: np.typing.NDArray[np.float64], unseen: TrainingSet) -> None:
    assert expected_calibration_error(probability, unseen.converted) <= 0.03


def test_it_answers_three_in_four_alone_and_is_right(
    probability: np.typing.NDArray[np.float64], unseen: TrainingSet
) -> None:
    found = answered_alone(Holdout(probability, unseen.converted), THRESHOLD)
    assert 0.70 <= (found.coverage or 0) <= 0.80
    assert (found.accuracy or 0) >= 0.95


def test_the_sample_is_not_made_too_easy(probability: np.typing.NDArray[np.float64], unseen: TrainingSet) -> None:
    assert 0.80 < roc_auc(probability, unseen.converted) <= 0.93


def test_a_contact_list_lead_gets_the_base_rate_and_a_confidence_below_the_threshold(
    model: ScoringModel, unseen: TrainingSet
) -> None:
    score = model.score(np.full(len(CATALOG), UNKNOWN, dtype=np.float32))
    assert score.probability == pytest.approx(unseen.converted.mean(), abs=0.02)
    assert score.confidence < THRESHOLD
    assert score.features_known == 0


def test_what_it_says_of_leads_as_their_sources_tell_them_comes_true_as_well(
    model: ScoringModel, unseen: TrainingSet
) -> None:
    said = model.score_many(as_sources_tell(unseen, seed=1), explain=False).probability
    assert expected_calibration_error(said, unseen.converted) <= 0.03


def test_what_it_says_of_a_lead_on_arrival_comes_true_as_well(model: ScoringModel, unseen: TrainingSet) -> None:
    said = model.score_many(unseen.on_arrival, explain=False).probability
    assert said.mean() == pytest.approx(unseen.converted.mean(), abs=0.03)
    assert expected_calibration_error(said, unseen.converted) <= 0.03


def test_protected_features_move_nothing(model: ScoringModel, unseen: TrainingSet) -> None:
    changed = unseen.features[:50].copy()
    changed[:, [item.protected for item in CATALOG]] = 1.0
    before, after = model.score_many(unseen.features[:50]), model.score_many(changed)
    assert (before.probability == after.probability).all()
    assert (before.contributions[:, [item.protected for item in CATALOG]] == 0).all()


def test_its_estimator_agrees_with_the_arrays_that_are_served(model: ScoringModel, unseen: TrainingSet) -> None:
    folder = registry.version_folder(MODELS_DIR, Path("no-data-folder"), model.version)
    refuse_unless_exact(agreement(model, registry.load_estimator(folder), unseen.features))


def test_hot_is_about_a_tenth_and_tiers_convert_in_order(
    model: ScoringModel, probability: np.typing.NDArray[np.float64], unseen: TrainingSet
) -> None:
    tiers = np.array([model.tier_edges.tier(value).value for value in probability])
    shares = {tier: float((tiers == tier).mean()) for tier in ("hot", "warm", "cold")}
    converted = [unseen.converted[tiers == tier].mean() for tier in ("hot", "warm", "cold")]
    assert 0.07 <= shares["hot"] <= 0.16
    assert 0.15 <= shares["warm"] <= 0.35
    assert converted == sorted(converted, reverse=True)


def test_its_reference_are_leads_that_it_was_measured_on(model: ScoringModel) -> None:
    reference = registry.load_reference(registry.version_folder(MODELS_DIR, Path("no-data-folder"), model.version))
    assert reference is not None
    assert len(reference) == 3000
    said = model.score_many(reference.features, explain=False).probability
    assert (said == reference.probability).all()
    assert np.isin(reference.probability, model.holdout.probability).all()
