"""The one reader of Redis in a process: each event goes to every open screen, from the database when Redis fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from core.errors import FeedUnavailable, Unavailable
from core.realtime.audience import Audience
from core.realtime.backlog import Backlog
from core.realtime.binary import NO_SERVER
from core.realtime.events import FeedEvent, FeedSource, StreamEntry, from_outbox, from_stream, seq_of
from core.realtime.feed_status import FeedStatus
from core.realtime.lately import Lately
from core.realtime.passing import KEEP, LEAD_ERASED, placed
from core.realtime.stream_reader import StreamReader
from core.realtime.subscription import Subscription

POLL_S = 0.5
LOOK_S = 1.0
GATHER_S = 0.01
UNHEARD_GATHER_S = 0.05  # where nobody reads
TWICE_WITHIN_S = 60.0  # an event of the moment that comes through Redis and past it
COUNT = 1000
QUEUE = 5000

_log = logging.getLogger(__name__)


class FeedHub:
    """Reads the feed in a thread of its own, from ``start`` to ``close``.

    ``url`` is Redis's address; None means that there is none, for the reason ``absent``. ``erased`` is called with the
    leads that were erased, by this process or another. An event that comes alone is handed on at once; under load they
    are gathered to at most a hundred updates a second, to twenty while nobody reads.
    """

    def __init__(
        self,
        source: FeedSource,
        url: str | None,
        *,
        absent: str = NO_SERVER,
        erased: Callable[[Collection[str]], None] = lambda _: None,
    ) -> None:
        self._source = source
        self._erased = erased
        self._redis = StreamReader(url) if url else None
        self._from_redis = False  # until it has answered once
        self._why = "Redis has not answered yet." if url else absent
        self._position, self._next_look = 0, 0.0
        self._stuck_at: int | None = None
        self._backlog = Backlog(source, self._redis.commands if self._redis else None)
        self._moments = Lately(TWICE_WITHIN_S, KEEP)
        self._audience = Audience()
        self._begun = threading.Event()
        self._closing = threading.Event()
        self._status = FeedStatus("redis" if url else "sql", False, datetime.now(UTC), "The feed is starting.")
        self._thread = threading.Thread(target=self._run, name="feed-hub", daemon=True)

    def start(self) -> FeedHub:
        """Start reading; returns itself."""
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop reading and end every subscription."""
        self._closing.set()
        if self._redis is not None:
            self._redis.close()
        if self._thread.is_alive():
            self._thread.join(3.0)
        self._audience.end()

    def subscribe(self, after: str | None = None, most: int = QUEUE, *, every: bool = False) -> Subscription:
        """A reader for ``async with``, inside a running loop: events after the id ``after``, or from now on.

        A reader that keeps the id of its last event and comes back with it gets each event once, none left out.
        An id that the record does not know counts as none. Entering raises Unavailable while the feed cannot be
        read at all. ``most`` (1 or more) bounds what waits for a slow reader: a screen then loses the oldest, a
        reader with ``every`` falls behind instead.
        """
        return Subscription(self, after, most, every)

    def status(self) -> FeedStatus:
        """Where events come from right now."""
        return self._status

    def recent(self, most: int = 50) -> list[FeedEvent]:
        """The newest events since the start, at most 1,000, oldest first; for pages that do not wait."""
        return self._backlog.recent(most)

    @property
    def position(self) -> int:
        """The number of the last event handed on."""
        return self._position

    @property
    def readers(self) -> int:
        """How many subscriptions are open."""
        return len(self._audience)

    # What subscriptions call -----------------------------------------------------------------------------------

    def place(self, after: str | None) -> int | None:
        """The number to go on after; None for 'from now on'."""
        if not self._begun.wait(2.0):
            raise FeedUnavailable(self._status.detail)
        seq = None if after is None else seq_of(after)
        if seq is None or seq <= self._position:
            return seq
        # Ahead of this process: an id of the record, or one from elsewhere?
        return seq if seq <= self._source.last_feed_seq() else None

    def enter(self, subscription: Subscription) -> None:
        """Deliver to ``subscription`` from now on."""
        self._audience.enter(subscription)
        if self._closing.is_set():
            subscription.end()

    def leave(self, subscription: Subscription) -> None:
        """Deliver no more."""
        self._audience.leave(subscription)

    def missed(self, after: int, most: int) -> list[FeedEvent]:
        """At most ``most`` events following number ``after``; raises Unavailable when the record is needed and down."""
        return self._backlog.missed(after, most, ask_redis=self._from_redis)

    def tell(self, events: Sequence[bytes]) -> None:
        """Hand events of the moment to the readers of this process; ``Teller`` does so where Redis does not.

        Redis may take one without saying so in time, which then comes both ways: it is handed on once.
        """
        seq = self._position
        fresh = [data for data in events if self._is_new(data)]
        told = [event for event in (placed(data, seq) for data in fresh) if event is not None]
        erased = [event.get("lead_id") for event in told if event["event_type"] == LEAD_ERASED]
        for lead_id in erased:
            self._backlog.forget(lead_id)
        if erased:
            self._erased([lead_id for lead_id in erased if isinstance(lead_id, str)])
        self._audience.push(told)

    def _is_new(self, data: bytes) -> bool:
        name = blake2b(data, digest_size=16).hexdigest()  # not the event itself, which names a lead that may be erased
        if name in self._moments:
            return False
        self._moments.note(name)
        return True

    # The thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._step()
            except Exception as error:  # the thread must outlive any fault; the text may hold a lead's words
                if self._closing.is_set():
                    return
                known = isinstance(error, Unavailable)
                self._report(False, str(error) if known else f"The feed failed with {type(error).__name__}.")
                self._closing.wait(POLL_S)

    def _step(self) -> None:
        if not self._begun.is_set():
            self._position = self._source.last_feed_seq()
            self._begun.set()
        redis = self._redis
        if redis is None or not (self._from_redis or self._back_to(redis)):
            self._poll()
            return
        try:
            self._follow(redis)
        except FeedUnavailable as error:
            self._leave_redis(str(error))

    def _poll(self) -> None:
        self._read_record()
        self._record_was_replaced()
        until = "" if self._redis is None else " Until it is back, the database is read twice a second."
        self._report(True, self._why + until)
        self._closing.wait(POLL_S)

    def _follow(self, redis: StreamReader) -> None:
        if time.monotonic() >= self._next_look:
            self._look_around(redis)
            if not self._from_redis:
                return
        moments, entries = redis.read()
        if moments:  # erasures first: what is stored after one must not go with it
            self.tell(moments)
        if entries:
            self._take(entries)
            redis.taken(entries)
        if moments or entries:
            self._closing.wait(GATHER_S if self.readers else UNHEARD_GATHER_S)

    def _take(self, entries: Sequence[StreamEntry]) -> None:
        """Hand on what continues the feed; where it does not, the record has the answer."""
        run: list[FeedEvent] = []
        at = self._position
        for entry_id, fields in entries:
            event = from_stream(entry_id, fields)
            if event is not None and event.seq <= at:
                continue
            if event is None or event.seq != at + 1:
                self._deliver(run)
                self._read_record()
                run, at = [], self._position
            else:
                run.append(event)
                at = event.seq
        self._deliver(run)

    def _read_record(self) -> None:
        while rows := self._source.outbox_after(self._position, COUNT):
            self._deliver([from_outbox(row) for row in rows])
            if len(rows) < COUNT:
                return
            self._closing.wait(GATHER_S)  # time for the readers to take a full page

    def _deliver(self, events: Sequence[FeedEvent]) -> None:
        if events:
            self._backlog.add(events)
            self._position = events[-1].seq
            self._audience.push(events)

    def _look_around(self, redis: StreamReader) -> None:
        """Once a second: does the stream go on where this reader stands, and is it still written to?"""
        self._next_look = time.monotonic() + LOOK_S
        replaced = redis.end().seq != self._position and self._record_was_replaced()
        redis.go_on_after(self._position)  # the last entry read may not have been the relay's
        if replaced:
            return
        stuck_at = self._position if self._source.outbox_after(self._position, 1) else None
        if stuck_at is not None and stuck_at == self._stuck_at:
            self._leave_redis("Redis answers, but new events do not reach it.")
            return
        self._stuck_at = stuck_at
        self._report(True, "Pushed through Redis.")

    def _record_was_replaced(self) -> bool:
        """Another database, or a restored one: go on from its end."""
        newest = self._source.last_feed_seq()
        if newest >= self._position:
            return False
        _log.warning("The database's feed ends at %d, below %d; going on from there.", newest, self._position)
        self._backlog.clear()
        self._position = newest
        self._audience.restart(newest)
        return True

    def _leave_redis(self, why: str) -> None:
        self._from_redis = False
        self._stuck_at = None
        self._next_look = time.monotonic() + LOOK_S
        self._why = why if why.endswith(".") else f"{why}."
        if not self._closing.is_set():
            _log.warning("%s Reading the feed from the database.", self._why)

    def _back_to(self, redis: StreamReader) -> bool:
        """Whether Redis answers, with a stream of this record that has all that was handed on."""
        if time.monotonic() < self._next_look:
            return False
        self._next_look = time.monotonic() + LOOK_S
        try:
            end = redis.begin()
        except FeedUnavailable as error:
            self._why = f"{error}."
            return False
        if end.seq is None or end.seq < self._position:
            self._next_look = 0.0
            self._why = "Redis is being filled from the database."
            return False
        if end.seq > self._source.last_feed_seq():
            self._why = "The feed in Redis does not belong to this database."
            return False
        redis.go_on_after(self._position)
        self._from_redis, self._next_look = True, 0.0
        return True

    def _report(self, ok: bool, detail: str) -> None:
        self._status = self._status.then("redis" if self._from_redis else "sql", ok, detail)
