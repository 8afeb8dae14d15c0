"""The second opinion on the screens: what waits, what was said, and what a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from core.leads import Lead, LeadHistory, utc_now
from core.services.access import trusted
from core.services.center import CommandCenter
from core.services.escalations import policy, review
from core.services.scores import scoring
from core.settings import Settings
from core.store.opinions import Limits, Result, Status
from tests.pages.conftest import LookAs, Open, center_in
from tests.services.acting import ANA
from tests.services.made import told, wrote

HOSTILE = "![x](https://evil.example/p.png) <b>bold</b> $5"


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[CommandCenter]:
    """A workspace without a key, with two leads that wait."""
    with center_in(tmp_path) as center:
        queue(center)
        yield center


@pytest.fixture
def set_up(tmp_path: Path) -> Iterator[CommandCenter]:
    """The same with a key."""
    settings = Settings(jorge_data_dir=tmp_path, jorge_redis_url=None, anthropic_api_key=SecretStr("a key"))
    with CommandCenter(settings) as center:
        queue(center)
        yield center


def queue(center: CommandCenter) -> None:
    for lead_id, name in (("ana", "Ana Lima"), ("bo", HOSTILE)):
        touches = tuple(wrote("Could we see it?", days_ago=day, at=utc_now()) for day in range(1, 4))
        lead = told(lead_id, name=name).model_copy(update={"interactions": touches})
        scoring.score_lead(center, lead)
    center.store.opinions.gather(lambda found: ["low_confidence" for _ in found])


def answer(center: CommandCenter, lead_id: str, result: Result) -> None:
    [row] = [row for row in center.store.opinions.waiting(9) if row.lead_id == lead_id]
    center.store.opinions.reserve(row, 1_000, Limits(10**9, 10**9))
    center.store.opinions.settle(row.opinion_id, result)


def opinion(**more: object) -> Result:
    said = {
        "band": "over 70 %",
        "evidence": [{"quote": HOSTILE, "why": "Wants to see a home."}],
        "objections": ["Has not spoken of a loan."],
        "next_best_action": "Call today.",
        "draft_reply": "Hi Ana, shall we say Saturday?",
    }
    return Result(Status.ANSWERED, 450, 1_234.0, said, 0.7, 1.0, claude_model="claude-haiku-5-5", simulated=True)


def test_without_a_key_the_page_says_how_to_switch_claude_on(waiting: CommandCenter, open_page: Open) -> None:
    app = open_page(waiting, "escalations")
    assert not app.exception
    notice = next(one for one in app.info if "Claude is off" in one.proto.title)
    assert "ANTHROPIC_API_KEY" in notice.value
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Waiting"] == "2"
    assert shown["Escalated, 30 days"] == "2"


def test_an_empty_page_says_when_a_lead_lands_there(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "escalations")
    assert any("No escalations" in head.value for head in app.subheader)


def test_a_person_agrees_or_sets_a_tier(waiting: CommandCenter, open_page: Open) -> None:
    app = open_page(waiting, "escalations")
    first, second = waiting.store.opinions.for_review()
    app.button(key=f"agree_{first.opinion_id}").click().run()
    tier = "cold" if second.tier.value != "cold" else "hot"
    app.button(key=f"make_{tier}_{second.opinion_id}").click().run()
    assert not app.exception
    assert waiting.store.opinions.for_review() == []
    override = waiting.store.override(second.lead_id)
    assert override is not None
    assert override.tier == tier


def test_who_was_slower_is_told_that_nothing_was_changed(waiting: CommandCenter, open_page: Open) -> None:
    app = open_page(waiting, "escalations")
    first, second = waiting.store.opinions.for_review()
    ben = waiting.acting_as(trusted("ben"))
    review.agree(ben, first.opinion_id)
    review.agree(ben, second.opinion_id)
    app.button(key=f"agree_{first.opinion_id}").click().run()
    assert any(one.value.startswith("Somebody else was faster") for one in app.toast)
    assert waiting.store.opinions.one(first.opinion_id).decided_by == "ben"


def test_the_last_page_goes_with_its_last_lead_and_the_one_before_is_shown_whole(
    empty: CommandCenter, open_page: Open
) -> None:
    for number in range(21):
        scoring.score_lead(empty, told(f"lead-{number}", name=f"Lead {number}"))
    empty.store.opinions.gather(lambda found: ["low_confidence" for _ in found])
    app = open_page(empty, "escalations")
    app.session_state["review_page"] = 3
    app.run()
    for name, page in (("Lead 0", 2), ("Lead 10", 2)):  # of three pages the last goes; then one of the second
        last = next(row for row in empty.store.opinions.for_review() if row.name == name)
        app.button(key=f"agree_{last.opinion_id}").click().run()
        assert not app.exception
        assert empty.store.opinions.one(last.opinion_id).decision == review.AGREED
        assert app.session_state["review_page"] == page
    assert any(one.value == "11 to 19 of 19" for one in app.caption)


def test_an_agent_finds_no_budget_to_change(waiting: CommandCenter, open_page: Open, look_as: LookAs) -> None:
    look_as(ANA)
    app = open_page(waiting, "escalations")
    assert not app.exception
    assert "daily_usd" not in [field.key for field in app.number_input]


def test_what_waits_for_review_is_paged_and_the_largest_commission_can_come_first(
    empty: CommandCenter, open_page: Open
) -> None:
    for number in range(12):  # budgets of 300,000 and up, in steps of 10,000
        price = Decimal(300_000 + 10_000 * number)
        lead = Lead(lead_id=f"lead-{number}", name=f"Lead {number}", price_min_usd=price, price_max_usd=price)
        scoring.score_lead(empty, LeadHistory(lead=lead))
    empty.store.opinions.gather(lambda found: ["low_confidence" for _ in found])
    app = open_page(empty, "escalations")
    assert not app.exception
    assert any(one.value == "1 to 10 of 12" for one in app.caption)
    assert shown_leads(app)[0] == "Lead 11"  # the newest
    app.session_state["review_page"] = 2
    app.run()
    assert shown_leads(app) == ["Lead 1", "Lead 0"]
    assert any(one.value == "11 to 12 of 12" for one in app.caption)
    assert [row.lead_id for row in empty.store.opinions.for_review(2, by_commission=True)] == ["lead-11", "lead-10"]
    assert [row.lead_id for row in empty.store.opinions.for_review(2, 10, by_commission=True)] == ["lead-1", "lead-0"]


def shown_leads(app: AppTest) -> list[str]:
    return [text.value for text in app.text if text.value.startswith("Lead ")]


def test_a_leads_screen_shows_what_claude_said_as_plain_text(set_up: CommandCenter, open_page: Open) -> None:
    answer(set_up, "bo", opinion())
    app = open_page(set_up, "lead", id="bo")
    assert not app.exception
    texts = [text.value for text in app.text]
    assert any(HOSTILE in text and "Wants to see a home." in text for text in texts)
    assert not any("evil.example" in one.value for one in (*app.markdown, *app.caption, *app.subheader))
    assert any("1.2 s for $0.0005" in text or "1.2 s for $0.0004" in text for text in texts)
    assert any("The model's score stays as it is" in text or "Claude agrees" in text for text in texts)


def test_a_leads_screen_says_why_there_is_no_opinion(set_up: CommandCenter, open_page: Open) -> None:
    answer(set_up, "ana", Result(Status.REFUSED, 90, 500.0, error="Claude declined to give an opinion."))
    texts = [text.value for text in open_page(set_up, "lead", id="ana").text]
    assert "There is no opinion, so the model's answer stands. Claude declined to give an opinion." in texts


def test_the_button_puts_a_lead_before_all_others(set_up: CommandCenter, open_page: Open) -> None:
    app = open_page(set_up, "lead", id="ana")
    app.button(key="ask_now").click().run()
    assert not app.exception
    assert set_up.store.opinions.waiting()[0].lead_id == "ana"
    assert set_up.store.opinions.of_lead("ana")[0].asked_because == "requested"


def test_the_threshold_page_shows_both_policies_and_switches(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "threshold")
    assert [metric.label for metric in app.metric].count("A month") == 2
    app.button(key="use_by_value").click().run()
    assert not app.exception
    assert policy.policy(own) is policy.Policy.BY_VALUE


def test_figures_of_the_page_are_those_of_the_rows(set_up: CommandCenter, open_page: Open) -> None:
    answer(set_up, "ana", opinion())
    assert set_up.store.opinions.tallies(utc_now() - timedelta(days=1))
    shown = {metric.label: metric.value for metric in open_page(set_up, "escalations").metric}
    assert shown["Time per opinion"] == "1.2 s"
    assert shown["Spent, 30 days"] == r"\$0.00"  # it was simulated
