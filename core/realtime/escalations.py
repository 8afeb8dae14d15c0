"""Wakes whoever asks Claude: a stream with a consumer group beside the queue in the database.

The queue itself is in SQL. An entry only says that an escalation waits; losing all of them costs a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from redis.exceptions import ResponseError

from core.realtime.connection import BLOCK_S, connect, connect_reader, redis_errors
from core.realtime.events import StreamEntry

ESCALATIONS: Final = "jorge:escalations"
GROUP: Final = "jorge-askers"
MOST_ENTRIES: Final = 10_000


class EscalationBell:
    """One process's place at the stream. Every method raises FeedUnavailable."""

    def __init__(self, url: str, name: str) -> None:
        self._client = connect(url, retries=0, name="jorge-escalations")
        self._reader = connect_reader(url, name="jorge-escalations")
        self._name = name

    def ring(self, opinion_ids: Sequence[int]) -> None:
        """Say that these wait."""
        with redis_errors("telling of escalations"), self._client.pipeline(transaction=False) as pipe:
            for opinion_id in opinion_ids:
                pipe.xadd(ESCALATIONS, {"opinion_id": opinion_id}, maxlen=MOST_ENTRIES, approximate=True)
            pipe.execute()

    def heard(self, most: int = 100) -> int:
        """Wait up to 0.4 s; how many escalations were told of. What was heard leaves the stream."""
        with redis_errors("waiting for escalations"):
            try:
                return self._read(most)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
            self._make_group()
            return self._read(most)

    def close(self) -> None:
        """Close the connections."""
        self._reader.close()
        self._client.close()

    def _read(self, most: int) -> int:
        block_ms = int(1000 * BLOCK_S)
        answer: Any = self._reader.xreadgroup(GROUP, self._name, {ESCALATIONS: ">"}, count=most, block=block_ms)
        found = cast("list[tuple[bytes, list[StreamEntry]]]", answer)
        if not found:
            return 0
        ids = [entry_id for entry_id, _ in found[0][1]]
        with self._client.pipeline(transaction=True) as pipe:
            pipe.xack(ESCALATIONS, GROUP, *ids)
            pipe.xdel(ESCALATIONS, *ids)
            pipe.execute()
        return len(ids)

    def _make_group(self) -> None:
        try:
            self._client.xgroup_create(ESCALATIONS, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):  # another process was faster
                raise
