"""The door for programs that publish events of scoring, on a real Redis."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from redis import Redis

from core.errors import FeedUnavailable, InputError, SettingsError
from core.events import (
    ComplianceEvent,
    LeadMLCacheHitEvent,
    LeadMLEscalatedEvent,
    LeadMLScoredEvent,
    MLEventPublisher,
    create_ml_event,
)
from core.realtime import CHANNEL, EmbeddedRedis
from core.services import center as center_module
from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.realtime.conftest import client, server, shared_server, url
from tests.realtime.waiting import PATIENCE_S
from tests.services.centers import center, models_dir
from tests.services.made import told

__all__ = ["center", "client", "models_dir", "server", "shared_server", "url"]
ANA = {"lead_id": "ana", "lead_name": "Ana Lima", "ml_score": 82.5, "ml_confidence": 0.91, "ml_classification": "hot"}
KINDS = {"lead_scored": LeadMLScoredEvent, "lead_escalated": LeadMLEscalatedEvent, "cache_hit": LeadMLCacheHitEvent}
Heard = Callable[[], dict[str, Any]]


@pytest.fixture
def heard(client: Redis) -> Iterator[Heard]:
    """The next message on the channel."""
    listener = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    listener.subscribe(CHANNEL)
    listener.get_message(timeout=PATIENCE_S)

    def next_message() -> dict[str, Any]:
        for _ in range(150):
            if message := listener.get_message(timeout=0.1):
                event: dict[str, Any] = orjson.loads(message["data"])
                return event
        raise AssertionError("no message came")

    yield next_message
    listener.close()


@pytest.mark.parametrize("event_type", KINDS)
def test_each_event_tells_what_the_live_feed_would_tell(event_type: str) -> None:
    event = create_ml_event(event_type, **ANA)
    assert type(event) is KINDS[event_type]
    told_event = event.to_compliance_event()
    assert isinstance(told_event, ComplianceEvent)
    wire = told_event.to_dict()
    assert {name: wire[name] for name in ("event_type", "lead_id", "lead_name", "ml_score", "ml_confidence")} == {
        "event_type": event_type, "lead_id": "ana", "lead_name": "Ana Lima", "ml_score": 82.5, "ml_confidence": 0.91,
    }  # fmt: skip
    assert wire["classification"] == "hot"
    assert wire["timestamp"].endswith("Z")
    assert wire["event_id"] != event.to_compliance_event().event_id


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ml_score": 101}, "ml_score"),
    ({"ml_confidence": float("nan")}, "ml_confidence"),
    ({"ml_classification": "boiling"}, "ml_classification"),
    ({"lead_id": "../etc"}, "lead_id"),
    ({"lead_name": "a\0b"}, "lead_name"),
    ({"shoe_size": 43}, "shoe_size"),
]


@pytest.mark.parametrize(("wrong", "named"), WRONG)
def test_a_field_that_is_wrong_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError, match=named):
        create_ml_event("lead_scored", **{**ANA, **wrong})


def test_an_unknown_event_type_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="lead_scored, lead_escalated, cache_hit"):
        create_ml_event("lead_found", **ANA)


def test_what_is_published_reaches_who_listens(url: str, heard: Heard) -> None:
    async def publish() -> list[int]:
        async with MLEventPublisher(url) as publisher:
            return [
                await publisher.publish_ml_scored(**ANA),
                await publisher.publish_ml_escalated(**ANA, reason="confidence below 0.85"),
                await publisher.publish_ml_cache_hit(**ANA),
                await publisher.publish(ComplianceEvent("model_status", {"version": "stump-1"})),
            ]

    assert asyncio.run(publish()) == [1, 1, 1, 1]
    events = [heard() for _ in range(4)]
    assert [event["event_type"] for event in events] == ["lead_scored", "lead_escalated", "cache_hit", "model_status"]
    assert events[1]["reason"] == "confidence below 0.85"
    assert events[3]["version"] == "stump-1"


def test_a_publisher_without_an_address_uses_the_redis_of_the_workspace(center: CommandCenter) -> None:
    center.start_live()
    center_module.use(center)
    subscriber = Redis.from_url(center.redis_url).pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    subscriber.subscribe(CHANNEL)
    subscriber.get_message(timeout=PATIENCE_S)

    async def publish() -> int:
        publisher = MLEventPublisher()
        try:
            return await publisher.publish_ml_scored(**ANA)
        finally:
            await publisher.close()

    try:
        assert asyncio.run(publish()) == 1
        scoring.score_lead(center, told("bo"))  # what Jorge scores itself comes on the same channel
        leads: list[str] = []
        while len(leads) < 2:
            if message := subscriber.get_message(timeout=5):
                leads.append(orjson.loads(message["data"])["lead_id"])
        assert leads == ["ana", "bo"]
    finally:
        center_module.use(None)
        subscriber.close()


def test_with_redis_gone_publishing_says_so_and_works_again_when_it_is_back(server: EmbeddedRedis) -> None:
    async def publish() -> None:
        publisher = MLEventPublisher(server.url)
        await publisher.connect()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        try:
            with pytest.raises(FeedUnavailable, match="publishing an event"):
                await publisher.publish_ml_scored(**ANA)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        assert await publisher.publish_ml_scored(**ANA) == 0
        await publisher.close()

    asyncio.run(publish())
    server.close()
    with pytest.raises(FeedUnavailable, match="connecting a publisher"):
        asyncio.run(MLEventPublisher(server.url).connect())


def test_an_address_that_is_none_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="JORGE_REDIS_URL"):
        asyncio.run(MLEventPublisher("http://localhost").connect())
