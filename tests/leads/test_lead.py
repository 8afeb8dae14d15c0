"""Leads, interactions and outcomes take what can be kept and refuse the rest, naming the field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.leads import OPEN_STAGES, Direction, Interaction, InteractionKind, Lead, LeadHistory, Outcome, Side, Stage
from core.leads.lead import MOST_INTERACTIONS
from core.leads.text import LINE_CHARACTERS, MESSAGE_CHARACTERS

WHEN = datetime(2026, 1, 5, tzinfo=UTC)


def refused(**fields: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        Lead.model_validate({"lead_id": "a", **fields})
    return [".".join(str(part) for part in problem["loc"]) for problem in caught.value.errors()]


@pytest.mark.parametrize("lead_id", ["a", "lead_12345", "A-b_9", "x" * 100])
def test_an_id_of_letters_digits_dashes_and_underscores_is_taken(lead_id: str) -> None:
    assert Lead(lead_id=lead_id).lead_id == lead_id


@pytest.mark.parametrize("lead_id", ["", "x" * 101, "a b", "a/b", "a\n", "ä", "a.b", "<b>"])
def test_another_id_is_refused(lead_id: str) -> None:
    assert refused(lead_id=lead_id) == ["lead_id"]


def test_a_lead_needs_nothing_but_its_id() -> None:
    lead = Lead(lead_id="a")
    assert (lead.side, lead.stage, lead.tags, dict(lead.measured)) == (Side.BUYER, Stage.GENERATED, (), {})
    assert lead.insights.model_dump(exclude_none=True) == {}


def test_what_is_not_a_field_is_refused_by_name() -> None:
    assert refused(favourite_colour="red") == ["favourite_colour"]


def test_a_lead_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Lead(lead_id="a").name = "Ana"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["Ana Lima", "  Ana  ", "=HYPERLINK(1)", "دانيال", "😀", "O'Neil <b>"])
def test_a_name_is_kept_as_it_came_but_for_blanks_at_its_ends(name: str) -> None:
    assert Lead(lead_id="a", name=name).name == name.strip()


@pytest.mark.parametrize("name", ["Ana\nLima", "Ana\r\n\tLima", " Ana  Lima\n", "Ana\u00a0Lima", "Ana\u2028\x0bLima"])
def test_what_is_one_line_stands_on_one_line(name: str) -> None:
    assert Lead(lead_id="a", name=name).name == "Ana Lima"
    assert Lead(lead_id="a", tags=(name,)).tags == ("Ana Lima",)


def test_what_holds_a_character_together_is_no_white_space() -> None:
    family = "\U0001f468\u200d\U0001f469"  # two emoji that a joiner makes one of
    assert Lead(lead_id="a", name=f"{family}\n{family}").name == f"{family} {family}"


def test_a_message_keeps_its_lines() -> None:
    assert Lead(lead_id="a", message="Hello,\n\n  Ana").message == "Hello,\n\n  Ana"


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "x" * (LINE_CHARACTERS + 1)])
def test_a_name_that_nothing_could_store_is_refused(name: str) -> None:
    assert refused(name=name) == ["name"]


def test_a_message_may_be_long_and_no_longer() -> None:
    assert Lead(lead_id="a", message="x" * MESSAGE_CHARACTERS).message
    assert refused(message="x" * (MESSAGE_CHARACTERS + 1)) == ["message"]


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), -0.001])
def test_a_measured_feature_is_a_finite_number_of_zero_or_more(value: float) -> None:
    assert refused(measured={"property_views": value}) == ["measured"]


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_nothing_and_all(value: float) -> None:
    assert refused(insights={"engagement_level": value}) == ["insights.engagement_level"]


@given(
    shares=st.fixed_dictionaries(
        {}, optional={"engagement_level": st.floats(0, 1), "rapport_building_score": st.floats(0, 1)}
    )
)
def test_insights_that_are_not_given_stay_unknown(shares: dict[str, float]) -> None:
    insights = Lead.model_validate({"lead_id": "a", "insights": shares}).insights
    assert insights.model_dump(exclude_none=True) == shares


def test_a_touch_is_the_leads_own_unless_it_says_otherwise() -> None:
    touch = Interaction(occurred_at=WHEN)
    assert (touch.direction, touch.kind, touch.text) == (Direction.INBOUND, InteractionKind.OTHER, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("response_time_hours", -1),
        ("response_time_hours", 1e9),
        ("message_length", -1),
        ("questions_asked", 1.5),
        ("kind", "pigeon"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError, match=field):
        Interaction.model_validate({"occurred_at": WHEN, field: value})


def test_a_history_is_bounded() -> None:
    touch = Interaction(occurred_at=WHEN)
    assert len(LeadHistory(lead=Lead(lead_id="a"), interactions=(touch,) * MOST_INTERACTIONS).interactions) == 5_000
    with pytest.raises(ValidationError, match="interactions"):
        LeadHistory(lead=Lead(lead_id="a"), interactions=(touch,) * (MOST_INTERACTIONS + 1))


def test_a_history_survives_the_way_through_json() -> None:
    history = LeadHistory(
        lead=Lead(lead_id="a", name="Ana", price_max_usd="500000", created_at=WHEN, measured={"property_views": 3}),
        interactions=(Interaction(occurred_at=WHEN, kind=InteractionKind.SMS, text="Hi 😀"),),
    )
    assert LeadHistory.model_validate_json(history.model_dump_json()) == history


def test_lost_and_closed_are_the_stages_that_are_over() -> None:
    assert set(Stage) - set(OPEN_STAGES) == {Stage.CLOSED, Stage.LOST}


def test_an_outcome_names_its_stage_and_time() -> None:
    outcome = Outcome(lead_id="a", stage=Stage.CLOSED, occurred_at=WHEN, sale_price_usd="625000")
    assert str(outcome.sale_price_usd) == "625000.00"
    with pytest.raises(ValidationError, match="stage"):
        Outcome.model_validate({"lead_id": "a", "stage": "sold", "occurred_at": WHEN})
