"""Events of the moment, such as a batch's progress: for whoever looks now, kept nowhere and never made up for.

They go through a short stream of their own, so that every process hears them and the feed's numbers stay the record's.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import orjson
from redis import Redis

from core.errors import FeedUnavailable
from core.realtime.connection import redis_errors
from core.realtime.events import CHANNEL, FeedEvent, StreamEntry, wire_moment
from core.realtime.gathering import Gathering

PASSING = "jorge:passing"
LEAD_ERASED = "lead_erased"  # what is kept in memory of a lead has to go
KEEP = 1_000
WAITING = 1_000
PAUSE_S = 0.5  # after Redis failed
GATHER_S = 0.01

# KEYS: stream. ARGV: length kept, channel, then the events. Two commands for each would cost this process many times
# what the server does for them.
_TELL = """
for i = 3, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'data', ARGV[i])
  redis.call('PUBLISH', ARGV[2], ARGV[i])
end
"""


def passing(event_type: str, fields: Mapping[str, Any]) -> bytes:
    """An event as JSON, with an id and a time of its own. Raises TypeError for what JSON cannot hold.

    >>> sorted(orjson.loads(passing("batch_processing", {"completed": 3})))
    ['completed', 'event_id', 'event_type', 'timestamp']
    """
    now = wire_moment(datetime.now(UTC))
    return orjson.dumps({**fields, "event_type": event_type, "event_id": uuid4().hex, "timestamp": now})


def placed(data: bytes, seq: int) -> FeedEvent | None:
    """The event as clients get it after number ``seq`` of the feed; None for what is none.

    Its id holds that place, so that a client that comes back with it goes on from there.

    >>> event = placed(b'{"event_type":"cache_hit","event_id":"ab"}', 7)
    >>> event["event_id"], event.id, event.passing
    ('7-1+ab', '7-1', True)
    >>> placed(b"[]", 7), placed(b"{", 7)
    (None, None)
    """
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("event_type"), str):
        return None
    return FeedEvent(seq, orjson.dumps(body | {"event_id": f"{seq}-1+{body.get('event_id')}"}), passing=True)


def data_of(entries: Sequence[StreamEntry]) -> list[bytes]:
    """What the entries of the stream hold."""
    return [fields[b"data"] for _, fields in entries if fields and b"data" in fields]


def passing_end(client: Redis) -> bytes:
    """The id after which the next event of the moment comes. Raises FeedUnavailable."""
    with redis_errors("reading where the events of the moment are"):
        newest = cast("list[StreamEntry]", client.xrevrange(PASSING, count=1))
    return newest[0][0] if newest else b"0-0"


class Teller:
    """Hands events of the moment to Redis in a thread of its own, so that telling costs the teller nothing.

    When Redis does not take them they go to ``otherwise``, the screens of this process. At most 1,000 wait; then the
    oldest are dropped.
    """

    def __init__(self, client: Redis | None, otherwise: Callable[[Sequence[bytes]], None]) -> None:
        self._client = client
        self._otherwise = otherwise
        self._waiting: deque[bytes] = deque(maxlen=WAITING)
        self._gathering = Gathering("feed-teller", self._tell_all, GATHER_S)

    def start(self) -> Teller:
        """Start the thread; returns itself."""
        self._gathering.start()
        return self

    def tell(self, event_type: str, fields: Mapping[str, Any]) -> None:
        """Tell everyone who looks. Raises TypeError for what JSON cannot hold."""
        self._waiting.append(passing(event_type, fields))
        self._gathering.wake()

    def close(self) -> None:
        """Stop, after what waits."""
        self._gathering.close()

    def _tell_all(self) -> None:
        events = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if events and not self._given(events):
            self._otherwise(events)
            self._gathering.rest(PAUSE_S if self._client is not None else 0)

    def _given(self, events: Sequence[bytes]) -> bool:
        if self._client is None:
            return False
        try:
            with redis_errors("telling events of the moment"):
                self._client.eval(_TELL, 1, PASSING, KEEP, CHANNEL, *events)
        except FeedUnavailable:
            return False
        return True
