"""The live feed of a server: Redis, the relay that fills its stream, and the hub that reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import FeedUnavailable
from core.realtime.connection import connect, redis_errors
from core.realtime.embedded import EmbeddedRedis, start_embedded
from core.realtime.hub import FeedHub
from core.realtime.relay import Relay, RelayThread

if TYPE_CHECKING:
    from core.store import OutboxEvent, Store


class Record:
    """The store as the feed sees it: opened when it is needed, so that the feed outlives a database that is down."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def number_outbox(self) -> int:
        """Give the next numbers to events that have none. Raises StoreUnavailable."""
        return self._store().number_outbox()

    def outbox_after(self, feed_seq: int, most: int) -> Sequence[OutboxEvent]:
        """At most ``most`` numbered events above ``feed_seq``, in order. Raises StoreUnavailable."""
        return self._store().outbox_after(feed_seq, most)

    def last_feed_seq(self) -> int:
        """The last number given, 0 before the first. Raises StoreUnavailable."""
        return self._store().last_feed_seq()


@dataclass(frozen=True, slots=True)
class Feed:
    """``redis_url`` is None, and the hub reads the database, where no server for Redis can be had."""

    hub: FeedHub
    relay: RelayThread | None
    embedded: EmbeddedRedis | None
    redis_url: str | None

    @classmethod
    def start(cls, source: Record, data_dir: Path, redis_url: str | None) -> Feed:
        """Start it: with the Redis at ``redis_url``, else with an embedded one. Raises SettingsError for no address."""
        embedded, absent = None, None
        if redis_url is None:
            try:
                embedded = start_embedded(data_dir)
            except FeedUnavailable as error:
                absent = str(error)
        url = redis_url or (embedded.url if embedded else None)
        relay = RelayThread(Relay(source, connect(url, name="jorge-relay"))).start() if url else None
        hub = FeedHub(source, url, absent=absent) if absent else FeedHub(source, url)
        return cls(hub.start(), relay, embedded, url)

    def wake(self) -> None:
        """Something was committed: bring it to the screens now."""
        if self.relay is not None:
            self.relay.wake()

    def ping(self) -> None:
        """Return when Redis answers; raise FeedUnavailable when it does not, or there is none."""
        if self.redis_url is None:
            raise FeedUnavailable(self.hub.status().detail)
        client = connect(self.redis_url, retries=0)
        try:
            with redis_errors("answering"):
                client.ping()
        finally:
            client.close()

    def close(self) -> None:
        """Stop all of it, the embedded Redis last."""
        if self.relay is not None:
            self.relay.close()
        self.hub.close()
        if self.embedded is not None:
            self.embedded.close()
