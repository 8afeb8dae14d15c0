"""What-if: the model's own answer to changed features, compared with the stump by hand and with the shipped model."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.features.catalog import CATALOG, INDEX, NAMES, UNKNOWN
from core.registry import open_champion
from core.scoring.model import ScoringModel
from core.services.center import CommandCenter
from core.services.lead import leads, what_if
from core.services.lead.what_if import Scenario
from core.services.scores import scoring
from core.settings import MODELS_DIR
from tests.services.made import told, untold


def scenario_of(center: CommandCenter, lead_id: str, **changes: float | None) -> Scenario:
    detail = leads.lead_detail(center, lead_id)
    assert detail.latest is not None
    return what_if.scenario(center, detail.history, detail.latest, changes)


def test_the_present_score_is_the_stored_one_and_a_change_is_what_the_model_says_of_it(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    found = scenario_of(center, "ana", pre_approval=0.0)
    assert found.present.probability == center.store.latest_score("ana").score.probability == pytest.approx(0.8)
    assert found.changed.probability == pytest.approx(0.4)  # the stump: a budget without a pre-approval
    assert (found.present.tier, found.changed.tier) == ("hot", "warm")  # edges 0.6 and 0.3
    moves = leads.why_moved(found.present, found.changed)
    assert sum(move.change for move in moves) == pytest.approx(-0.4)


def test_a_change_is_stored_nowhere(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    version = center.store.version()
    scenario_of(center, "ana", pre_approval=None).curves()
    assert center.store.version() == version
    assert len(center.store.scores("ana")) == 1


def test_expected_commission_follows_the_chance_and_the_budget(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    same_price = scenario_of(center, "ana", pre_approval=0.0)
    # 625,000 * 0.03, a buyer's side = 18,750; the head for closings says the logit again: 0.8 * 0.8, then 0.4 * 0.4
    assert same_price.expected_commission(same_price.present) == Decimal("12000.00")
    assert same_price.expected_commission(same_price.changed) == Decimal("3000.00")
    dearer = scenario_of(center, "ana", budget_midpoint_usd=1_000_000.0)
    assert dearer.expected_commission(dearer.changed) == Decimal("19200.00")  # 30,000 * 0.8 * 0.8
    to_the_dollar = scenario_of(center, "ana", budget_midpoint_usd=20_000_051.0)  # as a feature it is 20,000,052
    # 600,001.53 * 0.64 = 384,000.9792
    assert to_the_dollar.expected_commission(to_the_dollar.changed) == Decimal("384000.98")
    assert to_the_dollar.expected_commission(to_the_dollar.present) == Decimal("12000.00")
    beyond = scenario_of(center, "ana", budget_midpoint_usd=2e9)  # no home's price
    assert beyond.expected_commission(beyond.changed) is None
    no_budget = scenario_of(center, "ana", budget_midpoint_usd=None)
    assert no_budget.expected_commission(no_budget.changed) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pre_approval", 3.0),
        ("pre_approval", float("nan")),
        ("budget_midpoint_usd", -5.0),
        ("budget_midpoint_usd", float("inf")),
    ],
)
def test_a_value_that_cannot_be_is_refused(center: CommandCenter, name: str, value: float) -> None:
    scoring.score_lead(center, told())
    with pytest.raises(InputError, match=f"{name} is {value}; must be from 0 to"):
        scenario_of(center, "ana", **{name: value})


@pytest.mark.parametrize("name", ["school_interest", "timeline_urgency", "age"])
def test_what_the_model_does_not_use_or_must_not_use_cannot_be_changed(center: CommandCenter, name: str) -> None:
    scoring.score_lead(center, untold())
    with pytest.raises(InputError, match="must be one of budget_midpoint_usd, pre_approval"):
        scenario_of(center, "bo", **{name: 1.0})


def test_protected_traits_are_no_control_even_where_a_model_uses_them(center: CommandCenter) -> None:
    scoring.score_lead(center, told())
    found = scenario_of(center, "ana")
    knows_all = replace(found, model=replace(found.model, feature_names=("school_interest", "pre_approval")))
    assert knows_all.features == ("pre_approval",)


def test_a_curve_has_the_models_answer_at_every_stop(center: CommandCenter) -> None:
    scoring.score_lead(center, told(pre_approval=None))
    for curve in scenario_of(center, "ana", pre_approval=1.0).curves():
        assert list(curve.values) == sorted(set(curve.values))
        assert curve.values[0] == UNKNOWN
        for value, score in zip(curve.values, curve.scores, strict=True):
            budget = value if curve.feature == "budget_midpoint_usd" else 625_000
            approval = value if curve.feature == "pre_approval" else 1
            assert score.probability == pytest.approx(0.1 if budget < 0.5 else 0.8 if approval > 1.5 else 0.4)
    approval_curve = next(
        curve for curve in scenario_of(center, "ana", pre_approval=1.0).curves() if len(curve.values) == 4
    )
    assert (approval_curve.values[approval_curve.at], approval_curve.values[approval_curve.present_at]) == (1, UNKNOWN)


@cache
def shipped() -> ScoringModel:
    return open_champion(MODELS_DIR, MODELS_DIR / "nowhere")


def leads_drawn() -> st.SearchStrategy[np.ndarray]:
    """Features as they may be: unknown, a level, a share or a count; touches of 7 days among those of 90."""

    def value(place: int) -> st.SearchStrategy[float]:
        high = CATALOG[place].high
        some = st.floats(0, high, width=32) if high <= 3 else st.integers(0, 60).map(float)
        return st.one_of(st.just(UNKNOWN), some)

    def possible(values: tuple[float, ...]) -> np.ndarray:
        row = np.array(values, dtype=np.float32)
        touches = row[INDEX["interaction_count"]]
        row[INDEX["interactions_last_7_days"]] = min(row[INDEX["interactions_last_7_days"]], touches)
        return row

    return st.tuples(*(value(place) for place in range(len(NAMES)))).map(possible)


@settings(max_examples=25, deadline=None)
@given(leads_drawn(), st.data())
def test_touches_of_a_week_are_always_among_those_of_the_quarter(row: np.ndarray, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["interaction_count", "interactions_last_7_days"]))
    value = data.draw(st.sampled_from([UNKNOWN, 0.0, 1.0, 7.0, 40.0]))
    changed = what_if.with_value(row, name, value)
    week, quarter = changed[INDEX["interactions_last_7_days"]], changed[INDEX["interaction_count"]]
    assert changed[INDEX[name]] == value
    assert week <= quarter
    others = [place for place, other in enumerate(NAMES) if not other.startswith("interaction")]
    assert (changed[others] == row[others]).all()
