"""The live feed of a server: the relay that fills Redis's stream, the hub that reads it, and the cache beside it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import FeedUnavailable
from core.realtime.binary import NO_SERVER
from core.realtime.cache import LONGEST_S, ScoreCache
from core.realtime.connection import connect, redis_errors
from core.realtime.hub import FeedHub
from core.realtime.lately import Lately
from core.realtime.passing import Teller
from core.realtime.relay import Relay, RelayThread
from core.realtime.write_behind import WriteBehind

if TYPE_CHECKING:
    from core.store import OutboxEvent, Store

MOST_LATELY = 20_000  # about 3 MB of ids; of more leads in 15 minutes the oldest are scored anew


class Record:
    """The store as the feed sees it: opened when it is needed, so that the feed outlives a database that is down."""

    def __init__(self, store: Callable[[], Store]) -> None:
        self._store = store

    def outbox_after(self, feed_seq: int, most: int) -> Sequence[OutboxEvent]:
        """At most ``most`` events above ``feed_seq``, in order. Raises StoreUnavailable."""
        return self._store().outbox_after(feed_seq, most)

    def last_feed_seq(self) -> int:
        """The last number given, 0 before the first. Raises StoreUnavailable."""
        return self._store().last_feed_seq()


@dataclass(frozen=True, slots=True)
class Feed:
    """``redis_url`` is None, and the hub reads the database, where no server for Redis can be had.

    ``keeping`` are scores on their way into the cache. ``kept_lately`` has the leads whose scores this server put
    there; None where others use the same Redis.
    """

    hub: FeedHub
    relay: RelayThread | None
    teller: Teller
    cache: ScoreCache
    keeping: WriteBehind
    kept_lately: Lately | None
    redis_url: str | None

    @classmethod
    def start(
        cls,
        source: Record,
        redis_url: str | None,
        absent: str = NO_SERVER,
        *,
        alone: bool = False,
        erased: Callable[[Collection[str]], None] = lambda _: None,
    ) -> Feed:
        """Start it with the Redis at ``redis_url``; None where there is none, because ``absent``.

        ``alone``: no other server keeps scores there. ``erased`` is called with leads that were erased, wherever.

        Raises SettingsError for no address.
        """
        relay: RelayThread | None = None

        def forget(lead_ids: Collection[str]) -> None:
            erased(lead_ids)
            if relay is not None:
                relay.forget(lead_ids)

        hub = FeedHub(source, redis_url, absent=absent, erased=forget)
        relay = _relay(source, redis_url, hub) if redis_url else None
        teller = Teller(connect(redis_url, retries=0, name="jorge-teller") if redis_url else None, hub.tell)
        cache = ScoreCache(connect(redis_url, retries=0, name="jorge-cache") if redis_url else None)
        lately = Lately(LONGEST_S, MOST_LATELY) if alone else None
        return cls(hub.start(), relay, teller.start(), cache, WriteBehind(cache).start(), lately, redis_url)

    def wake(self, events: Sequence[OutboxEvent] = ()) -> None:
        """Something was committed, ``events`` if the caller has them: bring it to the screens now."""
        if self.relay is not None:
            self.relay.wake(events)

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
        """Stop all of it; Redis itself is closed by who started it."""
        self.keeping.close()
        self.teller.close()
        if self.relay is not None:
            self.relay.close()
        self.hub.close()


def _relay(source: Record, redis_url: str, hub: FeedHub) -> RelayThread:
    relay = Relay(source, connect(redis_url, name="jorge-relay"))
    return RelayThread(relay, heard=lambda: hub.readers > 0).start()
