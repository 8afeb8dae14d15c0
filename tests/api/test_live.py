"""The live WebSocket, on a real store, a real relay and a real Redis."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.api import live as live_module
from core.api.wishes import Bye
from core.services.access import screen_token
from core.services.center import CommandCenter
from core.services.lead import leads
from core.services.scores import scoring
from tests.api.conftest import ML, bearer, forged
from tests.realtime.waiting import quickest, until
from tests.services.made import told, untold

SOCKET = f"{ML}/ws/live-scores"


@contextmanager
def opened(
    client: TestClient, first: dict[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Iterator[WebSocketTestSession]:
    """A socket without the client's own token; ``first`` is sent at once."""
    client.headers.pop("Authorization", None)
    with client.websocket_connect(SOCKET, headers=dict(headers or {})) as socket:
        if first is not None:
            socket.send_json(first)
        yield socket


def auth(center: CommandCenter, **more: Any) -> dict[str, Any]:
    return {"type": "auth", "token": screen_token(center)} | more


def scores_in(socket: WebSocketTestSession, count: int) -> list[dict[str, Any]]:
    """The next ``count`` events that are no heartbeat."""
    events: list[dict[str, Any]] = []
    while len(events) < count:
        event = socket.receive_json()
        if event["event_type"] != "heartbeat":
            events.append(event)
    return events


def closed_with(socket: WebSocketTestSession) -> int:
    while True:
        try:
            socket.receive_json()
        except WebSocketDisconnect as end:
            return int(end.code)


def test_a_posted_lead_is_on_the_screen_within_a_second(client: TestClient, live: CommandCenter) -> None:
    headers = bearer(live)
    client.post(f"{ML}/score", json={"lead_id": "warm-up"}, headers=headers)
    with opened(client, auth(live)) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"
        events: list[dict[str, Any]] = []

        def post_and_hear() -> None:
            lead_id = f"ana-{len(events)}"
            body = {"lead_id": lead_id, "lead_data": {"name": "Ana Lima", "source": "zillow"}}
            assert client.post(f"{ML}/score", json=body, headers=headers).status_code == 200
            event = scores_in(socket, 1)[0]
            if event["lead_id"] == "warm-up":  # on its way when the screen opened
                event = scores_in(socket, 1)[0]
            assert event["lead_id"] == lead_id
            events.append(event)

        quickest(post_and_hear, 1.0)
    event = events[-1]
    assert event["event_type"] == "lead_scored"
    assert (event["lead_name"], event["source"]) == ("Ana Lima", "zillow")
    assert event["ml_score"] == pytest.approx(10)
    assert event["classification"] == "cold"
    assert event["event_id"]
    assert event["timestamp"].endswith("Z")


def test_a_token_in_the_header_opens_the_socket_without_a_first_message(
    client: TestClient, live: CommandCenter
) -> None:
    with opened(client, headers=bearer(live)) as socket:
        scoring.score_lead(live, told())
        assert scores_in(socket, 1)[0]["lead_id"] == "ana"


def test_money_comes_with_two_decimals(client: TestClient, live: CommandCenter) -> None:
    with opened(client, auth(live)) as socket:
        scoring.score_lead(live, told())  # 6 % of 625,000
        while '"lead_scored"' not in (text := socket.receive_text()):
            pass
    assert '"estimated_commission":37500.00,' in text


def test_a_client_that_comes_back_gets_what_it_missed_once_and_in_order(
    client: TestClient, live: CommandCenter
) -> None:
    with opened(client, auth(live)) as socket:
        scoring.score_lead(live, told("first"))
        last = scores_in(socket, 1)[0]["event_id"]
    for name in ("second", "third"):
        scoring.score_lead(live, told(name))
    with opened(client, auth(live, last_event_id=last)) as socket:
        assert [event["lead_id"] for event in scores_in(socket, 2)] == ["second", "third"]
    with opened(client, {"last_event_id": last}, bearer(live)) as socket:
        assert [event["lead_id"] for event in scores_in(socket, 2)] == ["second", "third"]


def test_a_client_that_named_itself_in_a_header_may_say_late_where_it_left_off(
    client: TestClient, live: CommandCenter
) -> None:
    """It gets what it missed, and nothing of what it has heard meanwhile again."""
    with opened(client, auth(live)) as socket:
        scoring.score_lead(live, told("first"))
        last = scores_in(socket, 1)[0]["event_id"]
    scoring.score_lead(live, told("second"))
    until(lambda: live.hub.position >= 2)
    with opened(client, headers=bearer(live)) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"  # the wait for its first word is over
        scoring.score_lead(live, told("third"))
        assert scores_in(socket, 1)[0]["lead_id"] == "third"
        socket.send_json({"last_event_id": last})
        assert scores_in(socket, 1)[0]["lead_id"] == "second"
        scoring.score_lead(live, told("fourth"))
        assert scores_in(socket, 1)[0]["lead_id"] == "fourth"
        socket.send_json({"last_event_id": last})  # it is no first message any more
        scoring.score_lead(live, told("fifth"))
        assert scores_in(socket, 1)[0]["lead_id"] == "fifth"
        assert live.hub.readers == 1


def test_a_late_word_of_a_place_that_nobody_knows_loses_nothing(client: TestClient, live: CommandCenter) -> None:
    with opened(client, headers=bearer(live)) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"
        for name, word in (("first", None), ("second", {"last_event_id": "999-1"}), ("third", {"last_event_id": "x"})):
            if word:
                socket.send_json(word)
            scoring.score_lead(live, told(name))
            assert scores_in(socket, 1)[0]["lead_id"] == name


def test_the_id_of_a_heartbeat_resumes_as_well(client: TestClient, live: CommandCenter) -> None:
    scoring.score_lead(live, told("before"))
    with opened(client, auth(live)) as socket:
        last = socket.receive_json()["event_id"]
    scoring.score_lead(live, told("after"))
    with opened(client, auth(live, last_event_id=last)) as socket:
        missed = scores_in(socket, 1)
        if missed[0]["lead_id"] == "before":  # the feed had not numbered it yet when the client came
            missed = scores_in(socket, 1)
        assert missed[0]["lead_id"] == "after"


def test_a_subscription_chooses_events_and_the_lowest_score(client: TestClient, live: CommandCenter) -> None:
    with opened(client, auth(live)) as socket:
        socket.receive_json()
        socket.send_json({"type": "subscribe", "events": ["lead_scored"], "min_score": 50})
        socket.send_json({"type": "ping"})
        assert socket.receive_json()["event_type"] == "heartbeat"  # the subscription was heard before the ping
        scoring.score_lead(live, untold("cold-one"))
        scoring.score_lead(live, told("hot-one"))
        assert scores_in(socket, 1)[0]["lead_id"] == "hot-one"


def test_hits_of_the_cache_and_the_progress_of_batches_come_to_who_wants_them_and_can_be_resumed_after(
    client: TestClient, live: CommandCenter
) -> None:
    headers = bearer(live)
    with opened(client, auth(live)) as socket:
        socket.receive_json()
        socket.send_json({"type": "subscribe", "events": ["cache_hit", "batch_processing"]})
        socket.send_json({"type": "ping"})
        assert socket.receive_json()["event_type"] == "heartbeat"
        for _ in range(2):
            assert client.post(f"{ML}/score", json={"lead_id": "ana"}, headers=headers).status_code == 200
            until(lambda: live.hub.position >= 1)  # the score is on the feed before the hit
        (hit,) = scores_in(socket, 1)
        assert (hit["event_type"], hit["lead_id"], hit["classification"]) == ("cache_hit", "ana", "cold")
        client.post(f"{ML}/batch-score", json={"leads": [{"lead_id": "bo"}, {"lead_id": "cy"}]}, headers=headers)
        progress = scores_in(socket, 3)
        assert [event["completed"] for event in progress] == [0, 0, 2]
        assert progress[-1]["progress_percent"] == 100
    with opened(client, auth(live, last_event_id=hit["event_id"])) as socket:
        assert [event["lead_id"] for event in scores_in(socket, 2)] == ["bo", "cy"]


def test_a_heartbeat_says_how_the_feed_is(client: TestClient, live: CommandCenter) -> None:
    with opened(client, auth(live)) as socket:
        beat = socket.receive_json()
    assert set(beat) == {"event_type", "event_id", "timestamp", "feed"}
    assert set(beat["feed"]) == {"source", "ok", "since", "detail"}


def test_heartbeats_come_by_themselves(
    client: TestClient, live: CommandCenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "HEARTBEAT_S", 0.05)
    with opened(client, auth(live)) as socket:
        assert [socket.receive_json()["event_type"] for _ in range(3)] == ["heartbeat"] * 3


@pytest.mark.parametrize(
    "first",
    [
        {"type": "auth", "token": forged("another secret that is just as long as ours is, to the last byte of it")},
        {"type": "auth", "token": forged(aud="someone-else")},
        {"type": "auth", "token": 7},
        {"type": "auth"},
        {"type": "subscribe", "events": ["lead_scored"]},
        {},
    ],
)
def test_a_first_message_without_a_valid_token_ends_the_conversation(client: TestClient, first: dict[str, Any]) -> None:
    with opened(client, first) as socket:
        assert closed_with(socket) == 1008


def test_who_says_nothing_is_sent_away(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "AUTH_S", 0.1)
    began = time.monotonic()
    with opened(client) as socket:
        assert closed_with(socket) == 1008
    assert time.monotonic() - began < 2


def test_a_wrong_token_in_the_header_is_refused_before_the_socket_opens(client: TestClient) -> None:
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        opened(client, headers={"Authorization": "Bearer x"}),
    ):
        pass


def test_a_page_of_another_site_is_refused_before_the_socket_opens(client: TestClient, live: CommandCenter) -> None:
    for origin in ("http://evil.test", "null", "http://jorge.test.evil.test", "http://jorge.test:9999"):
        with (
            pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
            opened(client, auth(live), {"Origin": origin}),
        ):
            pass
    with opened(client, auth(live), {"Origin": "http://jorge.test", "Host": "jorge.test"}) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"


@pytest.mark.parametrize(
    "said",
    ["no json", "[1]", json.dumps({"type": "subscribe", "min_score": "high"}),
     json.dumps({"type": "subscribe", "events": "all"}), "x" * 9_000],
)  # fmt: skip
def test_a_message_that_makes_no_sense_ends_the_conversation(
    client: TestClient, live: CommandCenter, said: str
) -> None:
    with opened(client, auth(live)) as socket:
        socket.receive_json()
        socket.send_text(said)
        assert closed_with(socket) == 1008


def test_bytes_and_floods_end_the_conversation(client: TestClient, live: CommandCenter) -> None:
    with opened(client, auth(live)) as socket:
        socket.send_bytes(b"\x00")
        assert closed_with(socket) == 1008
    with opened(client, auth(live)) as socket:
        for _ in range(live_module.MESSAGES_A_MINUTE + 1):
            socket.send_json({"type": "ping"})
        assert closed_with(socket) == 1008


def test_the_screens_first_picture_and_its_token_come_from_the_same_center(
    client: TestClient, live: CommandCenter
) -> None:
    from core.services import live as live_service

    scoring.score_lead(live, told())
    snapshot = live_service.snapshot(live)
    assert [row.lead_id for row in snapshot.rows] == ["ana"]
    assert snapshot.counts.scored == 1
    assert snapshot.counts.hot == 1
    assert snapshot.feed is not None
    assert leads.lead_detail(live, "ana").latest is not None
    with opened(client, {"type": "auth", "token": live_service.screen_token(live)}) as socket:
        assert socket.receive_json()["event_type"] == "heartbeat"


def test_a_reader_that_has_stopped_is_cut_off(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "SEND_S", 0.02)

    class Stuck:
        async def send_text(self, text: str) -> None:
            await asyncio.sleep(60)

    conversation = live_module.Conversation(cast("WebSocket", Stuck()), center)
    with pytest.raises(Bye) as bye:
        asyncio.run(conversation._send("{}"))
    assert bye.value.code == live_module.TOO_SLOW
