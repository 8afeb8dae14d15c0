"""Takes leads out of Redis: the feed, the events of the moment, what waits for a worker, and the dead letters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Final, cast

import orjson
from redis import Redis
from redis.exceptions import ResponseError

from core.realtime.connection import connect, redis_errors
from core.realtime.events import CHANNEL, STREAM, StreamEntry
from core.realtime.lead_queue import DEAD, GROUP, LEADS
from core.realtime.passing import KEEP, LEAD_ERASED, PASSING, passing

PAGE: Final = 1_000
_STREAMS: Final = ((STREAM, b"data"), (PASSING, b"data"), (LEADS, b"request"), (DEAD, b"request"))


def forget_leads(url: str, lead_ids: Sequence[str]) -> int:
    """Delete every entry that tells of one of ``lead_ids``, and tell so; returns how many went. Can be done again.

    The file that the server keeps its commands in is written anew, so that they are not in it either. Raises
    FeedUnavailable.
    """
    client = connect(url, retries=0, name="jorge-forgetting")
    wanted = set(lead_ids)
    try:
        with redis_errors("deleting a lead"):
            gone = sum(_forget(client, stream, field, wanted) for stream, field in _STREAMS)
            _tell(client, lead_ids)
        return gone
    finally:
        client.close()


def forget_events(client: Redis, events: Collection[tuple[int, str]]) -> None:
    """Delete events of the feed, each told by its number and lead, that came into it after their lead was deleted."""
    with redis_errors("deleting a lead"):
        gone = [lead_id for number, lead_id in events if client.xdel(STREAM, f"{number}-1")]
        if gone:
            _tell(client, sorted(set(gone)))


def _tell(client: Redis, lead_ids: Sequence[str]) -> None:
    """Every process lets go of what it has in memory of the leads, and every screen of their rows."""
    for lead_id in lead_ids:
        told = passing(LEAD_ERASED, {"lead_id": lead_id})
        client.xadd(PASSING, {"data": told}, maxlen=KEEP, approximate=True)
        client.publish(CHANNEL, told)
    with suppress(ResponseError):  # one is being written already, or the server keeps no such file
        client.bgrewriteaof()


def _forget(client: Redis, stream: str, field: bytes, wanted: set[str]) -> int:
    gone, start = 0, "-"
    while entries := cast("list[StreamEntry]", client.xrange(stream, start, "+", count=PAGE)):
        found = [entry_id for entry_id, fields in entries if _tells_of((fields or {}).get(field), wanted)]
        if found:
            if stream == LEADS:
                with suppress(ResponseError):  # nobody has read from it yet
                    client.xack(LEADS, GROUP, *found)
            gone += int(client.xdel(stream, *found))
        start = f"({entries[-1][0].decode()}"
    return gone


def _tells_of(data: bytes | None, wanted: set[str]) -> bool:
    """Whether the JSON object names a lead of ``wanted``.

    >>> _tells_of(b'{"lead_id":"ana"}', {"ana"}), _tells_of(b'{"lead_id":"bo"}', {"ana"}), _tells_of(b"x", {"ana"})
    (True, False, False)
    >>> _tells_of(b'{"lead_id":["ana"]}', {"ana"})  # what a program puts into a stream may be anything
    False
    """
    try:
        told = orjson.loads(data or b"")
    except orjson.JSONDecodeError:
        return False
    lead_id = told.get("lead_id") if isinstance(told, dict) else None
    return isinstance(lead_id, str) and lead_id in wanted
