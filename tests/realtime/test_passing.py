"""Events of the moment, beside the feed's numbered ones."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import orjson
import pytest
from redis import Redis

from core.realtime import CHANNEL, STREAM, EmbeddedRedis, FeedHub, connect
from core.realtime.passing import KEEP, PASSING, Teller
from tests.realtime.outbox import Outbox
from tests.realtime.reading import on, quiet, running
from tests.realtime.waiting import until


@contextmanager
def telling(url: str | None, hub: FeedHub) -> Iterator[Teller]:
    teller = Teller(connect(url, retries=0) if url else None, hub.tell).start()
    yield teller
    teller.close()


async def heard(hub: FeedHub, teller: Teller, **fields: Any) -> dict[str, Any]:
    async with asyncio.timeout(5), hub.subscribe() as events:
        teller.tell("batch_processing", fields)
        return await anext(events)


def test_every_process_hears_an_event_of_the_moment(outbox: Outbox, url: str) -> None:
    outbox.write(2)
    with running(outbox, url) as (here, _), running(outbox, url) as (there, _), telling(url, here) as teller:
        until(lambda: there.position == here.position == 2)
        event = asyncio.run(heard(there, teller, batch_id="b", completed=40, total=100))
    assert (event["event_type"], event["completed"], event["total"]) == ("batch_processing", 40, 100)
    assert event["timestamp"].endswith("Z")


def test_without_redis_the_screens_of_this_process_hear_it(outbox: Outbox) -> None:
    with running(outbox, None) as (hub, _), telling(None, hub) as teller:
        assert asyncio.run(heard(hub, teller, completed=1))["completed"] == 1


def test_with_redis_frozen_the_screens_of_this_process_hear_it(outbox: Outbox, server: EmbeddedRedis) -> None:
    with running(outbox, server.url) as (hub, _), telling(server.url, hub) as teller:
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        try:
            assert asyncio.run(heard(hub, teller, completed=1))["completed"] == 1
        finally:
            os.kill(server.pid, signal.SIGCONT)


def test_what_redis_took_without_saying_so_in_time_is_heard_once(outbox: Outbox, server: EmbeddedRedis) -> None:
    async def read(hub: FeedHub, teller: Teller) -> None:
        assert server.pid is not None
        async with asyncio.timeout(20), hub.subscribe() as events:
            os.kill(server.pid, signal.SIGSTOP)
            try:
                teller.tell("batch_processing", {"completed": 1})
                assert (await anext(events))["completed"] == 1  # from this process, as Redis was too slow
            finally:
                os.kill(server.pid, signal.SIGCONT)
            assert await quiet(events, 1.0)  # though Redis has it too by now

    with running(outbox, server.url) as (hub, _), telling(server.url, hub) as teller:
        until(lambda: hub.status().source == "redis" and hub.status().ok)
        asyncio.run(read(hub, teller))
        with connect(server.url) as client:
            assert client.xlen(PASSING) == 1


@pytest.mark.parametrize("with_redis", [True, False])
def test_a_client_that_comes_back_with_its_id_gets_what_follows_and_not_the_moment_again(
    outbox: Outbox, url: str, with_redis: bool
) -> None:
    address = url if with_redis else None

    async def read(hub: FeedHub, teller: Teller) -> None:
        last = (await heard(hub, teller, completed=1))["event_id"]
        assert last.startswith("3-1+")
        outbox.write(2)
        async with asyncio.timeout(5), hub.subscribe(last) as events:
            assert [(await anext(events))["event_id"] for _ in range(2)] == ["4-1", "5-1"]
            assert await quiet(events)

    outbox.write(3)
    with running(outbox, address) as (hub, _), telling(address, hub) as teller:
        until(lambda: hub.position == 3)
        asyncio.run(read(hub, teller))


def test_the_numbered_events_go_on_without_a_gap_among_the_others(outbox: Outbox, url: str, client: Redis) -> None:
    async def read(hub: FeedHub, teller: Teller) -> tuple[list[str], int]:
        numbered: list[str] = []
        moments = 0
        async with asyncio.timeout(10), hub.subscribe("0-1", every=True) as events:
            for number in range(50):
                await asyncio.to_thread(outbox.write, 2)
                teller.tell("cache_hit", {"lead_id": f"lead-{number}"})
            while len(numbered) < 100 or moments < 50:
                event = await anext(events)
                moments += event.passing
                numbered += [] if event.passing else [event.id]
        return numbered, moments

    with running(outbox, url) as (hub, _), telling(url, hub) as teller:
        numbered, moments = asyncio.run(read(hub, teller))
    assert numbered == [f"{number}-1" for number in range(1, 101)]
    assert moments == 50
    entries: Any = client.xrange(STREAM)
    assert [entry_id for entry_id, _ in entries] == [f"{number}-1".encode() for number in range(1, 101)]


def test_programs_outside_hear_it_by_pub_sub(outbox: Outbox, url: str, client: Redis) -> None:
    with running(outbox, url) as (hub, _), telling(url, hub) as teller:
        listener = client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        listener.subscribe(CHANNEL)
        assert listener.get_message(timeout=1) is None
        teller.tell("cache_hit", {"lead_id": "ana"})
        until(
            lambda: (message := listener.get_message(timeout=0.1)) and orjson.loads(message["data"])["lead_id"] == "ana"
        )
        listener.close()


def test_what_waits_goes_to_redis_in_order_and_in_one_call(url: str, client: Redis) -> None:
    left: list[bytes] = []
    teller = Teller(connect(url, retries=0), left.extend)
    for completed in range(30):
        teller.tell("batch_processing", {"completed": completed})
    client.config_resetstat()
    teller.start().close()
    entries = cast("list[Any]", client.xrange(PASSING))
    told = [orjson.loads(fields[b"data"])["completed"] for _, fields in entries]
    assert (told, left) == (list(range(30)), [])
    assert client.info("commandstats")["cmdstat_eval"]["calls"] == 1


def test_the_stream_of_the_moment_stays_short(outbox: Outbox, url: str, client: Redis) -> None:
    with running(outbox, url) as (hub, _), telling(url, hub) as teller:
        for _ in range(10):
            for number in range(500):
                teller.tell("cache_hit", {"n": number})
            until(lambda: not teller._waiting)
        until(lambda: int(client.xlen(PASSING)) > 0)
    assert int(client.xlen(PASSING)) <= KEEP + 200  # whole blocks of the stream are cut off


def test_what_is_no_event_is_passed_over(outbox: Outbox, url: str, client: Redis) -> None:
    with running(outbox, url) as (hub, _), telling(url, hub) as teller:
        for data in (b"{", b"[]", b'{"event_type": 7}'):
            client.xadd(PASSING, {"data": data})
        client.xadd(PASSING, {"other": b"x"})
        assert asyncio.run(heard(hub, teller, completed=1))["completed"] == 1
        until(on(hub, "redis"))
