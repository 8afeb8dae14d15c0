from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from redis import Redis

from core.errors import Unavailable
from core.realtime import STREAM, EmbeddedRedis, FeedHub, Relay
from tests.realtime.outbox import Outbox
from tests.realtime.reading import eventually, on, quiet, running, take
from tests.realtime.waiting import until


def test_what_the_stream_no_longer_has_comes_from_the_record(outbox: Outbox, url: str, client: Redis) -> None:
    outbox.write(1500)
    Relay(outbox, client, keep=100).run_once()
    assert client.xlen(STREAM) < 300

    async def read(hub: FeedHub) -> None:
        async with hub.subscribe("0-1") as events:
            assert await take(events, 1500) == list(range(1, 1501))
            outbox.write()
            assert await take(events, 1) == [1501]

    with running(outbox, url, keep=100) as (hub, _):
        asyncio.run(read(hub))


def test_an_entry_cut_from_the_stream_before_it_was_read_comes_from_the_record(
    outbox: Outbox, url: str, client: Redis
) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.write(20)
            # What a reader finds that slept while the stream was cut: only the last of twenty.
            rows = outbox.outbox_after(19, 1)
            client.xadd(STREAM, {"outbox_id": rows[0].event_id, "data": '{"event_id":"20-1"}'}, id="20-1")
            assert await take(events, 20) == list(range(1, 21))
            assert await quiet(events)

    hub = FeedHub(outbox, url).start()
    until(on(hub, "redis"))
    asyncio.run(read(hub))
    hub.close()


def test_an_entry_that_is_no_event_is_passed_over(outbox: Outbox, url: str, client: Redis) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.write()
            assert await take(events, 1) == [1]
            client.xadd(STREAM, {"data": "<script>"})
            outbox.write(2)
            assert await take(events, 2) == [2, 3]
            outbox.write()
            assert await take(events, 1) == [4]

    with running(outbox, url) as (hub, _):
        asyncio.run(read(hub))


def test_without_redis_the_record_is_read_and_the_status_says_so(outbox: Outbox) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.write(2)
            assert await take(events, 2, within_s=1.5) == [1, 2]

    with running(outbox, None) as (hub, _):
        asyncio.run(read(hub))
        status = hub.status()
    assert (status.source, status.ok) == ("sql", True)
    assert "No valkey-server or redis-server was found" in status.detail


def test_a_frozen_and_a_killed_redis_cost_nothing_but_the_push(outbox: Outbox, server: EmbeddedRedis) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            assert server.pid is not None
            os.kill(server.pid, signal.SIGSTOP)
            outbox.write(2)
            assert await take(events, 2, within_s=2.5) == [1, 2]
            await eventually(on(hub, "sql"))
            assert "Redis failed while" in hub.status().detail
            assert "read twice a second" in hub.status().detail
            outbox.write(2)
            assert await take(events, 2, within_s=1.5) == [3, 4]
            os.kill(server.pid, signal.SIGCONT)
            await eventually(on(hub, "redis"))
            outbox.write(2)
            assert await take(events, 2) == [5, 6]
            os.kill(server.pid, signal.SIGKILL)
            outbox.write(2)
            assert await take(events, 2, within_s=2.5) == [7, 8]
            await eventually(on(hub, "redis"))
            outbox.write()
            assert await take(events, 1) == [9]
            assert await quiet(events)

    with running(outbox, server.url) as (hub, _):
        before = hub.status().since
        asyncio.run(read(hub))
        assert hub.status().since > before


def test_an_emptied_redis_repeats_nothing(outbox: Outbox, url: str, client: Redis) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.write(5)
            assert await take(events, 5) == [1, 2, 3, 4, 5]
            client.flushall()
            assert await quiet(events)
            outbox.write()
            assert await take(events, 1) == [6]

    with running(outbox, url) as (hub, _):
        asyncio.run(read(hub))


def test_when_nobody_fills_redis_the_record_is_read_instead(outbox: Outbox, url: str) -> None:
    async def read(hub: FeedHub) -> None:
        outbox.write(2)
        async with hub.subscribe("0-1") as events, hub.subscribe("2-1") as ahead:
            assert hub.position == 0
            assert await take(events, 2) == [1, 2]
            await eventually(on(hub, "sql"))
            outbox.write()
            assert await take(events, 1) == [3]
            assert await take(ahead, 1) == [3]  # it had the first two from another process

    hub = FeedHub(outbox, url).start()
    until(on(hub, "redis"))
    asyncio.run(read(hub))
    hub.close()


def test_a_replaced_database_goes_on_from_its_own_end(outbox: Outbox, url: str, tmp_path: Path) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.write(50)
            assert await take(events, 50) == list(range(1, 51))
            other = Outbox(tmp_path / "other.db", "other")
            other.write(3)
            outbox.__dict__.update(other.__dict__)
            await eventually(lambda: hub.position == 3)
            await asyncio.sleep(0.05)
            other.write()
            event = await asyncio.wait_for(anext(events), 5)
            assert (event.seq, event["lead_id"]) == (4, "other_4")

    with running(outbox, url) as (hub, _):
        asyncio.run(read(hub))


def test_a_database_that_is_down_is_said_and_survived(outbox: Outbox, url: str) -> None:
    async def read(hub: FeedHub) -> None:
        async with hub.subscribe() as events:
            outbox.down = True
            await eventually(lambda: not hub.status().ok)
            assert hub.status().detail == "The database does not answer."
            outbox.down = False
            await eventually(on(hub, "redis"))
            outbox.write()
            assert await take(events, 1) == [1]

    with running(outbox, url) as (hub, _):
        asyncio.run(read(hub))


def test_nobody_can_enter_a_feed_that_never_began(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox.down = True
    hub = FeedHub(outbox, None).start()
    monkeypatch.setattr(hub._begun, "wait", lambda _: False)

    async def enter() -> None:
        async with hub.subscribe():
            pass

    with pytest.raises(Unavailable):
        asyncio.run(enter())
    hub.close()
