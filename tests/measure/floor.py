"""How near the server is to the least that Python needs for a score: ``python -m tests.measure.floor``.

In turn with the product it asks ``floor_server``, which takes the same requests, writes the same rows with the same
care for the disk and answers as much, and does nothing else. Milliseconds are the machine's; the ratio is ours.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.api.answers import JsonAnswer, score_answer
from core.benchmark.load import BATCH, Load, Seen
from core.benchmark.load_leads import Leads
from core.benchmark.load_server import Server, serving
from core.scoring.scored import ScoredLead
from core.services.center import CommandCenter
from core.services.scores.batch_request import score_requests
from core.services.scores.wire import BatchIn
from core.settings import Settings

ROUNDS = 8
LEADS_STORED = 500
WARM_S, QUIET_S = 6.0, 1.0
PARTS: dict[str, Any] = {
    "one client": lambda load: load.one_client(60),
    "batch of 100": lambda load: load.batches(5),
}


def fill(folder: Path, leads: Leads) -> None:
    """Leave a store of scored leads, and the answer to one of them, for ``floor_server``."""
    settings = Settings(_env_file=None, jorge_data_dir=folder, jorge_database_url=f"sqlite:///{folder / 'stored.db'}")
    with CommandCenter(settings) as center:
        for _ in range(LEADS_STORED // BATCH):
            found = score_requests(center, BatchIn.model_validate_json(leads.batch(BATCH)).leads)
        (folder / "answer.json").write_bytes(bytes(JsonAnswer(answer_to(found.scored[0][1])).body))


def answer_to(scored: ScoredLead) -> dict[str, Any]:
    """What the API answers."""
    money = (scored.commission.sale_price_usd, scored.commission.rate, scored.commission.commission_usd)
    lead_id = scored.history.lead.lead_id
    return score_answer(
        lead_id, scored.score, money, scored.scored_at, escalate=False, cache_hit=False, processing_time_ms=1.0
    )


@contextmanager
def floor(folder: Path) -> Iterator[Server]:
    """The bare server, running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.measure.floor_server", str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        port = process.stdout.readline() if process.stdout else ""
        yield Server(int(port), "none", process.pid)
    finally:
        process.kill()
        process.wait()


async def measure(product: Server, bare: Server, leads: Leads) -> None:
    """Print a line for each part."""
    loads = {"product": Load(product, leads), "bare": Load(bare, Leads(seed=8))}
    await loads["product"].warm(WARM_S)
    await loads["product"].batches(2)
    await asyncio.sleep(WARM_S)
    for part, ask in PARTS.items():
        seen = {name: Seen() for name in loads}
        for turn in range(ROUNDS):
            for name in sorted(loads, reverse=turn % 2 == 0):
                await asyncio.sleep(QUIET_S)
                seen[name].add(await ask(loads[name]))
        ours, least = seen["product"], seen["bare"]
        print(
            f"{part}: p50 {ours.percentile(50):.2f} ms, bare {least.percentile(50):.2f} ms: "
            f"{ours.percentile(50) / least.percentile(50):.1f} times; p95 {ours.percentile(95):.2f} and "
            f"{least.percentile(95):.2f} ms; errors {ours.errors} and {least.errors}"
        )


def main() -> None:
    """Measure both in folders that are thrown away."""
    with tempfile.TemporaryDirectory(prefix="jorge-floor-") as room:
        folders = [Path(room) / name for name in ("product", "bare")]
        for folder in folders:
            folder.mkdir()
        leads = Leads()
        fill(folders[1], leads)
        with serving(folders[0]) as product, floor(folders[1]) as bare:
            asyncio.run(measure(product, bare, leads))


if __name__ == "__main__":
    main()
