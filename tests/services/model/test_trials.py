"""A challenger that answers a share of the leads, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core import registry
from core.analytics.ab_test import Metric
from core.errors import Forbidden, InputError, ModelRefused, NotFound
from core.features.catalog import INDEX, NAMES, UNKNOWN
from core.leads import utc_now
from core.registry import save_model
from core.scoring.interval import newcombe
from core.scoring.scored import TrialPlace
from core.services import audit
from core.services.access import Actor, Role, trusted
from core.services.center import CommandCenter
from core.services.lead.lead_groups import lead_groups
from core.services.model import trials
from core.services.model.promotion import promote, retire, roll_back
from core.services.model.shadow import challenge, set_takes_back, shadow
from core.services.scores.answering import answering, arm_of, running_trial
from core.services.scores.batches import score_batch
from core.services.scores.scoring import score_lead
from core.store import LeadFilter
from core.training.quality import brier_score, roc_auc
from tests.services.centers import settings_in
from tests.services.lived import live_through
from tests.services.made import told
from tests.services.stump import backwards, estimator, many_held_out, register

BECAUSE = "to see what it does"


@pytest.fixture
def center(tmp_path: Path) -> Iterator[CommandCenter]:
    """The stump answers; beside it stand its twin, and a version that has everything the wrong way round."""
    models = tmp_path / "models"
    register(models)
    register(models, "twin", default=False, grown=estimator())
    save_model(models / "wrong", backwards("wrong"), estimator(), {"rows": 4}, "# Wrong", many_held_out())
    with CommandCenter(settings_in(tmp_path / "data"), models) as opened:
        yield opened


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wrong one has another estimator than its files say; here it may answer all the same."""
    monkeypatch.setattr(registry, "refuse_unfit", lambda *_: None)


def judge_all(center: CommandCenter) -> int:
    judged = 0
    while step := trials.judge_trial(center):
        judged += step
    return judged


def test_a_lead_keeps_its_model_and_the_score_says_who_answered(center: CommandCenter) -> None:
    trial = trials.start(center.acting_as(trusted("ana")), "twin", 0.3)
    ids = [f"lead_{number}" for number in range(400)]
    by = {lead_id: answering(center, lead_id) for lead_id in ids}
    theirs = [lead_id for lead_id in ids if by[lead_id].model.version == "twin"]
    # 400 leads at 0.3: 120 expected, give or take three standard deviations of sqrt(400 x 0.3 x 0.7) = 9.2.
    assert 92 <= len(theirs) <= 148
    assert all((by[lead_id].trial == TrialPlace(trial.trial_id, 1)) == (lead_id in theirs) for lead_id in ids)
    mine = next(lead_id for lead_id in ids if lead_id not in theirs)
    for lead_id, version, arm in ((theirs[0], "twin", 1), (mine, "stump-1", 0)):
        given = told(lead_id)
        assert score_lead(center, given).score.model_version == version
        assert score_lead(center, given, force_refresh=True).trial == TrialPlace(trial.trial_id, arm)
        assert [one.score.model_version for one in center.store.scores(lead_id)] == [version, version]
    assert center.store.trials.answered_by(trial.trial_id) == {(1, "twin"): 2, (0, "stump-1"): 2}
    (entry,) = audit.find(center)
    assert (entry.actor, entry.action, entry.subject) == ("ana", "trial started", "twin")
    assert entry.details == {"champion": "stump-1", "share": 0.3, "outcome": "signed"}


def test_a_batch_is_scored_by_both_as_each_lead_alone(center: CommandCenter) -> None:
    trials.start(center, "twin", 0.5)
    histories = [told(f"lead_{number}") for number in range(20)]
    batch = score_batch(center, histories, via="api")
    alone = [score_lead(center, history, as_of=batch[0].scored_at) for history in histories]
    assert {lead.score.model_version for lead in batch} == {"stump-1", "twin"}
    for many, one in zip(batch, alone, strict=True):
        assert many.history.lead.lead_id == one.history.lead.lead_id
        assert (many.score.model_version, many.score.probability) == (one.score.model_version, one.score.probability)
        assert many.trial == one.trial


def test_trials_that_follow_each_other_share_leads_out_anew(center: CommandCenter) -> None:
    ids = [f"lead_{number}" for number in range(1_000)]
    arms = []
    for _ in range(2):
        trial = trials.start(center, "twin", 0.5)
        arms.append(np.array([arm_of(trial, lead_id) for lead_id in ids]))
        trials.end(center, "enough")
    # Independent halves agree on 500 of 1,000, give or take four standard deviations of sqrt(250) = 15.8.
    assert abs(int((arms[0] == arms[1]).sum()) - 500) < 64


def test_who_may_not_answer_is_refused_with_a_sentence(center: CommandCenter) -> None:
    with pytest.raises(InputError, match=r"share is 0\.9; must be from 0\.05 to 0\.5"):
        trials.start(center, "twin", 0.9)
    with pytest.raises(InputError, match="answers all leads"):
        trials.start(center, "stump-1", 0.2)
    with pytest.raises(NotFound):
        trials.start(center, "nobody", 0.2)
    with pytest.raises(ModelRefused, match=r"contribution|probability|scikit-learn"):
        trials.start(center, "wrong", 0.2, reason=BECAUSE)  # its files say another estimator than its forest
    trials.start(center, "twin", 0.2)
    with pytest.raises(InputError, match="a trial of 'twin' runs already"):
        trials.start(center, "twin", 0.2)
    with pytest.raises(InputError, match="is on trial, where it judges every lead"):
        challenge(center, "twin")


@pytest.mark.usefixtures("unchecked")
def test_a_version_that_is_worse_needs_a_reason(center: CommandCenter) -> None:
    with pytest.raises(ModelRefused, match=r"'wrong' is worse than 'stump-1' on .* Promote it with a reason"):
        trials.start(center, "wrong", 0.2)
    trials.start(center, "wrong", 0.2, reason=BECAUSE)
    assert audit.find(center)[0].details["reason"] == BECAUSE


def test_only_admins_begin_and_end_trials(center: CommandCenter) -> None:
    manager = center.acting_as(Actor.in_role("mia", Role.MANAGER))
    with pytest.raises(Forbidden):
        trials.start(manager, "twin", 0.2)
    trials.start(center, "twin", 0.2)
    with pytest.raises(Forbidden):
        trials.end(manager, "no")
    assert running_trial(center) is not None


@pytest.mark.usefixtures("unchecked")
def test_both_are_measured_on_all_leads_and_outcomes_by_arm(center: CommandCenter) -> None:
    live_through(center, 30, prefix="before")
    trial = trials.start(center, "wrong", 0.5, reason=BECAUSE)
    live_through(center, 300, days_ago=(300, 130), decided_after_days=10)
    assert judge_all(center) == 300  # each judges what the other answered
    assert judge_all(center) == 0
    versions = ("stump-1", "wrong")
    ends = center.store.shadow.watched(versions, utc_now(), trial_id=trial.trial_id)
    said = trials.said_by(ends, versions)
    models = [registry.load_model(center.models_dir / version) for version in ("stump-1", "wrong")]
    again = np.column_stack([model.score_many(ends.features, explain=False).probability for model in models])
    assert np.array_equal(said, again)
    found = trials.state(center, trial)
    figures = {one.name: one for one in found.differences}
    assert figures["brier"].second == pytest.approx(brier_score(said[:, 1], ends.converted))
    assert figures["roc_auc"].first == pytest.approx(roc_auc(said[:, 0], ends.converted))
    assert figures["brier"].second_is_worse
    arms = dict(found.arms)[Metric.SIGNED]
    in_arm = np.array([arm_of(trial, f"lead_{number}") for number in range(300)])
    assert [one.assigned for one in arms] == [int((in_arm == 0).sum()), int((in_arm == 1).sum())]
    # All were decided ten days after their score, and ninety days are over: as many signed as converted.
    assert sum(one.successes for one in arms) == int(ends.converted.sum()) == found.converted
    (first, second) = arms
    assert second.difference_ends == newcombe((second.successes, first.successes), (second.ripe, first.ripe))
    groups = lead_groups(center)
    listed = center.store.browse(LeadFilter(group=groups[f"Trial {trial.trial_id}: wrong"]), page_size=500)
    assert listed.total == second.assigned


@pytest.mark.usefixtures("unchecked")
def test_a_challenger_that_does_harm_is_stopped_with_confidence(center: CommandCenter) -> None:
    trials.start(center, "wrong", 0.3, reason=BECAUSE)
    live_through(center, 99)
    judge_all(center)
    assert trials.end_if_worse(center) is None  # a hundred ends are needed before anything is said
    live_through(center, 100, seed=7, prefix="more")
    judge_all(center)
    set_takes_back(center, False)
    assert trials.end_if_worse(center) is None
    set_takes_back(center, True)
    assert trials.end_if_worse(center) == "wrong"
    assert running_trial(center) is None
    assert {answering(center, f"lead_{number}").model.version for number in range(50)} == {"stump-1"}
    entry = next(one for one in audit.find(center) if one.action == "trial ended")
    assert (entry.actor, entry.subject) == ("automatic watch", "wrong")
    assert entry.details["reason"].startswith("on 199 outcomes its Brier score is 0.")
    assert center.store.outbox_after()[-1].payload["change"] == "trial_ended"
    (trial,) = trials.all_trials(center)
    assert trial.ending is not None
    assert (trial.ending["decided"], trial.ending["outcomes"]) == (None, 199)
    assert trials.end_if_worse(center) is None


@pytest.mark.usefixtures("unchecked")
def test_leads_that_only_one_has_judged_stop_the_verdict(center: CommandCenter) -> None:
    trial = trials.start(center, "wrong", 0.3, reason=BECAUSE)
    live_through(center, 200)
    judge_all(center)
    live_through(center, 40, seed=9, prefix="unseen")
    found = trials.standing(center, trial)
    assert (found.missed, found.mismatch, found.why_worse) == (40, True, None)
    judge_all(center)
    assert trials.end_if_worse(center) == "wrong"


def test_arms_that_are_not_shared_out_as_planned_stop_the_verdict(center: CommandCenter) -> None:
    trial = trials.start(center, "twin", 0.5)
    live_through(center, 200)
    judge_all(center)
    assert not trials.standing(center, trial).mismatch
    # As if half of what the challenger should answer were lost on the way: 200 and 100 at half and half.
    told_otherwise = replace(trial, design=replace(trial.design, variants=(
        replace(trial.design.variants[0], share=0.8), replace(trial.design.variants[1], share=0.2),
    )))  # fmt: skip
    assert trials.standing(center, told_otherwise).mismatch


def test_a_person_stops_it_and_says_why(center: CommandCenter) -> None:
    trials.start(center, "twin", 0.2)
    with pytest.raises(InputError, match="reason is empty"):
        trials.end(center, "  ")
    trials.end(center.acting_as(trusted("ana")), "the season is over")
    entry = audit.find(center)[0]
    assert (entry.actor, entry.action, entry.details["reason"]) == ("ana", "trial ended", "the season is over")
    with pytest.raises(NotFound, match="no trial runs"):
        trials.end(center, "again")


@pytest.mark.usefixtures("unchecked")
def test_a_promotion_decides_the_trial_and_a_roll_back_ends_it(center: CommandCenter) -> None:
    trials.start(center, "twin", 0.2)
    promote(center, "twin", "it closed more")
    (trial,) = trials.all_trials(center)
    assert trial.ending is not None
    assert trial.ending["decided"] == "twin"
    assert answering(center, "lead_1").model.version == "twin"
    with pytest.raises(InputError, match="watches the promotion of 'twin'"):
        trials.start(center, "stump-1", 0.2)
    trials.start(center, "wrong", 0.2, reason=BECAUSE)
    watching = shadow(center)
    assert watching is not None
    assert watching.version == "stump-1"  # goes on watching the promotion while another is on trial
    roll_back(center)
    assert running_trial(center) is None
    (last, _) = trials.all_trials(center)
    assert last.ending is not None
    assert last.ending["decided"] is None


def test_a_retired_challenger_answers_nobody(center: CommandCenter) -> None:
    trials.start(center, "twin", 0.5)
    retire(center, "twin")
    assert running_trial(center) is None
    assert audit.find(center)[0].details["reason"] == "twin is retired"


def test_a_trial_counts_only_beside_its_champion(center: CommandCenter) -> None:
    trials.start(center, "twin", 0.5)
    registry.keep_lists(
        center.data_dir, registry.Lists(), registry.Lists(("wrong",))
    )  # on a machine that could not reach the database
    center.look_for_promotion()
    assert {answering(center, f"lead_{number}").model.version for number in range(20)} == {"wrong"}
    assert answering(center, "lead_1").trial is None
    assert trials.end_if_worse(center) == "twin"
    assert audit.find(center)[0].details["reason"] == "stump-1 does not answer any longer"


def test_where_the_challenger_cannot_be_opened_the_champion_answers_in_its_arm(center: CommandCenter) -> None:
    trial = trials.start(center, "twin", 0.5)
    for file in (center.models_dir / "twin").iterdir():
        if file.name != "manifest.json":
            file.write_bytes(b"tampered with")
    live_through(center, 40)
    found = trials.standing(center, trial)
    assert found.stood_in == found.reading.variants[1].assigned > 0
    assert set(center.store.trials.answered_by(trial.trial_id)) == {(0, "stump-1"), (1, "stump-1")}


def test_a_lead_that_was_decided_before_counts_for_neither(center: CommandCenter) -> None:
    live_through(center, 20)  # decided 60 days ago and earlier
    trial = trials.start(center, "twin", 0.5)
    for number in range(20):
        score_lead(center, center.store.history(f"lead_{number}"))
    assert sum(one.assigned for one in trials.standing(center, trial).reading.variants) == 0
    score_lead(center, told("new"))
    assert sum(one.assigned for one in trials.standing(center, trial, utc_now()).reading.variants) == 1


def test_the_trial_of_a_model_is_scored_with_its_own_edges(center: CommandCenter) -> None:
    trial = trials.start(center, "twin", 0.5)
    lead_id = next(f"lead_{number}" for number in range(99) if arm_of(trial, f"lead_{number}") == 1)
    features = np.full(len(NAMES), UNKNOWN, dtype=np.float32)
    features[INDEX["budget_midpoint_usd"]] = 500_000.0
    model = answering(center, lead_id).model
    assert model.version == "twin"
    assert model.score(features, model.tier_edges).probability == pytest.approx(0.4)
