"""Throughput with 1, 2 and 4 API processes, and with 1, 2 and 4 workers: ``python -m tests.deploy.scale``.

All on this machine: PostgreSQL, Redis, the processes and what makes the load. It takes about three minutes. Where the
machine is busy to the last core, more processes cannot bring more: the column "machine" says so.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from core.benchmark.load import is_fresh
from core.benchmark.load_client import Connection, connected, request_to
from core.benchmark.load_leads import Leads
from core.realtime.lead_queue import LeadQueue
from core.services.center import CommandCenter
from core.store.schema import scores
from tests.deploy.machine import Machine, wait_until
from tests.services.centers import settings_in
from tests.store.postgres import wheel

PROCESSES: Final = (1, 2, 4)
CLIENTS, WARM_S, MEASURED_S = 16, 5.0, 12.0
QUEUED, WARM_QUEUED = 3_000, 200
SCORE: Final = "/api/v1/ml/score"


@dataclass(frozen=True, slots=True)
class Round:
    """Leads a second with so many processes, their CPU time a lead, and how busy the whole machine was."""

    processes: int
    leads_per_s: float
    cpu_ms: float
    busy: float


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment: the time, CPU seconds of some processes, and of the machine (busy, all)."""

    at: float
    used: float
    busy: float
    all: float

    @classmethod
    def now(cls, process_ids: Sequence[int]) -> Clock:
        """Read from /proc."""
        told = [int(part) for part in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        ticks = os.sysconf("SC_CLK_TCK")
        used = sum(map(_ticks, process_ids)) / ticks
        return cls(time.monotonic(), used, (sum(told) - told[3] - told[4]) / ticks, sum(told) / ticks)

    def to(self, later: Clock, processes: int, leads: int) -> Round:
        """What was done from here to ``later``."""
        busy = (later.busy - self.busy) / (later.all - self.all)
        return Round(processes, leads / (later.at - self.at), 1000 * (later.used - self.used) / max(leads, 1), busy)


def main() -> int:
    """0 when measured; 0 with a word where PostgreSQL cannot be had."""
    binaries = wheel()
    if binaries is None:
        print("SKIPPED: the wheel pgserver, which brings PostgreSQL, does not exist for this Python or platform")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="jorge-scale-"))
    machine = Machine(folder, binaries, [f"api-{n + 1}" for n in range(max(PROCESSES))])
    try:
        machine.start_redis()
        leads = Leads()
        show("API processes", (api_round(machine, n, leads) for n in PROCESSES))
        show("workers", (worker_round(machine, n, leads) for n in PROCESSES))
    finally:
        machine.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def api_round(machine: Machine, processes: int, leads: Leads) -> Round:
    """Clients post distinct leads, each waiting for its answer: explained, stored and told on the feed."""
    fresh(machine)
    names = list(machine.ports)[:processes]
    for name in names:
        machine.start_server(name)
    for name in names:
        machine.wait_for_server(name)
    token = machine.jorge("token", "--role", "manager")
    ports = [machine.ports[name] for name in names]
    asyncio.run(post(ports, token, leads, WARM_S))
    ids = [machine.process_id(name) for name in names]
    before = Clock.now(ids)
    done = asyncio.run(post(ports, token, leads, MEASURED_S))
    found = before.to(Clock.now(ids), processes, done)
    machine.stop(*names)
    return found


async def post(ports: Sequence[int], token: str, leads: Leads, seconds: float) -> int:
    """How many were answered rightly within ``seconds`` by servers that take turns."""
    done, until = 0, time.monotonic() + seconds

    async def client(port: int, connection: Connection) -> None:
        nonlocal done
        while time.monotonic() < until:
            status, body = await connection.call(request_to(SCORE, port, token, leads.one()[1]))
            if not is_fresh(status, body):
                raise RuntimeError(f"a lead was answered with {status}: {body[:200]!r}")
            done += 1

    asked = [ports[n % len(ports)] for n in range(CLIENTS)]
    opened = [await connected(port) for port in asked]
    await asyncio.gather(*map(client, asked, opened))
    for connection in opened:
        connection.close()
    return done


def worker_round(machine: Machine, workers: int, leads: Leads) -> Round:
    """Leads wait in the stream; from the first to the last that is stored."""
    fresh(machine)
    settings = settings_in(
        machine.folder / "measurer", jorge_database_url=machine.database_url, jorge_redis_url=machine.redis_url
    )
    names = [f"worker-{n + 1}" for n in range(workers)]
    with CommandCenter(settings) as center:
        center.store.ping()
        for name in names:
            machine.start_worker(name)
        wait_until(lambda: all("scores what comes" in said(machine, name) for name in names), "workers")
        enqueue(machine, leads, WARM_QUEUED)
        wait_until(lambda: stored(center) >= WARM_QUEUED, "the first leads")
        ids = [machine.process_id(name) for name in names]
        before = Clock.now(ids)
        enqueue(machine, leads, QUEUED)
        wait_until(lambda: stored(center) >= WARM_QUEUED + QUEUED, "all leads")
        found = before.to(Clock.now(ids), workers, QUEUED)
    machine.stop(*names)
    return found


def enqueue(machine: Machine, leads: Leads, n: int) -> None:
    """Put leads into the stream, each with a key of its own."""
    queue = LeadQueue(machine.redis_url)
    try:
        queue.add([leads.one() for _ in range(n)])
    finally:
        queue.close()


def stored(center: CommandCenter) -> int:
    """How many leads are scored."""
    with center.store.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(scores)).scalar_one())


def said(machine: Machine, name: str) -> str:
    """What a process printed in this round."""
    log = machine.folder / f"{name}.log"
    return log.read_text() if log.exists() else ""


def fresh(machine: Machine) -> None:
    """Every round begins with an empty record, an empty Redis and empty folders."""
    machine.database_url = machine.postgres.new_database()
    machine.redis_url = f"{machine.redis_url.rpartition('/')[0]}/{int(machine.redis_url.rpartition('/')[2]) + 1}"
    for path in machine.folder.glob("*-[0-9]*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def show(what: str, rounds: Iterable[Round]) -> None:
    """A line for each as it is known, against the first."""
    print(f"\n{os.cpu_count()} cores. {'':>6}{what:>14} {'leads a second':>15} {'ratio':>7} {'CPU a lead':>11} machine")
    first: float | None = None
    for one in rounds:
        first = first or one.leads_per_s
        ratio = one.leads_per_s / first
        print(
            f"{one.processes:>30} {one.leads_per_s:>15.0f} {ratio:>7.2f} {one.cpu_ms:>8.1f} ms {one.busy:>6.0%} busy",
            flush=True,
        )


def _ticks(process_id: int) -> int:
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    sys.exit(main())
