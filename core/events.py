"""Events of scoring for programs that import them: a thin door onto the pub/sub channel beside the live feed.

What is published here reaches whoever listens at that moment on ``jorge:events``. It is no record: scores that Jorge
makes are stored, and told on the feed and on the same channel, without any of this.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal
from uuid import uuid4

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.errors import InputError
from core.leads import utc_now
from core.leads.text import LeadId, Line
from core.realtime.connection import connect_async, redis_errors
from core.realtime.events import CHANNEL, wire_moment
from core.services.scores.refusal import in_words

if TYPE_CHECKING:
    from redis.asyncio import Redis

SOURCE: Final = "jorge"


@dataclass(frozen=True, slots=True)
class ComplianceEvent:
    """What is published: ``payload`` holds JSON values; ``event_id`` is unlike every other."""

    event_type: str
    payload: Mapping[str, Any]
    source: str = SOURCE
    event_id: str = field(default_factory=lambda: uuid4().hex)
    timestamp: datetime = field(default_factory=utc_now)

    def to_dict(self) -> dict[str, Any]:
        """As it goes over the wire: the payload's names beside the event's own."""
        return {
            **self.payload,
            "event_type": self.event_type,
            "event_id": self.event_id,
            "timestamp": wire_moment(self.timestamp),
            "source_system": self.source,
        }


class LeadMLScoredEvent(BaseModel):
    """A lead was scored: ``ml_score`` in [0, 100], ``ml_confidence`` in [0, 1].

    >>> told = LeadMLScoredEvent(lead_id="a", ml_score=82.5, ml_confidence=0.91, ml_classification="hot")
    >>> told.to_compliance_event().payload["classification"]
    'hot'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    event_type: ClassVar[str] = "lead_scored"

    lead_id: LeadId
    lead_name: Line | None = None
    ml_score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
    ml_confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    ml_classification: Literal["hot", "warm", "cold"]

    def to_compliance_event(self) -> ComplianceEvent:
        """The same in the names that clients of the live feed know, with an id and the time of now."""
        payload = self.model_dump()
        payload["classification"] = payload.pop("ml_classification")
        return ComplianceEvent(self.event_type, MappingProxyType(payload))


class LeadMLEscalatedEvent(LeadMLScoredEvent):
    """A lead goes to Claude, for ``reason``."""

    event_type: ClassVar[str] = "lead_escalated"

    reason: Line | None = None


class LeadMLCacheHitEvent(LeadMLScoredEvent):
    """A lead was answered with the score that it had."""

    event_type: ClassVar[str] = "cache_hit"


_KINDS: Final = {kind.event_type: kind for kind in (LeadMLScoredEvent, LeadMLEscalatedEvent, LeadMLCacheHitEvent)}


def create_ml_event(event_type: str, **fields: Any) -> LeadMLScoredEvent:
    """The event of a type: ``lead_scored``, ``lead_escalated`` or ``cache_hit``.

    Raises InputError for another type, and for fields that are missing, unknown or out of range.
    """
    kind = _KINDS.get(event_type)
    if kind is None:
        raise InputError(f"event_type is {event_type[:50]!r}; must be one of {', '.join(_KINDS)}")
    try:
        return kind(**fields)
    except ValidationError as error:
        raise InputError(in_words(error.errors(include_url=False, include_input=False))) from error


class MLEventPublisher:
    """Publishes to ``jorge:events``, for one running loop; an async context manager.

    ``redis_url`` is by default that of the settings, else the embedded Redis of the data folder.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        self._url = redis_url
        self._client: Redis | None = None

    async def connect(self) -> None:
        """Return when Redis answers. Raises FeedUnavailable, SettingsError for what is no address."""
        await self._answering()

    async def publish(self, event: ComplianceEvent) -> int:
        """Send to whoever listens now; returns how many. Raises FeedUnavailable."""
        client = await self._answering()
        with redis_errors("publishing an event"):
            return int(await client.publish(CHANNEL, orjson.dumps(event.to_dict())))

    async def publish_ml_scored(self, **fields: Any) -> int:
        """Tell that a lead was scored; the fields are those of LeadMLScoredEvent.

        Raises InputError for wrong fields, FeedUnavailable.
        """
        return await self._publish("lead_scored", fields)

    async def publish_ml_escalated(self, **fields: Any) -> int:
        """Tell that a lead goes to Claude; the fields are those of LeadMLEscalatedEvent."""
        return await self._publish("lead_escalated", fields)

    async def publish_ml_cache_hit(self, **fields: Any) -> int:
        """Tell that a lead was answered from the cache; the fields are those of LeadMLCacheHitEvent."""
        return await self._publish("cache_hit", fields)

    async def close(self) -> None:
        """Close the connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def __aenter__(self) -> MLEventPublisher:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _publish(self, event_type: str, fields: Mapping[str, Any]) -> int:
        return await self.publish(create_ml_event(event_type, **fields).to_compliance_event())

    async def _answering(self) -> Redis:
        if self._client is None:
            if self._url is None:
                self._url = await asyncio.to_thread(_own_redis)
            client = connect_async(self._url, name="jorge-publisher")
            try:
                with redis_errors("connecting a publisher"):
                    await client.ping()
            except BaseException:
                await client.aclose()
                raise
            self._client = client
        return self._client


def _own_redis() -> str:
    from core.services.center import current

    return current().redis_url
