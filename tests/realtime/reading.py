"""Reading from a hub in tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.realtime import FeedHub, Relay, RelayThread, Subscription, connect
from tests.realtime.outbox import Outbox
from tests.realtime.waiting import until


@contextmanager
def running(outbox: Outbox, url: str | None, *, keep: int = 10_000) -> Iterator[tuple[FeedHub, RelayThread | None]]:
    """A hub that has begun, beside a relay when there is a Redis."""
    relay = RelayThread(Relay(outbox, connect(url), keep=keep), interval_s=0.02).start() if url else None
    hub = FeedHub(outbox, url).start()
    try:
        until(on(hub, "redis" if url else "sql"))
        yield hub, relay
    finally:
        hub.close()
        if relay:
            relay.close()


async def take(subscription: Subscription, count: int, within_s: float = 5.0) -> list[int]:
    """The numbers of the next ``count`` events."""
    async with asyncio.timeout(within_s):
        return [(await anext(subscription)).seq for _ in range(count)]


async def quiet(subscription: Subscription, for_s: float = 0.2) -> bool:
    """Whether nothing comes."""
    try:
        async with asyncio.timeout(for_s):
            await anext(subscription)
    except TimeoutError:
        return True
    return False


async def eventually(condition: Callable[[], object], within_s: float = 5.0) -> None:
    await asyncio.to_thread(until, condition, within_s)


def on(hub: FeedHub, source: str) -> Callable[[], bool]:
    return lambda: hub.status().source == source and hub.status().ok
