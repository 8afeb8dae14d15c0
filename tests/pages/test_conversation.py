"""A long conversation: what is left out is said, and comes on demand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streamlit.testing.v1 import AppTest

from core.leads import Direction, Interaction, Lead, LeadHistory
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.pages.conftest import Open
from tests.pages.said import sent


def told_often(times: int) -> LeadHistory:
    first = datetime(2026, 1, 5, 15, tzinfo=UTC)
    touches = tuple(
        Interaction(occurred_at=first + timedelta(hours=n), direction=Direction.OUTBOUND, text=f"Note {n}")
        for n in range(times)
    )
    return LeadHistory(lead=Lead(lead_id="ana", name="Ana Lima"), interactions=touches)


def turns(app: AppTest) -> list[str]:
    """The texts of the conversation, as the browser gets them."""
    return [turn["segments"][0]["text"] for turn in sent(app, "turns")]


def test_a_long_conversation_says_that_it_is_cut_and_offers_the_rest(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, told_often(450))
    app = open_page(empty, "lead", id="ana")
    assert "The last 200 of the 450 entries are shown." in [caption.value for caption in app.caption]
    assert turns(app) == [f"Note {n}" for n in range(250, 450)]
    app.button(key="earlier_turns").click().run()
    assert turns(app)[0] == "Note 50"
    assert app.button(key="earlier_turns").label == "Show 50 earlier"
    app.button(key="earlier_turns").click().run()
    assert turns(app) == [f"Note {n}" for n in range(450)]
    assert "earlier_turns" not in [button.key for button in app.button]


def test_a_short_conversation_is_shown_whole(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, told_often(200))
    app = open_page(empty, "lead", id="ana")
    assert len(turns(app)) == 200
    assert "earlier_turns" not in [button.key for button in app.button]
