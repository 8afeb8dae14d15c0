"""Worker processes over one workspace, killed while they work; and a ledger of what became of every lead."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import func, select

from core.errors import FeedUnavailable
from core.leads import LeadHistory
from core.realtime.connection import connect, redis_errors
from core.services.center import CommandCenter
from core.services.worker import enqueue_leads, queue_status
from core.settings import PROJECT_ROOT
from core.store.schema import scores
from tests.realtime.waiting import until
from tests.services.centers import settings_in

ADDED_AT_ONCE = 500


@dataclass
class Ledger:
    """How often each lead was scored, and how often the feed told of it."""

    posted: Sequence[str]
    scored: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> int:
        return sum(not self.scored[lead_id] for lead_id in self.posted)

    @property
    def twice(self) -> int:
        return sum(self.scored[lead_id] > 1 for lead_id in self.posted)

    @property
    def untold(self) -> int:
        return sum(not self.told[lead_id] for lead_id in self.posted)

    @property
    def told_twice(self) -> int:
        return sum(self.told[lead_id] > 1 for lead_id in self.posted)


class Fleet:
    """A center with its feed and embedded Redis in this process, and workers in processes of their own."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.center = CommandCenter(settings_in(folder / "data", jorge_database_url=database_url))
        self.center.start_live()
        until(lambda: self.center.hub.status().ok, 60)
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("JORGE_")} | {
            "JORGE_DATA_DIR": str(folder / "data"),
            **({"JORGE_DATABASE_URL": database_url} if database_url else {}),
        }
        self._workers: dict[str, subprocess.Popen[bytes]] = {}
        self._started = 0
        self.kills = 0

    def start_worker(self) -> None:
        self._started += 1
        name = f"worker-{self._started}"
        command = [sys.executable, "-m", "core", "worker", "--name", name]
        self._workers[name] = subprocess.Popen(
            command, cwd=PROJECT_ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )

    def kill_worker(self) -> None:
        """The oldest, without a warning."""
        worker = self._workers.pop(next(iter(self._workers)))
        worker.kill()
        worker.communicate()
        self.kills += 1

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The oldest worker stands still while it holds leads, and comes back as if nothing had happened.

        It does not hold the database's lock: whoever stops a program in the middle of a commit stops all writers.
        """
        worker = next(iter(self._workers.values()))
        worker.send_signal(signal.SIGSTOP)
        patience = time.monotonic() + 60
        while not queue_status(self.center).in_work or self._is_locked():
            assert time.monotonic() < patience, "the worker was never stopped with leads in work and no lock"
            worker.send_signal(signal.SIGCONT)
            time.sleep(0.003)
            worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            worker.send_signal(signal.SIGCONT)

    def _is_locked(self) -> bool:
        with closing(sqlite3.connect(self.center.data_dir / "jorge.db", timeout=0.1)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.rollback()
        return False

    def kill_redis(self) -> None:
        """The server, whichever process runs it; one of them then starts it again."""
        client = connect(self.center.redis_url)
        try:
            with redis_errors("asking for the process"):
                pid = int(client.info("server")["process_id"])
        except FeedUnavailable:
            return  # it is dead already
        finally:
            client.close()
        os.kill(pid, signal.SIGKILL)
        self.kills += 1

    def stop_workers(self) -> list[str]:
        """Ask them to stop; what each said last."""
        for worker in self._workers.values():
            worker.terminate()
        said = [worker.communicate(timeout=20)[1].decode() for worker in self._workers.values()]
        assert [worker.returncode for worker in self._workers.values()] == [0] * len(said), said
        self._workers.clear()
        return said

    def add(self, leads: Sequence[LeadHistory]) -> None:
        for start in range(0, len(leads), ADDED_AT_ONCE):
            enqueue_leads(self.center, leads[start : start + ADDED_AT_ONCE])

    def scored(self) -> int:
        with self.center.store.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(scores)).scalar_one())

    def is_done(self) -> bool:
        try:
            now = queue_status(self.center)
        except FeedUnavailable:
            return False
        return now.waiting + now.in_work == 0

    def ledger(self, posted: Sequence[LeadHistory], feed: Sequence[str]) -> Ledger:
        with self.center.store.database.read() as connection:
            rows = connection.execute(select(scores.c.lead_id)).scalars()
            return Ledger([history.lead.lead_id for history in posted], Counter(rows), Counter(feed))

    def close(self) -> None:
        for worker in self._workers.values():
            worker.kill()
            worker.communicate()
        self.center.close()


@contextmanager
def reading(fleet: Fleet) -> Iterator[list[str]]:
    """The leads that the feed tells of, to a reader that comes and goes and keeps its last id."""
    told: list[str] = []
    done = threading.Event()

    async def read() -> None:
        last = "0-1"
        while not done.is_set():
            async with fleet.center.hub.subscribe(last, every=True) as events:
                for _ in range(40):
                    try:
                        async with asyncio.timeout(0.05):
                            batch = await events.batch()
                    except TimeoutError:
                        break
                    told.extend(event["lead_id"] for event in batch if event["event_type"] == "lead_scored")
                    last = batch[-1]["event_id"]

    thread = threading.Thread(target=asyncio.run, args=(read(),))
    thread.start()
    try:
        yield told
    finally:
        done.set()
        thread.join(10)


def wait_for(fleet: Fleet, count: int, within_s: float) -> None:
    until(lambda: fleet.scored() >= count, within_s)
