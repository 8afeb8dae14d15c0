from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import InputError
from core.scoring import Tier, TierEdges
from core.services import workspace
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.services.centers import settings_in
from tests.services.made import told, untold


def test_the_threshold_comes_from_the_settings_until_the_team_sets_one(tmp_path: Path, models_dir: Path) -> None:
    settings = settings_in(tmp_path, jorge_threshold=0.7)
    with CommandCenter(settings, models_dir) as center:
        assert workspace.threshold(center) == 0.7
        workspace.set_threshold(center, 0.9)
        assert workspace.threshold(center) == 0.9
    with CommandCenter(settings, models_dir) as center:
        assert workspace.threshold(center) == 0.9


@pytest.mark.parametrize("value", [0.49, 1.0, -1, float("nan"), float("inf")])
def test_a_threshold_outside_the_slider_is_refused(center: CommandCenter, value: float) -> None:
    with pytest.raises(InputError):
        workspace.set_threshold(center, value)
    assert workspace.threshold(center) == 0.85


def test_what_moves_with_the_threshold_is_counted_on_the_stored_leads(center: CommandCenter) -> None:
    # confidences: .8 for the told lead, .9 for the untold one, .6 for the lead without a pre-approval
    for lead in (told("a"), untold("b"), told("c", pre_approval=None)):
        scoring.score_lead(center, lead)
    counts = {at: workspace.what_moves(center, at).to_claude for at in (0.5, 0.6, 0.61, 0.85, 0.95)}
    assert counts == {0.5: 0, 0.6: 0, 0.61: 1, 0.85: 2, 0.95: 3}
    effect = workspace.what_moves(center, 0.85)
    assert (effect.kept, effect.total) == (1, 3)


def test_selective_accuracy_is_measured_on_the_held_out_leads(center: CommandCenter) -> None:
    # held out: .1 lost, .1 converted, .8 converted, .8 converted: right on 3 of 4, from .85 on right on 1 of 2
    everything, sure = (workspace.selective(center, at) for at in (0.5, 0.85))
    assert everything is not None
    assert sure is not None
    assert (everything.answered, everything.accuracy) == (4, 0.75)
    assert (sure.answered, sure.accuracy) == (2, 0.5)


def test_the_effect_follows_new_scores(center: CommandCenter) -> None:
    assert workspace.what_moves(center, 0.85).total == 0
    scoring.score_lead(center, told())
    assert workspace.what_moves(center, 0.85).total == 1


def test_tier_edges_are_the_models_until_the_team_moves_them(center: CommandCenter) -> None:
    assert workspace.tier_edges(center) == TierEdges(hot=0.6, warm=0.3)
    workspace.set_tier_edges(center, TierEdges(hot=0.9, warm=0.5))
    assert scoring.score_lead(center, told()).score.tier is Tier.WARM
    workspace.set_tier_edges(center, None)
    assert scoring.score_lead(center, told()).score.tier is Tier.HOT


def test_the_commission_rate_is_exact(center: CommandCenter) -> None:
    assert workspace.commission_rate(center) == Decimal("0.06")
    workspace.set_commission_rate(center, 0.0575)
    assert workspace.commission_rate(center) == Decimal("0.0575")
    for wrong in (0, -0.1, 0.21, "NaN", "much"):
        with pytest.raises(InputError):
            workspace.set_commission_rate(center, wrong)


def test_a_setting_that_another_process_makes_is_noticed(center: CommandCenter, models_dir: Path) -> None:
    from core.services.center import SETTING_FRESH_S
    from tests.realtime.waiting import until

    assert workspace.threshold(center) == 0.85
    with CommandCenter(center.settings, models_dir) as other:
        workspace.set_threshold(other, 0.6)
    until(lambda: workspace.threshold(center) == 0.6, SETTING_FRESH_S + 1)


def test_without_a_model_the_effect_has_counts_and_no_accuracy(tmp_path: Path) -> None:
    with CommandCenter(settings_in(tmp_path), tmp_path / "none") as center:
        effect = workspace.what_moves(center, 0.85)
    assert (effect.total, effect.selective) == (0, None)
