from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core import registry
from core.errors import InputError
from core.leads import utc_now
from core.scoring import Tier
from core.scoring.model import ScoringModel
from core.services import audit
from core.services.center import CommandCenter
from core.services.model.model_work import LearnJob, set_retrain_every_days, train_when_due
from core.services.model.promotion import promote
from core.services.model.retraining import RECALIBRATE, RETRAIN, learn, missing, own_outcomes
from core.services.model.shadow import shadow
from tests.services.centers import settings_in
from tests.services.lived import live_through
from tests.services.stump import estimator, register


@pytest.fixture
def center(tmp_path: Path) -> CommandCenter:
    register(tmp_path / "models", grown=estimator())
    return CommandCenter(settings_in(tmp_path / "data"), tmp_path / "models")


def _tiers(model: ScoringModel, leads: NDArray[np.float32]) -> list[Tier]:
    said = model.score_many(leads, explain=False).probability
    return [model.tier_edges.tier(value) for value in said.tolist()]


def test_with_too_few_outcomes_it_says_what_is_missing(center: CommandCenter) -> None:
    assert missing(own_outcomes(center)) is not None
    live_through(center, 40)
    with pytest.raises(InputError, match=r"40 leads are decided .* 30 of either outcome are needed"):
        learn(center, RETRAIN)
    assert [one.version for one in registry.list_versions(center.models_dir, center.data_dir)] == ["stump-1"]


def test_it_learns_from_what_was_stored_with_the_score_and_nothing_later(center: CommandCenter) -> None:
    live_through(center, 60)
    live_through(center, 5, days_ago=(40, 20), prefix="young", decided_after_days=15)
    leads = own_outcomes(center)
    assert len(leads) == 60  # the young ones are left out
    assert (np.diff(leads.scored_at) >= np.timedelta64(0)).all()
    stored = center.store.latest_score("lead_0").score.features
    assert any((row == stored).all() for row in leads.features)


def test_recalibration_sets_the_level_and_keeps_the_order(center: CommandCenter) -> None:
    """A quarter as many convert as the stump says; the new version says so, in the same order."""
    live_through(center, 1600, truth=lambda said: said / 4)
    found = learn(center, RECALIBRATE)
    model = registry.load_model(registry.version_folder(center.models_dir, center.data_dir, found.version))
    leads = own_outcomes(center)
    before = center.model.score_many(leads.features, explain=False).probability
    after = model.score_many(leads.features, explain=False).probability
    assert after.mean() == pytest.approx(leads.converted.mean(), abs=0.03)
    assert before.mean() > 2 * after.mean()
    assert (np.argsort(before, kind="stable") == np.argsort(after, kind="stable")).all()
    assert found.comparison.on == "your own decided leads"
    assert next(one for one in found.comparison.differences if one.name == "brier").second_is_better
    now = shadow(center)
    assert now is not None
    assert (now.version, now.role) == (found.version, "challenger")
    promote(center, found.version)
    assert center.model.version == found.version
    assert [one.action for one in audit.find(center)] == ["model promoted", "challenger named", "model trained"]


def test_recalibration_leaves_every_lead_in_its_tier_and_tells_of_its_own_time_and_leads(center: CommandCenter) -> None:
    live_through(center, 1600, truth=lambda said: said / 4)
    center.model.card["with_protected"] = {"roc_auc": 0.8}  # type: ignore[index]
    found = learn(center, RECALIBRATE)
    model = registry.load_model(registry.version_folder(center.models_dir, center.data_dir, found.version))
    leads = own_outcomes(center).features
    tiers = [_tiers(one, leads) for one in (center.model, model)]
    assert set(tiers[0]) == set(Tier)
    assert tiers[0] == tiers[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", model.card["trained_at"])
    assert model.card["held_out"]["leads"] == model.card["quality"]["leads"] == len(model.holdout.converted)
    assert "with_protected" not in model.card  # it was measured on other leads


def test_retraining_learns_an_order_that_turned_round(center: CommandCenter) -> None:
    live_through(center, 700, truth=lambda said: 0.9 - said)
    with pytest.raises(InputError, match="wrong order"):
        learn(center, RECALIBRATE)
    job = LearnJob.start(center, RETRAIN)
    assert job.wait(120)
    assert job.error is None
    assert job.result is not None
    order = job.result.comparison.differences[0]
    assert order.name == "roc_auc"
    assert order.first < 0.5 < order.second
    model = registry.load_model(registry.version_folder(center.models_dir, center.data_dir, job.result.version))
    assert model.card["trained_on"]["leads"] == 490  # the earlier 70 %
    assert (
        registry.load_reference(registry.version_folder(center.models_dir, center.data_dir, job.result.version))
        is not None
    )


def test_a_schedule_trains_once_and_says_when_it_cannot(center: CommandCenter) -> None:
    assert train_when_due(center) is None
    set_retrain_every_days(center, 7)
    assert train_when_due(center) is None
    entry = audit.find(center)[0]
    assert (entry.actor, entry.action) == ("schedule", "training not possible")
    assert "0 leads are decided" in entry.details["because"]
    train_when_due(center)
    assert center.store.audit.count(action="training not possible") == 1  # not due again for a week


def test_a_turn_is_taken_once_in_its_time(center: CommandCenter) -> None:
    now, week = utc_now(), timedelta(days=7)
    assert center.store.turns.take("work", week, now)
    assert not center.store.turns.take("work", week, now + timedelta(days=6))
    assert center.store.turns.take("work", week, now + timedelta(days=7))
    assert not center.store.turns.take("work", week, now + timedelta(days=6))  # a clock that is not quite the same
    assert center.store.turns.take("work", week, now + timedelta(days=60))  # one that was wrong
    assert center.store.turns.take("work", week, now + timedelta(days=8))
    assert not center.store.turns.take("work", week, now + timedelta(days=9))
    assert center.store.turns.last("work") == now + timedelta(days=8)
    assert center.store.turns.last("other") is None
