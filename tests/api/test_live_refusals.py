"""Who may not listen is told why: in the answer to the handshake, or in the words with which the socket is closed."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from core.api.build import build_api
from core.services.access import Role, Scope, api_token, make_key, screen_token
from core.services.access.people import give_role, take_role
from core.services.center import CommandCenter
from tests.api.conftest import ML, forged
from tests.services.centers import settings_in

SOCKET = f"{ML}/ws/live-scores"


def denied(client: TestClient, **headers: str) -> WebSocketDenialResponse:
    """The answer to a handshake that opens no socket; in the one shape of every refusal."""
    client.headers.pop("Authorization", None)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect(SOCKET, headers=named):
        pass
    answer = refused.value
    body = answer.json()
    assert (set(body), body["success"]) == ({"success", "error", "request_id"}, False)
    assert set(body["error"]) == {"code", "message", "details"}
    assert answer.headers["x-request-id"] == body["request_id"]
    return answer


def said(answer: WebSocketDenialResponse) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["message"]


def end_of(client: TestClient, *said: dict[str, Any]) -> tuple[int, str]:
    """How a conversation ends in which this is said; a heartbeat may come before."""
    client.headers.pop("Authorization", None)
    with client.websocket_connect(SOCKET) as socket:
        for message in said:
            socket.send_json(message)
        try:
            for _ in range(2):
                socket.receive_json()
        except WebSocketDisconnect as end:
            return int(end.code), end.reason
    raise AssertionError("it goes on")


def test_a_key_or_token_that_is_none_is_a_401(client: TestClient) -> None:
    answer = denied(client, X_API_Key="jorge_" + "x" * 43)
    assert said(answer) == (401, "the key is unknown or was revoked; make one with: jorge keys make")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert denied(client, Authorization="Bearer x").status_code == 401


def test_a_key_that_may_not_read_is_a_403_that_says_so(client: TestClient, live: CommandCenter) -> None:
    key = make_key(live, "crm", Scope.SCORE)
    assert said(denied(client, X_API_Key=key)) == (403, "this needs the scope read; yours: score")


def test_a_page_elsewhere_and_a_foreign_name_are_a_403_that_names_the_setting(
    client: TestClient, live: CommandCenter
) -> None:
    status, message = said(denied(client, Origin="https://crm.example"))
    assert status == 403
    assert "JORGE_CORS_ORIGINS" in message
    with TestClient(build_api(lambda: live, settings_in(live.data_dir)), base_url="http://localhost") as ours:
        status, message = said(denied(ours, Host="evil.example"))
    assert status == 403
    assert "JORGE_ALLOWED_HOSTS" in message


def test_while_the_database_is_down_a_key_may_be_good_and_is_asked_to_come_back(
    client: TestClient, live: CommandCenter
) -> None:
    key = make_key(live, "crm", Scope.READ)
    with sqlite3.connect(live.settings.database_url.removeprefix("sqlite:///")) as database:
        database.execute("ALTER TABLE api_keys RENAME TO gone")
    answer = denied(client, X_API_Key=key)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["error"]["details"] == [{"dependency": "database"}]


def test_one_call_too_many_is_told_as_that_and_not_as_a_bad_token(tmp_path: Path, models_dir: Path) -> None:
    settings = settings_in(tmp_path / "data", jorge_rate_limit_read_per_minute=1)
    with CommandCenter(settings, models_dir) as center, TestClient(build_api(lambda: center)) as client:
        token = api_token(center, "wall", Role.AGENT, 1)
        with client.websocket_connect(SOCKET, headers={"Authorization": f"Bearer {token}"}) as socket:
            assert socket.receive_json()["event_type"] == "heartbeat"
        answer = denied(client, Authorization=f"Bearer {token}")
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        code, reason = end_of(client, {"type": "auth", "token": token})
    assert code == 1013
    assert reason.startswith("calls of this kind are limited to 1 a minute")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("lead_score", "'lead_score'; is lead_scored meant?"),
        ("Xanthippe", "'Xanthippe'; lead_scored is one;"),
        ("\N{HOUSE WITH GARDEN}" * 500, "'\\U0001f3e1\\U0001f3e1\\U0001f3e; lead_scored is one;"),
    ],
)
def test_whoever_waits_for_an_event_that_never_comes_is_told_so_at_once(
    client: TestClient, live: CommandCenter, name: str, told: str
) -> None:
    wish = {"type": "subscribe", "events": ["lead_scored", name]}
    code, reason = end_of(client, {"type": "auth", "token": screen_token(live)}, wish, {"type": "ping"})
    assert (code, reason) == (1008, f"no event is called {told} docs/live-feed.md has all")
    assert len(reason.encode()) <= 123  # RFC 6455, 5.5: a control frame has room for 125 bytes, and two are the code


def test_a_first_message_with_a_bad_token_hears_what_is_wrong_with_it(client: TestClient, live: CommandCenter) -> None:
    late = forged(exp=1_700_000_000, iat=1_699_999_000)
    assert end_of(client, {"type": "auth", "token": late}) == (
        1008,
        "the token has expired; make one with: jorge token",
    )
    give_role(live, "ana@team.example", Role.AGENT)
    take_role(live, "ana@team.example")
    out = api_token(live, "ana@team.example", Role.AGENT, 1)
    assert end_of(client, {"type": "auth", "token": out}) == (1008, "access was taken away; ask an admin")
