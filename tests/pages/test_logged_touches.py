"""Logging a touch on a lead's screen, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory, utc_now
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.lead import leads, logged_touches
from core.services.lead.logged_touches import Way, Went
from core.services.scores import scoring
from pages.components.lead.conversation import turns_of
from pages.components.lead.logged_touches import _moment
from tests.pages.conftest import Open, press
from tests.pages.said import said
from tests.services.centers import models_dir, settings_in
from tests.services.crm.hooks import public

__all__ = ["models_dir"]
CHICAGO = ZoneInfo("America/Chicago")
ANA = LeadHistory(lead=Lead(lead_id="ana", name="Ana Lima", source="zillow", budget_range="500k-750k"))
BY_THEMSELVES = "Calls and messages that the CRM records come in by themselves. Log what it does not record."


def opened(app: AppTest) -> AppTest:
    """With the dialog open; AppTest forgets that with every run, so each begins with its button."""
    next(button for button in app.button if button.label == "Log a touch").click()
    return app


def test_a_call_is_logged_as_of_now_and_the_page_says_what_it_came_to(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, ANA)
    app = opened(open_page(empty, "lead", id="ana")).run()
    before = utc_now()
    opened(app).segmented_control(key="touch_went").set_value(Went.LEFT_MESSAGE)
    app.text_input(key="touch_note").set_value("Back on *Monday*")
    app.button(key="touch_save").click()
    app = app.run()
    assert not app.exception
    (touch,) = empty.store.history("ana").interactions
    assert (touch.kind, touch.direction) == (InteractionKind.CALL, Direction.OUTBOUND)
    assert (touch.subject, touch.text) == ("Left a message", "Back on *Monday*")
    assert before - timedelta(minutes=1) <= touch.occurred_at <= utc_now()
    was, now = (f"{one.score.ml_score:.0f}" for one in reversed(empty.store.scores("ana")))
    moved = f"Score {now}, as before." if now == was else f"Score {now}, was {was}."
    assert [one.value for one in app.toast] == [f"Call logged. {moved}"]
    assert any(text.value.endswith(": Call, left a message: Back on *Monday*") for text in app.text)
    (metric,) = (metric.value for metric in app.metric if metric.label == "Score")
    assert metric == now


def test_day_and_time_are_on_the_viewers_clock_and_only_a_call_went_somehow(
    empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, ANA)
    app = opened(open_page(empty, "lead", id="ana")).run()
    opened(app).segmented_control(key="touch_way").set_value(Way.TEXT)
    app = app.run()
    assert "touch_went" not in [control.key for control in app.segmented_control]
    opened(app).segmented_control(key="touch_way").set_value(Way.TEXT)
    app.date_input(key="touch_on").set_value(date(2026, 1, 15))
    app.time_input(key="touch_at").set_value(time(9, 30))
    app.button(key="touch_save").click()
    app = app.run()
    assert not app.exception
    assert app.toast[0].value.startswith("Text logged. Score ")
    (touch,) = empty.store.history("ana").interactions
    assert touch.kind is InteractionKind.SMS
    assert touch.occurred_at == datetime(2026, 1, 15, 15, 30, 59, tzinfo=UTC)  # Chicago is 6 hours behind in January


def test_a_time_to_come_is_refused_where_it_was_told(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, ANA)
    later = utc_now().astimezone(CHICAGO) + timedelta(minutes=3)
    if later.date() != utc_now().astimezone(CHICAGO).date():
        pytest.skip("the last minutes of the day in Chicago have no later time of the day")
    app = opened(open_page(empty, "lead", id="ana")).run()
    opened(app).time_input(key="touch_at").set_value(later.time())
    app.button(key="touch_save").click()
    app = app.run()
    assert any("must be between 2000-01-01 and now" in text.value for text in app.text)
    assert empty.store.interaction_count("ana") == 0


def test_of_the_minute_that_was_told_the_latest_moment_counts_and_never_a_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pages.components.lead.logged_touches.viewer_zone", lambda: CHICAGO)
    opened_at = datetime(2026, 1, 15, 15, 30, 20, tzinfo=UTC)
    at = {minute: _moment(date(2026, 1, 15), time(9, minute, 5), opened_at) for minute in (29, 30, 31)}
    assert at[29] == datetime(2026, 1, 15, 15, 29, 59, tzinfo=UTC)
    assert at[30] == opened_at  # who came in at 15:30:10 was called after that
    assert at[31] == datetime(2026, 1, 15, 15, 31, tzinfo=UTC)  # still to come, which the service refuses


def test_a_touch_logged_by_mistake_is_taken_back_after_a_second_click(empty: CommandCenter, open_page: Open) -> None:
    told = Interaction(occurred_at=datetime(2026, 9, 1, tzinfo=UTC), kind=InteractionKind.EMAIL, text="Hello")
    scoring.score_lead(empty, ANA.model_copy(update={"interactions": (told,)}))
    logged_touches.log_touch(empty, "ana", Way.MEETING, datetime(2026, 9, 20, 17, tzinfo=UTC))
    app = open_page(empty, "lead", id="ana")
    assert "Sep 20, 12:00: Meeting" in re.sub(", 2026", "", " ".join(text.value for text in app.text))
    (button,) = (button for button in app.button if button.label == "Take back")
    button.click().run()
    assert empty.store.interaction_count("ana") == 2  # the first click only asks
    app = press(app, str(button.key), "touch_back_yes")
    assert not app.exception
    assert [one.value.split(" Score ")[0] for one in app.toast] == ["Taken back."]
    assert empty.store.history("ana").interactions == (told,)
    assert "Logged by hand" not in [head.value for head in app.subheader]


def test_what_somebody_took_back_meanwhile_does_not_make_the_click_mean_another_touch(
    empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, ANA)
    for day in (10, 20):
        logged_touches.log_touch(empty, "ana", Way.CALL, datetime(2026, 9, day, 17, tzinfo=UTC))
    app = open_page(empty, "lead", id="ana")
    stale = next(button for button in app.button if button.label == "Take back")
    newest, other = leads.lead_detail(empty, "ana").logged
    logged_touches.take_back_touch(empty, "ana", newest)  # by somebody else, while this screen stood open
    app = stale.click().run()
    assert not app.exception
    assert "touch_back_yes" not in [button.key for button in app.button]  # nothing is asked of the other one
    assert leads.lead_detail(empty, "ana").logged == (other,)


def test_many_touches_leave_the_newest_five_in_sight(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, ANA)
    for day in range(1, 8):
        logged_touches.log_touch(empty, "ana", Way.CALL, datetime(2026, 9, day, 17, tzinfo=UTC), note=f"call {day}")
    app = open_page(empty, "lead", id="ana")
    lines = [text.value[-6:] for text in app.text if ": Call: " in text.value]
    assert lines == [f"call {day}" for day in (7, 6, 5, 4, 3, 2, 1)]
    (expander,) = (one for one in app.expander if "earlier" in one.label)
    assert expander.label == "2 earlier touches"
    assert [text.value[-6:] for text in expander.text] == ["call 2", "call 1"]


def test_the_conversation_shows_it_as_the_teams(empty: CommandCenter) -> None:
    scoring.score_lead(empty, ANA)
    logged_touches.log_touch(empty, "ana", Way.CALL, utc_now(), Went.TALKED, "Wants 500k")
    detail = leads.lead_detail(empty, "ana")
    (turn,) = turns_of(detail.history, detail.signals)
    assert (turn["who"], turn["inbound"], turn["kind"], turn["subject"]) == ("Team", False, "call", "Talked")
    assert turn["segments"] == [{"text": "Wants 500k", "signal": ""}]


@pytest.fixture
def connected(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    with CommandCenter(settings_in(tmp_path / "crm", jorge_ghl_webhook_keys=public()), models_dir) as center:
        yield center


def test_with_a_crm_the_dialog_says_what_need_not_be_logged(
    connected: CommandCenter, empty: CommandCenter, open_page: Open
) -> None:
    scoring.score_lead(empty, ANA)
    scoring.score_lead(connected, ANA)
    assert not any(BY_THEMSELVES in text for text in said(opened(open_page(empty, "lead", id="ana")).run()))
    assert any(BY_THEMSELVES in text for text in said(opened(open_page(connected, "lead", id="ana")).run()))
    rules.set_on(connected, False)
    assert not any(BY_THEMSELVES in text for text in said(opened(open_page(connected, "lead", id="ana")).run()))
