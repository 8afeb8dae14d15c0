"""The live WebSocket on a real server with real clients: many of them, and some that do not read."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.api import live as live_module
from core.realtime import start_embedded, stream_end
from core.realtime.connection import connect as connect_redis
from core.services import health
from core.services.access import screen_token
from core.services.center import CommandCenter
from core.services.scores import scoring
from core.store.write import add_events
from tests.api.served import served
from tests.realtime.waiting import until
from tests.services.centers import settings_in
from tests.services.made import told

CLIENTS = 200
PATH = "/api/v1/ml/ws/live-scores"


@pytest.fixture
def address(live: CommandCenter) -> Iterator[str]:
    with served(live, sockets=True) as http:
        yield "ws" + http.removeprefix("http") + PATH


@asynccontextmanager
async def listening(center: CommandCenter, address: str, last: str | None = None) -> AsyncIterator[ClientConnection]:
    """A client that has shown its token and has had its first heartbeat."""
    async with connect(address, open_timeout=30, ping_interval=None, compression=None) as client:
        first = {"type": "auth", "token": screen_token(center)} | ({"last_event_id": last} if last else {})
        await client.send(json.dumps(first))
        assert json.loads(await client.recv())["event_type"] == "heartbeat"
        yield client


async def scored(client: ClientConnection, count: int, within_s: float = 90.0) -> list[dict[str, Any]]:
    """The next ``count`` events of scores."""
    events: list[dict[str, Any]] = []
    async with asyncio.timeout(within_s):
        while len(events) < count:
            event = json.loads(await client.recv())
            events += [event] if event["event_type"] == "lead_scored" else []
    return events


def test_two_hundred_clients_each_get_every_event_once_and_in_order(live: CommandCenter, address: str) -> None:
    names = [f"lead-{number}" for number in range(20)]

    async def one(ready: asyncio.Semaphore) -> list[str]:
        async with listening(live, address) as client:
            ready.release()
            return [event["lead_id"] for event in await scored(client, len(names))]

    async def crowd() -> list[list[str]]:
        ready = asyncio.Semaphore(0)
        async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
            clients = [tasks.create_task(one(ready)) for _ in range(CLIENTS)]
            for _ in clients:
                await ready.acquire()
            assert live.hub.readers == CLIENTS
            for name in names:
                await asyncio.to_thread(scoring.score_lead, live, told(name))
        return [client.result() for client in clients]

    assert asyncio.run(crowd()) == [names] * CLIENTS
    until(lambda: live.hub.readers == 0)


def test_one_client_more_than_the_bound_is_asked_to_come_again(
    live: CommandCenter, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "MOST_CLIENTS", 2)

    async def three() -> int | None:
        async with listening(live, address), listening(live, address), connect(address) as third:
            with pytest.raises(ConnectionClosed) as closed:
                await third.recv()
            return closed.value.rcvd.code if closed.value.rcvd else None

    assert asyncio.run(three()) == live_module.BUSY
    until(lambda: live.hub.readers == 0)


def test_sockets_that_have_not_said_who_they_are_count_too(
    live: CommandCenter, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "MOST_CLIENTS", 2)

    async def three() -> int | None:
        async with connect(address), connect(address), connect(address) as third:
            with pytest.raises(ConnectionClosed) as closed:
                await third.recv()
            return closed.value.rcvd.code if closed.value.rcvd else None

    async def again() -> None:
        async with listening(live, address), listening(live, address):
            pass

    assert asyncio.run(three()) == live_module.BUSY
    asyncio.run(again())


def test_through_an_outage_of_redis_a_reader_that_keeps_its_last_id_gets_each_score_once_and_in_order(
    tmp_path: Path, models_dir: Path
) -> None:
    redis = start_embedded(tmp_path / "elsewhere")
    assert redis is not None
    settings = settings_in(tmp_path / "data", jorge_redis_url=redis.url)
    got: list[str] = []

    async def read(center: CommandCenter, address: str) -> None:
        pid = redis.pid
        assert pid is not None
        last = None
        for part in range(9):  # frozen in parts 3 to 5; each part is read by a client of its own
            if part in (3, 6):
                os.kill(pid, signal.SIGSTOP if part == 3 else signal.SIGCONT)
            async with listening(center, address, last) as client:
                for number in range(4):
                    await asyncio.to_thread(scoring.score_lead, center, told(f"lead-{part}-{number}"))
                if part == 4:
                    assert health.checks(center)["status"] == "degraded"
                events = await scored(client, 2 if part < 8 else 36 - len(got))  # the rest is left to the next client
            got.extend(event["lead_id"] for event in events)
            last = events[-1]["event_id"]

    with CommandCenter(settings, models_dir) as center, served(center, sockets=True) as http:
        try:
            asyncio.run(read(center, "ws" + http.removeprefix("http") + PATH))
        finally:
            os.kill(redis.pid or 0, signal.SIGCONT)
        until(lambda: center.hub.status().source == "redis", 10)
        stored = connect_redis(redis.url)
        until(lambda: stream_end(stored).seq == center.store.last_feed_seq() >= 36)  # escalations are told there too
        stored.close()
    redis.close()
    assert got == [f"lead-{part}-{number}" for part in range(9) for number in range(4)]


def test_a_client_that_does_not_read_is_cut_off_while_others_go_on(
    live: CommandCenter, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "SEND_S", 0.3)

    async def both() -> None:
        async with listening(live, address) as stuck, listening(live, address) as reader:
            stuck.transport.pause_reading()
            reading = asyncio.create_task(counted(reader, 4_000))
            for _ in range(40):  # 16 MB, more than the buffers of a connection take
                await asyncio.to_thread(flood, live)
            assert await reading == 4_000
            async with asyncio.timeout(20):
                while live.hub.readers > 1:
                    await asyncio.sleep(0.05)
            stuck.transport.resume_reading()
            with pytest.raises(ConnectionClosed):
                await counted(stuck, 4_000)

    asyncio.run(both())


async def counted(client: ClientConnection, count: int) -> int:
    """How many of ``count`` large events came."""
    seen = 0
    async with asyncio.timeout(90):
        while seen < count:
            seen += json.loads(await client.recv())["event_type"] == "model_status"
    return seen


def flood(center: CommandCenter) -> None:
    """A hundred events of 4 KB."""
    with center.store.database.write() as connection:
        add_events(connection, [{"event_type": "model_status", "filling": "x" * 4_000}] * 100)
    center.wake_feed()
