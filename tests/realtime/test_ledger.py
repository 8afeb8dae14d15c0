"""Everything is killed, again and again, while events are written; then every event is accounted for."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis

from core.realtime import STREAM, EmbeddedRedis, FeedHub, connect, stream_end
from tests.realtime.conftest import started
from tests.realtime.outbox import Outbox
from tests.realtime.waiting import until

RELAY = """
import sys, threading
from pathlib import Path
from core.realtime import Relay, RelayThread, connect
from tests.realtime.outbox import Outbox
RelayThread(Relay(Outbox(Path(sys.argv[1])), connect(sys.argv[2]), batch=20), interval_s=0.005).start()
print("ready", flush=True)
threading.Event().wait()
"""
SECONDS = 3.0
RELAYS = 4


def relay_process(record: Path, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RELAY, str(record), url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def write_for(outbox: Outbox, seconds: float, chance: random.Random) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        outbox.write(chance.randint(1, 40))
        time.sleep(chance.uniform(0, 0.01))


def kill_for(server: EmbeddedRedis, relays: list[subprocess.Popen[str]], seconds: float, chance: random.Random) -> int:
    """Kill server and relays at random, but the last relay; returns how many died."""
    end = time.monotonic() + seconds
    killed = 0
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.05, 0.3))
        if chance.random() < 0.3 and len(relays) > 1:
            victim = relays.pop(chance.randrange(len(relays)))
            victim.kill()
            victim.communicate()
            killed += 1
        elif server.pid is not None:
            os.kill(server.pid, signal.SIGKILL)
            killed += 1
    return killed


async def steady(hub: FeedHub, got: list[int], done: threading.Event) -> None:
    async with hub.subscribe("0-1", most=100, every=True) as events:
        while not done.is_set():
            try:
                async with asyncio.timeout(0.05):
                    got.extend(event.seq for event in await events.batch())
            except TimeoutError:
                continue


async def restless(hub: FeedHub, got: list[int], done: threading.Event, chance: random.Random) -> None:
    """Leaves after a random number of events and comes back with the id of the last."""
    while not done.is_set():
        async with hub.subscribe(f"{got[-1] if got else 0}-1", every=True) as events:
            try:
                async with asyncio.timeout(0.05):
                    for _ in range(chance.randint(1, 400)):
                        got += [(await anext(events)).seq]
            except TimeoutError:
                continue


def read_both(hub: FeedHub, first: list[int], second: list[int], done: threading.Event) -> None:
    async def both() -> None:
        await asyncio.gather(steady(hub, first, done), restless(hub, second, done, random.Random(3)))

    asyncio.run(both())


@contextmanager
def relaying(record: Path, url: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Relays in processes of their own, all at work."""
    relays = [relay_process(record, url) for _ in range(RELAYS)]
    for relay in relays:
        assert relay.stdout is not None
        assert relay.stdout.readline() == "ready\n"
    yield relays
    for relay in relays:
        relay.kill()
        relay.communicate()


@contextmanager
def reading(hub: FeedHub, first: list[int], second: list[int]) -> Iterator[None]:
    """A steady and a restless reader, in a thread with a loop."""
    done = threading.Event()
    reader = threading.Thread(target=read_both, args=(hub, first, second, done))
    reader.start()
    try:
        yield
    finally:
        done.set()
        reader.join()


def numbers(client: Redis) -> list[int]:
    entries: Any = client.xrange(STREAM)
    return [int(entry_id.split(b"-")[0]) for entry_id, _ in entries]


def test_no_event_is_lost_or_repeated_while_server_and_relays_are_killed(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "record.db")
    server = started(tmp_path / "data")
    hub = FeedHub(outbox, server.url).start()
    first: list[int] = []
    second: list[int] = []
    with relaying(tmp_path / "record.db", server.url) as relays, reading(hub, first, second):
        writer = threading.Thread(target=write_for, args=(outbox, SECONDS, random.Random(5)))
        writer.start()
        killed = kill_for(server, relays, SECONDS, random.Random(20261120))
        writer.join()
        total = outbox.last_feed_seq()
        client = connect(server.url)
        until(lambda: first[-1:] == second[-1:] == [total], within_s=15)
        until(lambda: server.wait_until_ready() and stream_end(client).seq == total)
    hub.close()
    assert killed >= 8
    assert total > 1000
    assert first == list(range(1, total + 1))
    assert second == list(range(1, total + 1))
    kept = numbers(client)
    assert kept == list(range(kept[0], total + 1))
    client.close()
    server.close()
