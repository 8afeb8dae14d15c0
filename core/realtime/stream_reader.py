"""The feed as Redis has it: two streams, where this process stands in each, and what follows there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from core.realtime.connection import BLOCK_S, connect, connect_reader, redis_errors
from core.realtime.events import STREAM, StreamEnd, StreamEntry, stream_end
from core.realtime.passing import PASSING, data_of, passing_end

COUNT = 1000


class Read(NamedTuple):
    """What came in one go: events of the moment, which come once, and entries of the feed, until they are ``taken``."""

    moments: list[bytes]
    entries: list[StreamEntry]


class StreamReader:
    """Reads both streams for the one thread that calls it; ``url`` is Redis's address.

    The reading waits on a connection of its own. ``commands`` is the one for questions that are answered at once.
    ``begin``, ``end`` and ``read`` raise FeedUnavailable while Redis fails.
    """

    def __init__(self, url: str) -> None:
        self._reader = connect_reader(url, name="jorge-feed-reader")
        self.commands = connect(url, retries=0, name="jorge-feed-commands")
        self._stream_id: bytes = b"0-0"
        self._passing_id: bytes = b"$"

    def close(self) -> None:
        """Close both connections, which wakes the thread out of a read."""
        for client in (self._reader, self.commands):
            client.connection_pool.disconnect()

    def go_on_after(self, seq: int) -> None:
        """Read the feed's stream after event ``seq`` from now on."""
        self._stream_id = b"%d-1" % seq

    def taken(self, entries: Sequence[StreamEntry]) -> None:
        """``entries`` (one or more) are handed on: read what follows them from now on."""
        self._stream_id = entries[-1][0]

    def begin(self) -> StreamEnd:
        """How far the stream goes; of the moment's events only those from now on will be read."""
        end = stream_end(self.commands)
        self._passing_id = passing_end(self.commands)
        return end

    def end(self) -> StreamEnd:
        """How far the stream goes, as the connection that reads it sees it."""
        return stream_end(self._reader)

    def read(self) -> Read:
        """At most 1,000 of each stream that follow; waits for them up to ``BLOCK_S`` and then has none."""
        with redis_errors("reading the feed"):
            found = cast(
                "list[tuple[bytes, list[StreamEntry]]]",
                self._reader.xread(
                    {PASSING: self._passing_id, STREAM: self._stream_id}, count=COUNT, block=int(BLOCK_S * 1000)
                ),
            )
        by_name = dict(found)
        moments, entries = by_name.get(PASSING.encode(), []), by_name.get(STREAM.encode(), [])
        if moments:
            self._passing_id = moments[-1][0]
        return Read(data_of(moments), entries)
