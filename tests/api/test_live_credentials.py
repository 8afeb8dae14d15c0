"""A socket lasts as long as the token or key that opened it; a page's lasts as long as the page and its sign-in."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from core.api.live import RECHECK_S
from core.leads import utc_now
from core.services.access import Scope, make_key, revoke_key
from core.services.access.tokens import LEEWAY_S
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.api.conftest import ML, forged
from tests.services.made import told

SOCKET = f"{ML}/ws/live-scores"
TAKEN_S = 5  # a busy machine takes a while to open a socket


def seconds_until_it_is_refused(socket: WebSocketTestSession) -> float:
    began = time.monotonic()
    end = last_word(socket)
    assert end.code == 1008
    return time.monotonic() - began


def last_word(socket: WebSocketTestSession) -> WebSocketDisconnect:
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as end:
            return end


def test_a_key_that_is_revoked_loses_its_socket_within_five_seconds(client: TestClient, live: CommandCenter) -> None:
    client.headers.pop("Authorization")
    key = make_key(live, "screen-wall", Scope.READ)
    with client.websocket_connect(SOCKET, headers={"X-API-Key": key}) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"
        revoke_key(live, "screen-wall")
        assert seconds_until_it_is_refused(socket) < 5.0


@pytest.mark.parametrize("by_header", [True, False])
def test_a_token_that_expires_ends_the_socket(client: TestClient, by_header: bool) -> None:
    client.headers.pop("Authorization")
    token = forged(exp=utc_now() - timedelta(seconds=LEEWAY_S - TAKEN_S))
    headers = {"Authorization": f"Bearer {token}"} if by_header else {}
    with client.websocket_connect(SOCKET, headers=headers) as socket:
        if not by_header:
            socket.send_json({"type": "auth", "token": token})
        assert socket.receive_json()["event_type"] == "heartbeat"
        assert seconds_until_it_is_refused(socket) < TAKEN_S + RECHECK_S + 2


def test_a_page_ends_with_the_sign_in_of_who_opened_it(client: TestClient) -> None:
    client.headers.pop("Authorization")
    until = utc_now() + timedelta(seconds=TAKEN_S)
    token = forged(aud="jorge-screen", until=int(until.timestamp()))
    with client.websocket_connect(SOCKET) as socket:
        socket.send_json({"type": "auth", "token": token})
        assert socket.receive_json()["event_type"] == "heartbeat"
        assert seconds_until_it_is_refused(socket) < TAKEN_S + RECHECK_S + 2
    with client.websocket_connect(SOCKET) as socket:  # the token itself would be good for an hour
        socket.send_json({"type": "auth", "token": token})
        assert last_word(socket).code == 1008


def test_a_page_goes_on_listening_when_the_token_of_its_first_moment_has_expired(
    client: TestClient, live: CommandCenter
) -> None:
    client.headers.pop("Authorization")
    token = forged(aud="jorge-screen", exp=utc_now() - timedelta(seconds=LEEWAY_S - TAKEN_S))
    with client.websocket_connect(SOCKET) as socket:
        socket.send_json({"type": "auth", "token": token})
        assert socket.receive_json()["event_type"] == "heartbeat"
        time.sleep(TAKEN_S + RECHECK_S + 1)
        scoring.score_lead(live, told())
        while (event := socket.receive_json())["event_type"] != "lead_scored":
            pass
        assert event["lead_id"] == "ana"
