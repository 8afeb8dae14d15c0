"""The CRM on the settings page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import Unauthenticated
from core.leads import Stage
from core.services.center import CommandCenter
from core.services.crm import intake, rules, writing
from core.services.crm.work import work
from tests.pages.conftest import Open
from tests.services.centers import models_dir, settings_in
from tests.services.crm.hooks import body, public, sign

__all__ = ["models_dir"]
HOSTILE = "![x](https://example.org/x.png)<script>"


@pytest.fixture
def connected(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    told: dict[str, Any] = {
        "jorge_ghl_webhook_keys": public(),
        "jorge_ghl_api_token": SecretStr("pit-of-the-tests"),
        "jorge_ghl_score_field": "f-score",
    }
    with CommandCenter(settings_in(tmp_path / "data", **told), models_dir) as center:
        opportunity = {"id": "op", "contactId": "ana", "pipelineStageId": "st1", "stageName": HOSTILE, "status": "open"}
        events: tuple[tuple[str, dict[str, Any]], ...] = (
            ("ContactCreate", {"id": "ana", "name": "Ana", "customFields": [{"id": "cf1", "value": "500k"}]}),
            ("OpportunityCreate", opportunity),
            ("InboundMessage", {"body": "whose?"}),
            ("NoteCreate", {}),
        )
        for number, (kind, fields) in enumerate(events):
            sent = body(kind, f"w{number}", **fields)
            intake.take(center, sent, sign(sent))
        with pytest.raises(Unauthenticated):
            intake.take(center, b"{}", None)
        center.crm.refusals.flush()
        work(center)
        yield center


def test_without_a_key_the_card_says_what_to_set(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "settings")
    assert not app.exception
    assert any("JORGE_GHL_WEBHOOK_KEYS" in caption.value for caption in app.caption)


def test_the_card_tells_what_came_and_what_failed(connected: CommandCenter, open_page: Open) -> None:
    app = open_page(connected, "settings")
    assert not app.exception
    said = [text.value for text in app.text]
    assert any(words.startswith("Last event: NoteCreate") for words in said)
    assert "Refused in 7 days: no signature 1" in said
    tables = [frame.value for frame in app.dataframe]
    (events,) = [table for table in tables if "Became" in table]
    assert set(zip(events["Event"], events["Became"], strict=True)) == {
        ("ContactCreate", "Done"),
        ("OpportunityCreate", "Done"),
        ("InboundMessage", "Failed"),
        ("NoteCreate", "Means nothing here"),
    }
    (failed,) = [table for table in tables if "Why it failed" in table]
    assert list(failed["Why it failed"]) == [
        "contactId is missing or longer than 100 characters; the event names no one"
    ]
    assert all(HOSTILE not in element.value for element in (*app.markdown, *app.caption))


def test_events_and_writing_are_switched_on_the_card(connected: CommandCenter, open_page: Open) -> None:
    app = open_page(connected, "settings")
    assert (rules.is_on(connected), writing.is_on(connected)) == (True, False)
    app.toggle(key="crm_on_True").set_value(False).run()
    app.toggle(key="crm_write_on_False").set_value(True).run()
    assert not app.exception
    assert (rules.is_on(connected), writing.is_on(connected)) == (False, True)
    assert any(text.value.startswith("0 contacts are told; 1 waiting") for text in app.text)


def test_an_open_tab_does_not_undo_a_switch_of_another_admin(connected: CommandCenter, open_page: Open) -> None:
    app = open_page(connected, "settings")
    rules.set_on(connected, on=False)
    writing.set_on(connected, on=True)
    app.run()
    assert not app.exception
    assert (rules.is_on(connected), writing.is_on(connected)) == (False, True)


def test_what_a_stage_means_is_saved_and_read_anew(connected: CommandCenter, open_page: Open) -> None:
    app = open_page(connected, "settings")
    app.session_state["crm_stages"] = {"edited_rows": {0: {"Means": "qualified"}}, "added_rows": [], "deleted_rows": []}
    app.button(key="crm_save_stages").click().run()
    assert not app.exception
    assert [outcome.stage for outcome in connected.store.outcomes("ana")] == [Stage.QUALIFIED]
