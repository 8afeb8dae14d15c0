"""Are events made, told and heard as programs that import them rely on?

Always on a Redis of its own: whoever listens on the user's must not hear of a lead that does not exist.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

import orjson

from core.errors import InputError, JorgeError
from core.events import MLEventPublisher, create_ml_event
from core.realtime import CHANNEL, connect, redis_errors
from core.validation.room import Room

TYPES: Final = ("lead_scored", "lead_escalated", "cache_hit")
WITHIN_S: Final = 2.0
_FIELDS: Final = {
    "lead_id": "validate",
    "lead_name": "Ana Lima",
    "ml_score": 82.5,
    "ml_confidence": 0.91,
    "ml_classification": "hot",
}


class EventWrong(JorgeError):
    """An event is not what it should be."""


def look(room: Room) -> str:
    """Raises EventWrong, FeedUnavailable."""
    _refuses_nonsense()
    url = room.center.redis_url
    client = connect(url)
    listener = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    try:
        with redis_errors("listening for events"):
            listener.subscribe(CHANNEL)
            listener.get_message(timeout=WITHIN_S)  # that it listens now
            for event_type in TYPES:
                sent = asyncio.run(_published(url, event_type))
                _same(sent, listener.get_message(timeout=WITHIN_S))
    finally:
        listener.close()
        client.close()
    return f"{len(TYPES)} types of events made, published and received"


def _refuses_nonsense() -> None:
    try:
        create_ml_event("lead_scored", **(_FIELDS | {"ml_score": 101}))
    except InputError:
        return
    raise EventWrong("an event with the score 101 was not refused")


async def _published(url: str, event_type: str) -> dict[str, Any]:
    event = create_ml_event(event_type, **_FIELDS).to_compliance_event()
    async with MLEventPublisher(url) as publisher:
        if await publisher.publish(event) != 1:
            raise EventWrong(f"an event of type {event_type} had no listener")
    return event.to_dict()


def _same(sent: dict[str, Any], message: dict[str, Any] | None) -> None:
    if message is None:
        raise EventWrong(f"an event of type {sent['event_type']} was not received within {WITHIN_S:g} s")
    heard = orjson.loads(message["data"])
    if heard != sent or heard["classification"] != _FIELDS["ml_classification"]:
        raise EventWrong(f"an event of type {sent['event_type']} was received with other values than it was sent")
