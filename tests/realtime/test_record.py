"""The feed over the real store."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from core.realtime import STREAM, FeedHub, Relay, RelayThread, connect
from core.store import Store, open_store
from tests.realtime.reading import eventually, on, take
from tests.realtime.waiting import until
from tests.store.made import scored


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'jorge.db'}")
    yield opened
    opened.close()


@pytest.fixture
def hub(store: Store, url: str) -> Iterator[FeedHub]:
    relay = RelayThread(Relay(store, connect(url)), interval_s=0.02).start()
    hub = FeedHub(store, url).start()
    until(on(hub, "redis"))
    yield hub
    hub.close()
    relay.close()


def test_a_saved_score_reaches_a_reader_with_the_names_of_the_live_feed(store: Store, hub: FeedHub) -> None:
    async def read() -> None:
        async with hub.subscribe() as events:
            store.save_scored([scored("lead_1", 0.25)])
            async with asyncio.timeout(5):
                event = await anext(events)
            assert event["event_type"] == "lead_scored"
            assert (event["event_id"], event["lead_id"], event["ml_score"]) == ("1-1", "lead_1", 25.0)
            assert str(event["timestamp"]).endswith("Z")

    asyncio.run(read())


def test_scores_saved_by_many_threads_arrive_once_each(store: Store, hub: FeedHub) -> None:
    def save(name: str) -> None:
        for place in range(10):
            store.save_scored([scored(f"{name}_{place}_{half}") for half in "ab"])

    async def read() -> None:
        async with hub.subscribe() as events:
            threads = [threading.Thread(target=save, args=(name,)) for name in "wxyz"]
            for thread in threads:
                thread.start()
            async with asyncio.timeout(20):
                got = [await anext(events) for _ in range(80)]
            for thread in threads:
                await asyncio.to_thread(thread.join)
        assert [event.seq for event in got] == list(range(1, 81))
        assert len({event["lead_id"] for event in got}) == 80

    asyncio.run(read())


def test_a_cleared_workspace_goes_on_in_the_same_feed(store: Store, hub: FeedHub, client: Redis) -> None:
    async def read() -> None:
        async with hub.subscribe() as events:
            store.save_scored([scored("sample_1"), scored("sample_2")])
            assert await take(events, 2) == [1, 2]
            await eventually(lambda: client.xlen(STREAM) == 2)
            store.clear()
            store.save_scored([scored("own_1")])
            assert await take(events, 1) == [3]

    asyncio.run(read())
    again = FeedHub(store, connect_url(client)).start()
    until(on(again, "redis"))
    assert again.position == 3
    again.close()


def connect_url(client: Redis) -> str:
    return f"unix://{client.connection_pool.connection_kwargs['path']}"
