"""Webhooks over HTTP: answered once they are kept, refused in the one shape."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.errors import NotFound
from core.services.center import CommandCenter
from tests.api.served import served
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.crm.hooks import LOCATION, body, public, sign

ADDRESS = "/v1/webhooks/gohighlevel"


@pytest.fixture
def taking(tmp_path: Path, models_dir: Path) -> Iterator[CommandCenter]:
    settings = settings_in(tmp_path / "data", jorge_ghl_webhook_keys=public(), jorge_ghl_location_ids=LOCATION)
    with CommandCenter(settings, models_dir) as opened:
        yield opened


@pytest.fixture
def crm(taking: CommandCenter) -> TestClient:
    """A CRM: it has no token."""
    return TestClient(build_api(lambda: taking), raise_server_exceptions=False)


def post(crm: TestClient, sent: bytes, signature: str | None = None) -> Any:
    headers = {"x-wh-signature": sign(sent) if signature is None else signature}
    return crm.post(ADDRESS, content=sent, headers=headers)


def test_an_event_is_acknowledged_once_it_is_kept(crm: TestClient, taking: CommandCenter) -> None:
    sent = body("ContactCreate", "w1", id="ana", name="Ana Lima")
    answer = post(crm, sent)
    assert answer.status_code == 200
    expected: dict[str, Any] = {"success": True, "webhook_id": "w1", "event_type": "ContactCreate"}
    assert answer.json() == expected | {"duplicate": False, "acted_on": True}
    assert [event.webhook_id for event in taking.store.crm.waiting()] == ["w1"]
    assert post(crm, sent).json() == expected | {"duplicate": True, "acted_on": False}
    assert post(crm, body("NoteCreate", "w2")).json()["acted_on"] is False


def test_refusals_have_the_one_shape(crm: TestClient) -> None:
    sent = body("ContactCreate", "w1", id="ana")
    refused: dict[int, Any] = {
        401: crm.post(ADDRESS, content=sent),
        422: post(crm, b"{"),
        403: post(crm, sent.replace(LOCATION.encode(), b"elsewhere")),
        413: post(crm, b" " * 1_000_001),
    }
    for status, answer in refused.items():
        assert answer.status_code == status, answer.text
        assert set(answer.json()) == {"success", "error", "request_id"}
    assert post(crm, sent, "AAAA").status_code == 401


def test_an_event_that_cannot_be_kept_is_not_acknowledged(crm: TestClient, taking: CommandCenter) -> None:
    with taking.store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE crm_events RENAME TO crm_events_away")
    answer = post(crm, body("ContactCreate", "w1", id="ana"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


def test_a_running_server_makes_a_scored_lead_of_it_and_tells_the_feed(taking: CommandCenter) -> None:
    def is_scored() -> bool:
        try:
            return taking.store.latest_score("ana").via == "crm"
        except NotFound:
            return False

    with served(taking) as url, httpx.Client(trust_env=False) as http:
        for sent in (
            body("InboundMessage", "w1", contactId="ana", messageType="SMS", body="Is it still there?"),
            body("ContactCreate", "w2", id="ana", name="Ana Lima"),
        ):
            answer = http.post(f"{url}/api{ADDRESS}", content=sent, headers={"x-wh-signature": sign(sent)})
            assert answer.status_code == 200
        until(is_scored, within_s=10.0)
        until(lambda: taking.store.history("ana").lead.name == "Ana Lima", within_s=10.0)
        until(lambda: taking.hub.position >= 1, within_s=10.0)
    told = taking.store.outbox_after()
    assert {event.payload["event_type"] for event in told} == {"lead_scored"}
