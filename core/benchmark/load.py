"""What one server process does under load, seen by its clients: this process makes the load, another one serves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import orjson

from core.benchmark.load_client import Connection, connected, request_to
from core.benchmark.load_leads import Leads
from core.benchmark.load_server import Server

API: Final = "/api/v1/ml"
BATCH: Final = 100
EVENT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked: ``clients`` at once for ``seconds``; of the rest so many requests one after the other.

    Each part comes in ``rounds``, in which the servers take turns: a machine that others share is quick and slow for
    seconds or minutes at a time. Before each the clients are quiet for ``settle_s`` seconds: what the one before left
    to be done in the background, on either server, is no part of it.
    """

    clients: int = 50
    seconds: float = 10.0
    requests: int = 500
    batches: int = 40
    warm_s: float = 6.0
    settle_s: float = 1.0
    rounds: int = 4

    @property
    def of_one_round(self) -> Plan:
        """What is asked in each round; at least one of everything.

        >>> Plan(requests=10, batches=3).of_one_round.requests, Plan(requests=10, batches=3).of_one_round.batches
        (3, 1)
        """
        return replace(
            self,
            seconds=self.seconds / self.rounds,
            requests=-(-self.requests // self.rounds),
            batches=-(-self.batches // self.rounds),
        )


@dataclass(slots=True)
class Seen:
    """What the clients saw: milliseconds by request, and how many answers were not what was asked for.

    Of many clients at once also for how long they asked, and the processor time that the server (None where that is
    not known) and this process took meanwhile.
    """

    times_ms: list[float] = field(default_factory=list)
    errors: int = 0
    seconds: float = 0.0
    server_cpu_s: float | None = 0.0
    generator_cpu_s: float = 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which ``share`` percent of the answers came; infinite when none came."""
        return float(np.percentile(self.times_ms, share)) if self.times_ms else float("inf")

    @property
    def answers_per_s(self) -> float:
        """Good answers a second."""
        return len(self.times_ms) / self.seconds

    @property
    def server_cpu_ms(self) -> float | None:
        """Processor time of the server for each good answer."""
        if self.server_cpu_s is None or not self.times_ms:
            return None
        return 1000 * self.server_cpu_s / len(self.times_ms)

    @property
    def generator_cpu_share(self) -> float:
        """How much of a processor this process took."""
        return self.generator_cpu_s / self.seconds

    def add(self, more: Seen) -> None:
        """Take in what was seen in another round."""
        self.times_ms += more.times_ms
        self.errors += more.errors
        self.seconds += more.seconds
        if self.server_cpu_s is None or more.server_cpu_s is None:
            self.server_cpu_s = None
        else:
            self.server_cpu_s += more.server_cpu_s
        self.generator_cpu_s += more.generator_cpu_s


class Load:
    """Measures one server; ``leads`` are sent to no other."""

    def __init__(self, server: Server, leads: Leads) -> None:
        self._server, self._leads = server, leads

    async def warm(self, seconds: float) -> None:
        """Score until the server has loaded what it loads in the background."""
        until = time.monotonic() + seconds
        connection = await connected(self._server.port)
        while time.monotonic() < until:
            await connection.call(self._score(self._leads.one()[1]))
            await connection.call(self._request("/health"))
        connection.close()

    async def one_client(self, requests: int) -> Seen:
        """Distinct leads one after the other, explained and stored."""
        return await self._in_turn(requests, lambda: self._score(self._leads.one()[1]), is_fresh)

    async def again(self, requests: int, settle_s: float = 0.0) -> Seen:
        """Distinct leads once more, ``settle_s`` after all of them were scored: answered from the cache."""
        asked = [self._score(self._leads.one()[1]) for _ in range(requests)]
        connection = await connected(self._server.port)
        for request in asked:
            await connection.call(request)
        connection.close()
        await asyncio.sleep(settle_s)
        remaining = iter(asked)
        return await self._in_turn(requests, lambda: next(remaining), is_kept)

    async def batches(self, batches: int, *, parallel: bool = True) -> Seen:
        """Batches of 100 distinct leads, read by two processes or by one."""
        return await self._in_turn(
            batches,
            lambda: self._request("/batch-score", self._leads.batch(BATCH, parallel=parallel)),
            is_whole_batch,
        )

    async def health(self, requests: int) -> Seen:
        """The health of the server."""
        return await self._in_turn(requests, lambda: self._request("/health"), is_healthy)

    async def crowd(self, clients: int, seconds: float) -> Seen:
        """``clients`` at once, each sending a distinct lead as soon as it has its answer."""
        seen = Seen()
        connections = [await connected(self._server.port) for _ in range(clients)]
        served_s, used_s, began = self._server.cpu_seconds(), time.process_time(), time.monotonic()

        async def one(connection: Connection) -> None:
            while time.monotonic() - began < seconds:
                await self._one(connection, self._score(self._leads.one()[1]), seen, is_fresh)

        await asyncio.gather(*map(one, connections))
        seen.seconds, seen.generator_cpu_s = time.monotonic() - began, time.process_time() - used_s
        served_until_s = self._server.cpu_seconds()
        seen.server_cpu_s = None if served_s is None or served_until_s is None else served_until_s - served_s
        for connection in connections:
            connection.close()
        return seen

    async def to_a_listener(self, requests: int) -> Seen:
        """From the moment before a lead is posted to its event on a WebSocket, one lead after the other."""
        from websockets.asyncio.client import connect

        seen = Seen()
        url = f"ws://127.0.0.1:{self._server.port}{API}/ws/live-scores"
        connection = await connected(self._server.port)
        async with connect(url, additional_headers={"Authorization": f"Bearer {self._server.token}"}) as socket:
            await socket.recv()  # the first heartbeat: from here on it listens
            for _ in range(requests):
                lead_id, body = self._leads.one()
                began = time.perf_counter()
                answer = asyncio.ensure_future(connection.call(self._score(body)))
                try:
                    async with asyncio.timeout(EVENT_S):
                        while orjson.loads(await socket.recv()).get("lead_id") != lead_id:
                            pass
                    seen.times_ms.append(1000 * (time.perf_counter() - began))
                except TimeoutError:
                    seen.errors += 1
                await answer
        connection.close()
        return seen

    async def _in_turn(self, times: int, request: Callable[[], bytes], good: Callable[[int, bytes], bool]) -> Seen:
        seen = Seen()
        connection = await connected(self._server.port)
        for _ in range(times):
            await self._one(connection, request(), seen, good)
        connection.close()
        return seen

    async def _one(
        self, connection: Connection, request: bytes, seen: Seen, good: Callable[[int, bytes], bool]
    ) -> None:
        try:
            took_ms, status, body = await connection.timed(request)
        except OSError:
            seen.errors += 1
            await asyncio.sleep(0.1)  # it may be gone for good
            return
        if good(status, body):
            seen.times_ms.append(took_ms)
        else:
            seen.errors += 1

    def _score(self, body: bytes) -> bytes:
        return self._request("/score", body)

    def _request(self, path: str, body: bytes | None = None) -> bytes:
        return request_to(API + path, self._server.port, self._server.token, body)


def is_fresh(status: int, body: bytes) -> bool:
    """Whether this is a score that was just made, with its explanation."""
    return status == 200 and b'"cache_hit":false' in body and b'"contributions":[{' in body


def is_kept(status: int, body: bytes) -> bool:
    """Whether this is a score from the cache."""
    return status == 200 and b'"cache_hit":true' in body


def is_whole_batch(status: int, body: bytes) -> bool:
    """Whether all leads of a batch were scored."""
    return status == 200 and b'"succeeded":%d,' % BATCH in body


def is_healthy(status: int, body: bytes) -> bool:
    """Whether everything is up."""
    return status == 200 and b'"status":"healthy"' in body
