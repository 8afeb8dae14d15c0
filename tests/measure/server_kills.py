"""Kill the server while leads are posted to it: ``python -m tests.measure.server_kills [--leads N] [--kills N]``.

Each lead is posted until it is acknowledged; the server is killed with ``kill -9`` at random moments and started again.
At the end every acknowledged lead is looked for: stored with its score, and told of by the feed once.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from sqlalchemy import select

from core.services.access import Role
from core.services.center import CommandCenter
from core.settings import PROJECT_ROOT
from core.store.schema import outbox, scores
from tests.api.served import unlimited
from tests.services.centers import settings_in

CLIENTS: Final = 4
PATIENCE_S: Final = 60.0
SERVER: Final = """
import faulthandler, os, signal, sys
faulthandler.register(signal.SIGUSR1)  # a server that stands still is asked where
from pathlib import Path
import uvicorn
import core.scoring.kernel, core.services.scores.scoring, core.services.scores.batches, core.services.feed
from core.api.build import build_api
from core.scoring.warm import warm
from core.services.center import CommandCenter
from tests.services.centers import settings_in
warm()  # no server is killed while it compiles

def serve():
    with CommandCenter(settings_in(Path(sys.argv[1]))) as center:
        uvicorn.run(build_api(lambda: center), fd=int(sys.argv[2]), log_level="critical", access_log=False, ws="none")

ended = signal.SIGKILL
while ended == signal.SIGKILL:  # forked from a process that has imported all, so that a start takes no seconds
    process_id = os.fork()
    if not process_id:
        serve()
        os._exit(0)
    print(process_id, flush=True)
    ended = os.waitpid(process_id, 0)[1]
"""


@dataclass
class Ledger:
    """What was acknowledged (with the score that was told), and what is found of it."""

    acknowledged: dict[str, float] = field(default_factory=dict)
    posted: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    lost: int = 0
    other_score: int = 0
    untold: int = 0
    scores_beyond_posts: int = 0
    events_not_scores: int = 0
    gaps: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether every promise was kept."""
        found = (self.lost, self.other_score, self.untold, self.scores_beyond_posts, self.events_not_scores, self.gaps)
        return not any(found)


class Killed:
    """The API with its feed and Redis in a process of its own, on a port that outlives it.

    What the servers write to stderr goes to ``log``, and with it what a server that stands still is doing.
    """

    def __init__(self, folder: Path) -> None:
        self.log = folder.parent / "servers.log"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        number = self._listener.fileno()
        command = [sys.executable, "-c", SERVER, str(folder), str(number)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JORGE_")}
        with self.log.open("wb") as log:
            self._starter = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=environment, pass_fds=(number,), stdout=subprocess.PIPE, stderr=log
            )
        self.process_id = self._told()

    def _told(self) -> int:
        assert self._starter.stdout is not None
        return int(self._starter.stdout.readline())

    def kill(self) -> None:
        """End it without a warning; another starts."""
        os.kill(self.process_id, signal.SIGKILL)
        self.process_id = self._told()

    def stop(self) -> None:
        """End it as an operator would."""
        os.kill(self.process_id, signal.SIGTERM)
        try:
            self._starter.wait(30)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the server did not end when asked\n{self.stands()}") from None
        finally:
            self._starter.kill()
            with suppress(ProcessLookupError):
                os.kill(self.process_id, signal.SIGKILL)
            self._starter.communicate()
            self._listener.close()

    def stands(self) -> str:
        """What each thread of the server is doing now, and the last that the servers wrote."""
        with suppress(ProcessLookupError):
            os.kill(self.process_id, signal.SIGUSR1)
        time.sleep(1)
        return self.log.read_text(errors="replace")[-20_000:]


async def post_all(url: str, token: str, leads: int, ledger: Ledger) -> None:
    """Post each lead until it is acknowledged."""
    numbers = iter(range(leads))

    async def one() -> None:
        headers = {"authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(timeout=10, trust_env=False, headers=headers) as client:
            for number in numbers:
                await _post(client, f"{url}/v1/ml/score", f"lead_{number}", 100_000 + 1_000 * (number % 900), ledger)

    await asyncio.gather(*(one() for _ in range(CLIENTS)))


async def _post(client: httpx.AsyncClient, url: str, lead_id: str, price: int, ledger: Ledger) -> None:
    body = {"lead_id": lead_id, "lead_data": {"name": f"Lead {lead_id}", "price_max_usd": price}}
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        ledger.posted[lead_id] += 1
        try:
            answer = await client.post(url, json=body)
        except httpx.HTTPError:
            await asyncio.sleep(0.02)
            continue
        if answer.status_code == 200:
            ledger.acknowledged[lead_id] = answer.json()["ml_score"]
            return
        assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{lead_id} was not acknowledged in {PATIENCE_S} s")


async def _kill_at_random(server: Killed, kills: int, leads: int, ledger: Ledger, chance: random.Random) -> None:
    """Kill at moments spread over the leads, each some milliseconds after a random count is reached."""
    for at in sorted(chance.sample(range(1, leads), kills)):
        while len(ledger.acknowledged) < at:
            await asyncio.sleep(0.002)
        await asyncio.sleep(chance.uniform(0, 0.02))
        await asyncio.to_thread(server.kill)
        ledger.kills += 1


def measure(folder: Path, leads: int, kills: int, seed: int = 1) -> Ledger:
    """Post, kill, and account for everything."""
    ledger, data = Ledger(), folder / "data"
    with CommandCenter(settings_in(data)) as center:
        token = unlimited(center, Role.AGENT)
    server = Killed(data)

    async def run() -> None:
        killing = _kill_at_random(server, kills, leads, ledger, random.Random(seed))
        await asyncio.gather(post_all(server.url, token, leads, ledger), killing)

    try:
        asyncio.run(run())
    except TimeoutError as error:
        raise TimeoutError(f"{error}\n{server.stands()}") from None
    finally:
        server.stop()
    with CommandCenter(settings_in(data)) as center:
        center.start_live()
        _wait_until_told(center)
        _account(center, ledger)
    return ledger


def _wait_until_told(center: CommandCenter) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with center.store.database.read() as connection:
            if not connection.execute(select(outbox.c.outbox_id).where(outbox.c.feed_seq.is_(None)).limit(1)).first():
                return
        time.sleep(0.05)


def _account(center: CommandCenter, ledger: Ledger) -> None:
    with center.store.database.read() as connection:
        stored = connection.execute(select(scores.c.lead_id, scores.c.probability)).all()
        told = connection.execute(select(outbox.c.feed_seq, outbox.c.payload).order_by(outbox.c.feed_seq)).all()
    probability = {row.lead_id: row.probability for row in stored}
    count = Counter(row.lead_id for row in stored)
    events: Counter[Any] = Counter()
    for row in told:
        event = orjson.loads(row.payload)
        if event["event_type"] == "lead_scored":
            events[event["lead_id"]] += 1
    for lead_id, score in ledger.acknowledged.items():
        ledger.lost += lead_id not in count
        ledger.other_score += abs(100 * probability.get(lead_id, -1.0) - score) > 0.051
        ledger.untold += not events[lead_id]
        ledger.scores_beyond_posts += count[lead_id] > ledger.posted[lead_id]
        ledger.events_not_scores += events[lead_id] != count[lead_id]
    ledger.gaps = sum(row.feed_seq != number for number, row in enumerate(told, 1))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--leads", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), arguments.leads, arguments.kills, arguments.seed)
    again = sum(times > 1 for times in found.posted.values())
    print(f"{found.kills} kills, {len(found.acknowledged):,} acknowledged, {again} posted more than once,")
    print(f"lost {found.lost}, other score {found.other_score}, untold {found.untold}, gaps {found.gaps},")
    print(f"scores beyond posts {found.scores_beyond_posts}, events that are not scores {found.events_not_scores},")
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(not found.is_kept)


if __name__ == "__main__":
    main()
