"""What a workspace of three leads and one closing says: no chart of nothing, and of figures how little they tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.charts.frame import whole_numbers
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory, Outcome, Stage, utc_now
from core.scoring import Tier
from core.services.center import CommandCenter
from core.services.lead import leads
from core.services.scores import scoring
from tests.pages.conftest import Open, center_in

PAGE = "advanced_analytics"


@pytest.fixture
def three(tmp_path: Path) -> Iterator[CommandCenter]:
    """Three young leads, one of which was called, signed and closed after it was scored."""
    now = utc_now()
    with center_in(tmp_path) as center:
        for number, days in enumerate((20, 3, 0)):
            came = now - timedelta(days=days)
            lead = Lead(lead_id=f"lead_{number}", name=f"Ana {number}", source="zillow", created_at=came)
            called = Interaction(
                occurred_at=came + timedelta(minutes=30), kind=InteractionKind.CALL, direction=Direction.OUTBOUND
            )
            center.store.save_histories([LeadHistory(lead=lead, interactions=(called,) if days == 20 else ())])
            scoring.score_stored(center, lead.lead_id)
        leads.record_outcome(center, Outcome(lead_id="lead_0", stage=Stage.CLOSED, occurred_at=utc_now()))
        yield center


def heads(app: AppTest) -> list[str]:
    assert not app.exception
    return [head.value for head in app.subheader]


def captions(app: AppTest) -> list[str]:
    assert not app.exception
    return [caption.value for caption in app.caption]


def test_speed_to_lead_says_how_few_leads_its_figures_stand_on(three: CommandCenter, open_page: Open) -> None:
    app = open_page(three, PAGE)
    assert "From 3 leads: so few say little about how soon others are answered." in captions(app)
    links = [link.proto.label for link in app.get("page_link")]
    assert "Never answered so far: 2" in links
    assert "Answered within an hour: 1" in links


def test_leads_of_an_export_that_tells_no_calls_are_not_called_never_answered(
    empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, LeadHistory(lead=Lead(lead_id="ana", agent="Ana Diaz", created_at=utc_now())))
    app = open_page(empty, PAGE)
    assert "No call or message of the team is on record" in heads(app)
    assert not any("Never answered" in link.proto.label for link in app.get("page_link"))
    sent = Interaction(occurred_at=utc_now(), kind=InteractionKind.NOTE, direction=Direction.OUTBOUND, text="Nice")
    empty.store.save_histories([LeadHistory(lead=Lead(lead_id="ana"), interactions=(sent,))])
    assert "No call or message of the team is on record" in heads(open_page(empty, PAGE))  # a note is none
    called = sent.model_copy(update={"kind": InteractionKind.CALL})
    empty.store.save_histories([LeadHistory(lead=Lead(lead_id="ana"), interactions=(called,))])
    assert "No call or message of the team is on record" not in heads(open_page(empty, PAGE))


def test_cohorts_that_are_too_young_or_too_small_draw_nothing(three: CommandCenter, open_page: Open) -> None:
    app = open_page(three, PAGE, show="Cohorts")
    assert "No lead is a month old yet" in heads(app)
    assert not app.get("plotly_chart")
    app = open_page(three, PAGE, show="Cohorts", span="Week")
    assert "3 leads so far; 20 are needed" in heads(app)
    assert len(app.get("plotly_chart")) == 1  # the field; the curve would be one lead's


def test_one_closing_does_not_say_which_channel_brings_closings(three: CommandCenter, open_page: Open) -> None:
    app = open_page(three, PAGE, show="Attribution")
    assert "1 closing has a touch before so far; which channel brings them is told from 10 on." in [
        text.value for text in app.text
    ]
    assert not any("would be missed most" in text.value for text in app.text)


def test_the_usual_rate_of_a_test_is_not_guessed_from_two_leads(three: CommandCenter, open_page: Open) -> None:
    app = open_page(three, PAGE, show="A/B tests")
    assert any("too few to say the usual rate; set it by hand." in told for told in captions(app))
    assert app.number_input(key="ab_base_answered_1").value == 30.0


def test_clusters_are_not_offered_before_there_are_enough_leads(three: CommandCenter, open_page: Open) -> None:
    app = open_page(three, PAGE, show="Segments")
    assert any(told.endswith("3 leads so far; 60 scored ones are needed.") for told in captions(app))
    assert "find_clusters" not in [button.key for button in app.button]


def test_days_that_nobody_has_told_are_not_said_to_be_none(three: CommandCenter, open_page: Open) -> None:
    assert not any("Qualified 0" in told for told in captions(open_page(three, PAGE, show="Funnel")))


def test_one_decided_lead_is_one_and_says_how_little_that_is(three: CommandCenter, open_page: Open) -> None:
    # Wilson's interval of 1 of 1 at 95 % begins at 1 / (1 + 1.96 ** 2) = 0.2065
    table = open_page(three, "model_status").table[0].value.to_string()
    assert "100 % (21 to 100) of your 1 decided lead" in table
    assert "leads" not in table


def test_no_price_is_not_a_commission_of_nothing(three: CommandCenter, open_page: Open) -> None:
    from core.services.escalations import review

    review.ask_now(three, "lead_1")
    shown = {metric.label: metric.value for metric in open_page(three, "escalations").metric}
    assert shown["Commission, both sides"] == "not known"


@pytest.mark.parametrize(("largest", "step"), [(1, 1), (4, 1), (5, None), (0, 1)])
def test_a_short_axis_of_counts_has_no_half_steps(largest: int, step: int | None) -> None:
    assert whole_numbers(largest).get("dtick") == step


def test_no_hot_lead_is_not_said_to_have_been_answered(three: CommandCenter, open_page: Open) -> None:
    assert not any(row.tier is Tier.HOT for row in three.store.recent_scores(9))
    assert open_page(three, PAGE).text[0].value == "None: no hot lead of this selection waits for an answer."
