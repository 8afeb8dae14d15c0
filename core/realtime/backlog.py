"""What came before: from memory, else from the stream, else from the record."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import cast

from redis import Redis

from core.errors import FeedUnavailable
from core.realtime.connection import redis_errors
from core.realtime.events import STREAM, FeedEvent, FeedSource, StreamEntry, from_outbox, from_stream

RECENT = 1000


class Backlog:
    """The newest events in memory, and the way to older ones. Safe in any thread."""

    def __init__(self, source: FeedSource, client: Redis | None) -> None:
        self._source = source
        self._client = client
        self._recent: deque[FeedEvent] = deque(maxlen=RECENT)
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    def add(self, events: Sequence[FeedEvent]) -> None:
        """Remember ``events``, which follow those already here."""
        with self._lock:
            self._recent.extend(events)

    def clear(self) -> None:
        """Forget what is in memory."""
        with self._lock:
            self._recent.clear()

    def forget(self, lead_id: object) -> None:
        """Let go of every event of a lead; readers that come back are sent to the record for what is left."""
        with self._lock:
            if any(event.get("lead_id") == lead_id for event in self._recent):
                self._recent.clear()

    def recent(self, most: int) -> list[FeedEvent]:
        """The newest events in memory, oldest first."""
        with self._lock:
            return list(self._recent)[-most:] if most > 0 else []

    def missed(self, after: int, most: int, *, ask_redis: bool) -> list[FeedEvent]:
        """At most ``most`` events following number ``after``. Raises what the record raises when it is needed."""
        with self._lock:
            if self._recent and self._recent[0].seq <= after + 1:
                return [event for event in self._recent if event.seq > after][:most]
        events = self._in_stream(after, most) if ask_redis else []
        return events or [from_outbox(row) for row in self._source.outbox_after(after, most)]

    def _in_stream(self, after: int, most: int) -> list[FeedEvent]:
        """The events that follow without a gap; none where the stream was trimmed or Redis fails."""
        # One connection for all who come back at once; whoever finds it busy asks the record.
        if self._client is None or not self._asking.acquire(blocking=False):
            return []
        try:
            with redis_errors("reading what was missed"):
                entries = cast("list[StreamEntry]", self._client.xrange(STREAM, f"({after}-1", "+", count=most))
        except FeedUnavailable:
            return []
        finally:
            self._asking.release()
        run: list[FeedEvent] = []
        for entry_id, fields in entries:
            event = from_stream(entry_id, fields)
            if event is None or event.seq != after + 1 + len(run):
                break
            run.append(event)
        return run
