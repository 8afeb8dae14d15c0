"""Feed events: how they stand in the database, in the Redis stream, and on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Protocol

import orjson
from redis import Redis
from redis.exceptions import ResponseError

from core.realtime.connection import redis_errors

STREAM = "jorge:feed"
CHANNEL = "jorge:events"
MONEY = "estimated_commission"
StreamEntry = tuple[bytes, dict[bytes, bytes] | None]


class OutboxEvent(Protocol):
    """An event as the database keeps it; ``feed_seq`` counts 1, 2, 3 ... without gaps."""

    @property
    def feed_seq(self) -> int: ...
    @property
    def event_id(self) -> object: ...
    @property
    def payload(self) -> Mapping[str, Any]: ...
    @property
    def created_at(self) -> datetime: ...


class FeedSource(Protocol):
    """The database, as the feed sees it: the record from which all else can be rebuilt."""

    def outbox_after(self, feed_seq: int, most: int) -> Sequence[OutboxEvent]:
        """At most ``most`` events above ``feed_seq``, in order."""
        ...

    def last_feed_seq(self) -> int:
        """The last number given, 0 before the first; it never goes back, even when events are deleted."""
        ...


class FeedEvent(dict[str, Any]):
    """One event as clients get it; ``raw`` is the same as JSON, serialised once for all of them.

    ``seq`` is its number in the record; ``id`` ("{seq}-1") is also its ``event_id``, by which a client resumes.

    A ``passing`` event belongs to the moment: it has no number, and ``seq`` is that of the event before it.

    >>> event = FeedEvent(7, b'{"event_id":"7-1","event_type":"lead_scored"}')
    >>> event.id, event["event_type"]
    ('7-1', 'lead_scored')
    """

    __slots__ = ("passing", "raw", "seq")

    def __init__(self, seq: int, raw: bytes, *, passing: bool = False) -> None:
        super().__init__(orjson.loads(raw))
        self.seq = seq
        self.raw = raw
        self.passing = passing

    @property
    def id(self) -> str:
        """What a client keeps to resume after this event."""
        return f"{self.seq}-1"


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """How far the stream goes: its last id as the server knows it, and the record's id of the last entry."""

    id: bytes = b"0-0"
    outbox_id: bytes | None = None

    @property
    def seq(self) -> int | None:
        """The number of the last event ever added, 0 for none; None when the id is not one of ours."""
        return 0 if self.id == b"0-0" else seq_of(self.id)


def seq_of(event_id: str | bytes) -> int | None:
    """The number in an event's id; None when it is not one of ours. Of an event of the moment, the number before it.

    >>> seq_of("42-1"), seq_of(b"0-1"), seq_of("42-1+9f"), seq_of("42"), seq_of("1763677000000-0"), seq_of("-1-1")
    (42, 0, 42, None, None, None)
    """
    text = event_id.decode("ascii", "replace") if isinstance(event_id, bytes) else event_id
    number, _, rest = text.partition("+")[0].partition("-")
    if rest != "1" or not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    return int(number)


def wire(event: OutboxEvent) -> bytes:
    """An event of the record as UTF-8 JSON, with ``event_id`` by which a client resumes, and ``timestamp``."""
    told = event.payload
    moment = {} if "timestamp" in told else {"timestamp": wire_moment(event.created_at)}
    body = {**moment, **told, "event_id": f"{event.feed_seq}-1"}
    try:
        return orjson.dumps(_with_cents(body), default=str)
    except TypeError:
        # One event that the strict writer refuses (half a surrogate pair) must not stop all those behind it.
        text = json.dumps(body, default=str, ensure_ascii=False).encode("utf-8", "replace")
        finite = json.loads(text, parse_constant=lambda _: None, parse_int=_bounded)
        return orjson.dumps(_with_cents(finite))


def _with_cents(body: dict[str, Any]) -> dict[str, Any]:
    """Money as a number with two decimals, as all answers have it; the record keeps a plain number."""
    amount = body.get(MONEY)
    if isinstance(amount, float) and isfinite(amount):
        return {**body, MONEY: orjson.Fragment(f"{amount:.2f}")}
    return body


def from_outbox(event: OutboxEvent) -> FeedEvent:
    """The event as clients get it, straight from the record."""
    return FeedEvent(event.feed_seq, wire(event))


def from_stream(entry_id: bytes, fields: Mapping[bytes, bytes] | None) -> FeedEvent | None:
    """The event of a stream entry; None when the entry is not one that the relay wrote.

    >>> from_stream(b"3-1", {b"data": b'{"event_id":"3-1"}'})
    {'event_id': '3-1'}
    >>> from_stream(b"1763677000000-0", {b"data": b"{}"}), from_stream(b"3-1", {b"data": b"[]"})
    (None, None)
    """
    seq = seq_of(entry_id)
    if seq is None or not fields:
        return None
    try:
        event = FeedEvent(seq, fields.get(b"data", b""))
    except (ValueError, TypeError):
        return None
    return event if event.get("event_id") == event.id else None


def stream_end(client: Redis) -> StreamEnd:
    """How far the stream goes; raises FeedUnavailable when the server does not answer."""
    with redis_errors("reading how far the feed is"):
        try:
            info = client.xinfo_stream(STREAM)
        except ResponseError as error:
            if "no such key" in str(error):
                return StreamEnd()
            raise
    last = info.get("last-entry")
    fields = (last[1] if last else None) or {}
    return StreamEnd(info["last-generated-id"], fields.get(b"outbox_id"))


def _bounded(digits: str) -> int | float:
    number = int(digits)
    return number if abs(number) < 2**63 else float(number)


def wire_moment(moment: datetime) -> str:
    """ISO 8601 in UTC with a Z; a moment without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
