"""Kill workers and Redis while 10,000 leads are scored, and account for every lead and every event.

python -m tests.measure.faults [--leads N] [--postgresql]
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from core.leads import LeadHistory
from core.sample import stream
from tests.cli.fleet import Fleet, reading, wait_for
from tests.realtime.waiting import until
from tests.store.postgres import Postgres, wheel

PATIENCE_S = 600.0


def nothing(_fleet: Fleet, _posted: int) -> None:
    """Two workers, left in peace."""


def one_worker(fleet: Fleet, posted: int) -> None:
    """One of two workers in the middle, never started again."""
    wait_for(fleet, posted // 2, PATIENCE_S)
    fleet.kill_worker()


def workers(fleet: Fleet, posted: int) -> None:
    """A worker again and again, each replaced at once."""

    def one() -> None:
        fleet.kill_worker()
        fleet.start_worker()

    kills(fleet, posted, 10, one)


def redis(fleet: Fleet, posted: int) -> None:
    """The embedded Redis again and again."""
    kills(fleet, posted, 10, fleet.kill_redis)


def both(fleet: Fleet, posted: int) -> None:
    """Either, by chance."""
    chance = random.Random(4)

    def one() -> None:
        if chance.random() < 0.5:
            fleet.kill_redis()
        else:
            fleet.kill_worker()
            fleet.start_worker()

    kills(fleet, posted, 20, one)


def kills(fleet: Fleet, posted: int, times: int, kill: Callable[[], object]) -> None:
    for number in range(times):
        wait_for(fleet, int(posted * (0.05 + 0.8 * number / times)), PATIENCE_S)
        kill()


FAULTS = {
    "none": nothing,
    "kill -9 of one of two workers": one_worker,
    "kill -9 of workers": workers,
    "kill -9 of Redis": redis,
    "kill -9 of workers and of Redis": both,
}


def measure(name: str, leads: Sequence[LeadHistory], database_url: str | None) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        fleet = Fleet(Path(folder), database_url)
        try:
            with reading(fleet) as feed:
                fleet.add(leads)
                fleet.start_worker()
                fleet.start_worker()
                wait_for(fleet, 1, PATIENCE_S)
                began = time.monotonic()
                FAULTS[name](fleet, len(leads))
                until(fleet.is_done, PATIENCE_S)
                took = time.monotonic() - began
                until(lambda: len(feed) >= fleet.scored(), 60)
                fleet.stop_workers()
            found = fleet.ledger(leads, feed)
        finally:
            fleet.close()
    where = "PostgreSQL" if database_url else "SQLite"
    lost, twice = f"{found.lost} / {found.untold}", f"{found.twice} / {found.told_twice}"
    return f"| {name} | {where} | {fleet.kills} | {len(leads):,} | {lost} | {twice} | {took:.0f} s |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--leads", type=int, default=10_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--fault", choices=FAULTS, action="append")
    arguments = parser.parse_args()
    leads = list(itertools.islice(stream(1), arguments.leads))
    binaries = wheel() if arguments.postgresql else None
    server = Postgres(binaries) if binaries else None
    print("| fault | database | times | leads | lost (scores / events) | twice (scores / events) | took |")
    print("|---|---|---|---|---|---|---|")
    for name in arguments.fault or FAULTS:
        print(measure(name, leads, server.new_database() if server else None), flush=True)
    if server:
        server.close()


if __name__ == "__main__":
    main()
