"""Moves events from the database to the Redis stream: each once, in order, however anything is killed.

The cursor is the stream's own last id, compared by the server in the same step that adds the events. So what a relay
remembers of it, and what it was handed in memory, only saves asking: a server that came back without its last second, a
second relay, or a command sent twice all find a cursor that does not match, and start again from where the stream
really is.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

from redis import Redis

from core.errors import Unavailable
from core.realtime.connection import redis_errors
from core.realtime.events import (
    CHANNEL,
    STREAM,
    FeedSource,
    OutboxEvent,
    StreamEnd,
    stream_end,
    wire,
)
from core.realtime.forgetting import forget_events

KEEP = 10_000
BATCH = 200
HANDED = 2_000  # events in memory
GATHER_S = 0.006  # under load many commits share a run; and whoever committed gets to answer first
UNHEARD_GATHER_S = 0.05  # where no reader of this process waits for them
UNHEARD_LOOK_S = 1.0  # for what other processes committed
GATHER_EACH_S = 0.0001  # for each event: the answer to a hundred leads takes longer than to one
ANNOUNCED_FOR = timedelta(seconds=60)

# KEYS: stream. ARGV: last id expected, length kept, channel ("" for none), then id, outbox id, announce, event.
_APPEND = """
local last = '0-0'
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
if last ~= ARGV[1] then return 0 end
if #ARGV == 3 then redis.call('DEL', KEYS[1]) end
for i = 4, #ARGV, 4 do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], ARGV[i], 'outbox_id', ARGV[i + 1], 'data', ARGV[i + 3])
  if ARGV[i + 2] == '1' then redis.call('PUBLISH', ARGV[3], ARGV[i + 3]) end
end
return (#ARGV - 3) / 4
"""

_log = logging.getLogger(__name__)


class Relay:
    """Brings the stream up to the record. Any number of them may run, in any number of processes.

    ``keep`` (1 or more) is about how many events the stream holds. Each new event also goes to the pub/sub
    channel ``jorge:events``, once and without a guarantee, for programs outside.
    """

    def __init__(self, source: FeedSource, client: Redis, *, keep: int = KEEP, batch: int = BATCH) -> None:
        self._source = source
        self._script = client.register_script(_APPEND)
        self._client = client
        self._keep = keep
        self._batch = batch
        self._announced = 0
        self._end: StreamEnd | None = None  # where this relay left the stream
        self._handed: deque[OutboxEvent] = deque(maxlen=HANDED)
        self._handing = threading.Lock()
        self._added: deque[tuple[int, str]] = deque(maxlen=HANDED)  # or being added: number and lead of each
        self._late: list[tuple[int, str]] = []

    def hand(self, events: Sequence[OutboxEvent]) -> None:
        """Events that were committed just now, so that they need not be read back. From any thread."""
        with self._handing:
            self._handed.extend(events)

    def forget(self, lead_ids: Collection[str]) -> None:
        """Leads were erased, from Redis too: drop what was handed over of them. From any thread.

        What is being added of them meanwhile is deleted after the run.
        """
        with self._handing:
            kept = (event for event in self._handed if event.payload.get("lead_id") not in lead_ids)
            self._handed = deque(kept, HANDED)
            self._late += [(seq, lead_id) for seq, lead_id in self._added if lead_id in lead_ids]
            self._added = deque((one for one in self._added if one[1] not in lead_ids), HANDED)

    @property
    def in_memory(self) -> int:
        """How many events were handed over and not yet added, up to one run's."""
        return min(len(self._handed), self._batch)

    def run_once(self) -> int:
        """Add to the stream all that it lacks, and return how many events this call added.

        Raises FeedUnavailable when Redis does not answer or refuses to write; what was not added then is added
        by a later call.
        """
        moved = self._go_on()
        if not moved or self._end is None:
            moved += self._look_and_go_on()
        self._forget_late()
        return moved

    def _forget_late(self) -> None:
        if late := list(self._late):
            forget_events(self._client, late)
            with self._handing:
                del self._late[: len(late)]

    def _go_on(self) -> int:
        """Add what follows the event that this relay added last, as far as the stream still ends there."""
        moved = 0
        while (end := self._end) is not None and (rows := self._following(end.seq or 0)):
            if not self._append(end, rows):
                break
            moved += len(rows)
            if len(rows) < self._batch:
                break
        return moved

    def _following(self, seq: int) -> Sequence[OutboxEvent]:
        """What follows number ``seq`` without a gap, from memory when it is there."""
        rows: list[OutboxEvent] = []
        with self._handing:
            while self._handed and len(rows) < self._batch and self._handed[0].feed_seq <= seq + len(rows) + 1:
                event = self._handed.popleft()
                if event.feed_seq == seq + len(rows) + 1:
                    rows.append(event)
                    self._added.append((event.feed_seq, str(event.payload.get("lead_id"))))
        if rows:
            return rows
        read = self._source.outbox_after(seq, self._batch)
        return read if read and read[0].feed_seq == seq + 1 else ()

    def _look_and_go_on(self) -> int:
        """Ask how far the stream is, and whether it is this record's, before anything is added."""
        end = stream_end(self._client)
        moved = 0
        while True:
            rows = self._rows_after(end)
            if rows is None:
                _log.warning("The feed in Redis does not belong to this database; rebuilding it.")
                self._append(end, [])
                end = stream_end(self._client)
                continue
            if not rows:
                return moved
            added = self._append(end, rows)
            moved += added
            if added and len(rows) < self._batch:
                return moved
            # Nothing added: another relay was faster, or the server lost its last second.
            end = self._end or stream_end(self._client)

    def _rows_after(self, end: StreamEnd) -> Sequence[OutboxEvent] | None:
        """What comes next; None when the stream does not continue this record (another database, a restored one)."""
        seq = end.seq
        if seq is None:
            return None
        if seq == 0:
            return self._source.outbox_after(max(0, self._source.last_feed_seq() - self._keep), self._batch)
        rows = self._source.outbox_after(seq - 1, self._batch + 1)
        if not rows or rows[0].feed_seq != seq:
            return None if seq > self._source.last_feed_seq() else rows
        foreign = end.outbox_id is not None and str(rows[0].event_id).encode() != end.outbox_id
        return None if foreign else rows[1:]

    def _append(self, end: StreamEnd, rows: Sequence[OutboxEvent]) -> int:
        """Add ``rows`` if the stream still ends at ``end``; without rows, delete it on that condition."""
        words: list[bytes | str | int] = [end.id, self._keep, CHANNEL]
        fresh = datetime.now(UTC) - ANNOUNCED_FOR
        for row in rows:
            created = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
            announce = row.feed_seq > self._announced and created > fresh
            words += [_id(row), str(row.event_id), int(announce), wire(row)]
        with redis_errors("adding to the feed"):
            added = int(cast("int", self._script(keys=[STREAM], args=words)))
        if added:
            self._announced = max(self._announced, rows[-1].feed_seq)
        self._end = StreamEnd(_id(rows[-1]), str(rows[-1].event_id).encode()) if added else None
        return added


class RelayThread:
    """Runs a relay for as long as the process lives: soon after ``wake``, else every ``interval_s`` seconds.

    ``heard`` tells whether somebody in this process waits for events; if not, more of them share a run, and the look
    without ``wake`` is once a second. ``problem`` says why the last attempt failed, None when it did not. Failures are
    tried again with growing pauses of at most a second.
    """

    def __init__(self, relay: Relay, *, interval_s: float = 0.2, heard: Callable[[], bool] = lambda: True) -> None:
        self._relay = relay
        self._heard = heard
        self._interval_s = interval_s
        self._woken = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed-relay", daemon=True)
        self.problem: str | None = None

    def start(self) -> RelayThread:
        """Start the thread; returns itself."""
        self._thread.start()
        return self

    def wake(self, events: Sequence[OutboxEvent] = ()) -> None:
        """Something was committed, ``events`` if the caller has them: move it now. Costs nothing."""
        self._relay.hand(events)
        self._woken.set()

    def forget(self, lead_ids: Collection[str]) -> None:
        """Leads were erased: nothing that was handed over of them is moved any more."""
        self._relay.forget(lead_ids)
        self._woken.set()

    def close(self) -> None:
        """Stop, after the run under way."""
        self._closing.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def _run(self) -> None:
        failures = 0
        while not self._closing.is_set():
            self._woken.clear()  # before looking: what is committed from here on wakes it again
            failures = 0 if self._attempt() else failures + 1
            if failures:  # commits do not hurry a server that is down
                self._closing.wait(min(1.0, self._interval_s * 2 ** min(failures - 1, 8)))
            else:
                self._rest()

    def _rest(self) -> None:
        """Until something is to be moved. Whoever commits while this thread gathers need not wake it."""
        self._closing.wait(self._gather_s())
        look_s = self._interval_s if self._heard() else max(self._interval_s, UNHEARD_LOOK_S)
        if not self._woken.is_set() and self._woken.wait(look_s):
            self._closing.wait(self._gather_s() + GATHER_EACH_S * self._relay.in_memory)

    def _gather_s(self) -> float:
        return GATHER_S if self._heard() else UNHEARD_GATHER_S

    def _attempt(self) -> bool:
        try:
            self._relay.run_once()
        except Unavailable as error:
            problem = str(error)
        except Exception as error:  # the thread must outlive any fault; the text may hold a lead's words
            problem = f"The relay failed with {type(error).__name__}."
        else:
            self.problem = None
            return True
        if self.problem is None:
            _log.warning("%s", problem)
        self.problem = problem
        return False


def _id(row: OutboxEvent) -> bytes:
    return b"%d-1" % row.feed_seq
