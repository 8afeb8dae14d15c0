"""The lead stream: score requests that wait for a worker. Delivered at least once, until they are done or buried.

What is done leaves the stream, so that it holds only what waits or is in work, and no bound on its length can drop a
request that nobody has read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from redis import Redis
from redis.exceptions import ResponseError

from core.errors import FeedUnavailable
from core.realtime.connection import BLOCK_S, connect, connect_reader, redis_errors
from core.realtime.events import StreamEntry

LEADS: Final = "jorge:leads"
DEAD: Final = "jorge:leads:dead"
GROUP: Final = "jorge-workers"
MOST_WAITING: Final = 100_000
MOST_DEAD: Final = 10_000  # beyond, the oldest go: nobody looked at them, and a full server takes no lead at all
KEPT_BYTES: Final = 1_000_000  # of a dead request, as many as a worker takes
CUT_BYTES: Final = 4_096  # of one that is larger, which can never be scored
CLAIM_AFTER_S: Final = 5.0  # what a worker holds for longer is taken from it; being wrong costs work, never a score
_PLAIN_KEY = re.compile(rb"[!-~]{1,100}")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Entry:
    """A request as it was delivered for the ``tries``-th time (from 1); ``key`` is its own for ever."""

    id: str
    key: str
    request: bytes
    tries: int = 1


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """How many requests wait to be read, are in work (or left behind by a dead worker), and were given up."""

    waiting: int
    in_work: int
    dead: int


class LeadQueue:
    """One worker's or producer's place at the lead stream; not for several threads at once.

    ``worker`` names the consumer; two workers need two names. Every method raises FeedUnavailable.
    """

    def __init__(self, url: str, worker: str = "producer", *, claim_after_s: float = CLAIM_AFTER_S) -> None:
        self._reader = connect_reader(url, name="jorge-worker")
        self._client = connect(url, retries=0, name="jorge-worker")  # a command sent twice might bury twice
        self._worker = worker
        self._claim_after_ms = int(1000 * claim_after_s)

    def add(self, requests: Sequence[tuple[str, bytes]]) -> None:
        """Append requests (JSON), each with a key by which it is scored once however often it is added.

        Raises FeedUnavailable when 100,000 wait already.
        """
        with redis_errors("adding leads to the stream"), self._client.pipeline(transaction=True) as pipe:
            if int(self._client.xlen(LEADS)) + len(requests) > MOST_WAITING:
                raise FeedUnavailable(f"{MOST_WAITING:,} leads wait already; start more workers: jorge worker")
            for key, request in requests:
                pipe.xadd(LEADS, {"request": request, "key": key})
            pipe.execute()

    def read(self, most: int) -> list[Entry]:
        """At most ``most`` requests that nobody has read yet; waits up to 0.4 s for the first."""
        found = cast("list[tuple[bytes, list[StreamEntry]]]", self._in_group("reading leads", lambda: self._read(most)))
        entries = found[0][1] if found else []
        return [_entry(entry_id, fields, 1) for entry_id, fields in entries if fields]

    def _read(self, most: int) -> Any:
        block_ms = int(1000 * BLOCK_S)
        return self._reader.xreadgroup(GROUP, self._worker, {LEADS: ">"}, count=most, block=block_ms)

    def claim(self) -> Entry | None:
        """One request that a worker has held for too long, now this one's; None when there is none.

        One at a time: a request that ends every worker then takes no others down with it.
        """
        cursor = b"0-0"
        while True:
            cursor, entries = claimed(self._in_group("claiming leads", lambda: self._claim(cursor)))  # noqa: B023
            if entries:
                entry_id, fields = entries[0]
                return _entry(entry_id, fields or {}, self._tries(entry_id))
            if cursor == b"0-0":
                return None

    def _claim(self, cursor: bytes) -> Any:
        return self._client.xautoclaim(LEADS, GROUP, self._worker, self._claim_after_ms, cursor, count=1)

    def _tries(self, entry_id: bytes) -> int:
        with redis_errors("reading how often a lead was tried"):
            pending = cast("list[Any]", self._client.xpending_range(LEADS, GROUP, entry_id, entry_id, 1))
        return int(pending[0]["times_delivered"]) if pending else 1

    def done(self, entries: Sequence[Entry]) -> None:
        """Their scores are on the disk: let them go."""
        if entries:
            with redis_errors("acknowledging leads"), self._client.pipeline(transaction=True) as pipe:
                _let_go(pipe, [entry.id for entry in entries])
                pipe.execute()

    def bury(self, entry: Entry, reason: str) -> None:
        """Move a request to the dead letters, with the reason; it is in one of the two streams at any time."""
        request, size = entry.request, len(entry.request)
        if size > KEPT_BYTES:
            request, reason = request[:CUT_BYTES], f"{reason}; the first {CUT_BYTES:,} of {size:,} bytes are kept"
        fields: dict[Any, Any] = {"request": request, "key": entry.key, "reason": reason, "tries": entry.tries}
        with redis_errors("giving up a lead"), self._client.pipeline(transaction=True) as pipe:
            pipe.xadd(DEAD, fields, maxlen=MOST_DEAD, approximate=True)
            _let_go(pipe, [entry.id])
            pipe.execute()

    def uncount(self, entries: Sequence[Entry]) -> None:
        """A try ended for no fault of the requests: it does not count. They stay with this worker until claimed."""
        with redis_errors("giving leads back"), self._client.pipeline(transaction=False) as pipe:
            for entry in entries:
                pipe.xclaim(LEADS, GROUP, self._worker, 0, [entry.id], retrycount=entry.tries - 1, justid=True)
            pipe.execute()

    def leave(self) -> None:
        """Take this worker off the group's list, unless it still holds requests."""
        with redis_errors("leaving the group"):
            for consumer in cast("list[Any]", self._client.xinfo_consumers(LEADS, GROUP)):
                if consumer["name"] == self._worker.encode() and consumer["pending"] == 0:
                    self._client.xgroup_delconsumer(LEADS, GROUP, self._worker)

    def status(self) -> QueueStatus:
        """How much waits, is in work, was given up."""
        with redis_errors("reading the length of the lead stream"), self._client.pipeline(transaction=True) as pipe:
            pipe.xlen(LEADS)
            pipe.xlen(DEAD)
            pipe.xinfo_groups(LEADS)
            length, dead, groups = pipe.execute(raise_on_error=False)
            if isinstance(length, Exception) or isinstance(dead, Exception):
                raise length if isinstance(length, Exception) else dead
        known = groups if isinstance(groups, list) else []  # an error: there is no stream yet
        in_work = sum(group["pending"] for group in known if group["name"] == GROUP.encode())
        return QueueStatus(max(0, length - in_work), in_work, dead)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._client.close()

    def _in_group(self, doing: str, ask: Callable[[], Answer]) -> Answer:
        """Ask; where the group is missing (a new or emptied server), make it first, from the stream's beginning."""
        with redis_errors(doing):
            try:
                return ask()
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
            try:
                self._client.xgroup_create(LEADS, GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):  # another worker was faster
                    raise
            return ask()


def claimed(answer: Sequence[Any]) -> tuple[bytes, list[StreamEntry]]:
    """Cursor and entries of an answer to XAUTOCLAIM.

    Redis 6.2 tells entries that were deleted meanwhile as nothing, later versions in a list of their own.

    >>> claimed([b"0-0", [(None, None), (b"1-0", {b"request": b"{}"})]])
    (b'0-0', [(b'1-0', {b'request': b'{}'})])
    >>> claimed([b"7-0", [], [b"5-0"]])
    (b'7-0', [])
    """
    return answer[0], [(entry_id, fields) for entry_id, fields in answer[1] if entry_id is not None]


def key_of(entry_id: str, given: bytes | None) -> str:
    """By what an entry is known for ever: the key that came with it, else its id; of a strange key its digest.

    >>> key_of("5-0", None), key_of("5-0", b"order-17"), key_of("5-0", b"two words")
    ('5-0', 'order-17', '0a74d9f8dc440af6bd63bbaf0c17cc5d')
    """
    if given is None:
        return entry_id
    if _PLAIN_KEY.fullmatch(given):
        return given.decode()
    return hashlib.blake2b(given, digest_size=16).hexdigest()


def _entry(entry_id: bytes, fields: Mapping[bytes, bytes], tries: int) -> Entry:
    name = entry_id.decode()
    return Entry(name, key_of(name, fields.get(b"key")), fields.get(b"request", b""), tries)


def _let_go(pipe: Redis, ids: Sequence[str]) -> None:
    pipe.xack(LEADS, GROUP, *ids)
    pipe.xdel(LEADS, *ids)
