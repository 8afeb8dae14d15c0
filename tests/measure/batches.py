"""Batches of 100 read by two processes against one: ``python -m tests.measure.batches [rounds]``.

One server gets both in turn. The second process's memory is what Linux counts as its own share.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from core.benchmark.files import memory_mb
from core.benchmark.load import Load, Seen
from core.benchmark.load_leads import Leads
from core.benchmark.load_server import Server, serving
from tests.measure.requests import SERVER, spent_us, used_us

ROUNDS = 20
BATCHES_A_ROUND = 8
WARM_S, QUIET_S = 6.0, 1.0
READS = b"core.services.scores.reading.process"


def second_process() -> int:
    """The process that reads beside the server."""
    commands = Path("/proc").glob("[0-9]*/cmdline")
    return next(int(path.parent.name) for path in commands if READS in path.read_bytes())


async def measure(load: Load, server: Server, rounds: int) -> None:
    """Print a line for each way, and their ratio."""
    await load.warm(WARM_S)
    await load.batches(BATCHES_A_ROUND)
    await asyncio.sleep(WARM_S)  # the second process is loading
    seen = {True: Seen(), False: Seen()}
    cpu_us = Counter[bool]()
    for turn in range(rounds):
        for parallel in (turn % 2 == 0, turn % 2 == 1):
            await asyncio.sleep(QUIET_S)
            before = used_us(server.process_id)
            seen[parallel].add(await load.batches(BATCHES_A_ROUND, parallel=parallel))
            cpu_us[parallel] += spent_us(server.process_id, before).total()
    for parallel, words in ((False, "one process"), (True, "two processes")):
        of = seen[parallel]
        print(
            f"{words}: p50 {of.percentile(50):.1f} ms, p95 {of.percentile(95):.1f} ms by the clock, "
            f"{cpu_us[parallel] / 1000 / len(of.times_ms):.1f} ms of CPU of the server each, {of.errors} errors"
        )
    print(f"two take {seen[True].percentile(50) / seen[False].percentile(50):.2f} of the time of one")
    print(f"the second process has {memory_mb(second_process()):.0f} MB")


def main() -> None:
    """Measure a server on a folder that is thrown away."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory(prefix="jorge-batches-") as room, serving(Path(room), SERVER) as server:
        asyncio.run(measure(Load(server, Leads()), server, rounds))


if __name__ == "__main__":
    main()
