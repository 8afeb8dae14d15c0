"""Another program holds the database's lock while leads are posted: what is acknowledged is kept, the rest is told."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import orjson
import pytest
from sqlalchemy import select

from core.services.center import CommandCenter
from core.store import connect
from core.store.schema import outbox, scores
from tests.api.served import served, unlimited
from tests.services.centers import settings_in

HELD_S = 2.0
HOLD = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=10)
held.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
print("free", flush=True)
"""


@dataclass(frozen=True)
class Posted:
    lead_id: str
    status: int
    score: float | None
    retry_after: str | None


def post(client: httpx.Client, lead_id: str) -> Posted:
    answer = client.post("/api/v1/ml/score", json={"lead_id": lead_id, "lead_data": {"name": lead_id}})
    return Posted(lead_id, answer.status_code, answer.json().get("ml_score"), answer.headers.get("retry-after"))


def test_while_another_program_holds_the_lock_leads_are_kept_or_refused_and_never_both(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "BUSY_MS", 300)  # 10 s else; a writer of ours waits three times as long for another
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as center:
        token = unlimited(center)
        file = center.settings.database_url.removeprefix("sqlite:///")
        with (
            served(center) as url,
            ThreadPoolExecutor(4) as crowd,
            httpx.Client(base_url=url, timeout=30, trust_env=False, headers={"authorization": f"Bearer {token}"}) as to,
        ):
            told = list(crowd.map(lambda number: post(to, f"before-{number}"), range(20)))
            holder = subprocess.Popen(
                [sys.executable, "-c", HOLD, file, str(HELD_S)], stdout=subprocess.PIPE, text=True
            )
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            until = time.monotonic() + HELD_S - 0.5
            number = 0
            while time.monotonic() < until:
                told += crowd.map(lambda one: post(to, f"held-{one}"), range(number, number + 4))
                number += 4
            assert holder.stdout.readline() == "free\n"
            holder.communicate()
            told += crowd.map(lambda number: post(to, f"after-{number}"), range(20))
        with center.store.database.read() as connection:
            stored = {row.lead_id: 100 * row.probability for row in connection.execute(select(scores))}
            events = [orjson.loads(row.payload) for row in connection.execute(select(outbox))]
    kept = {one.lead_id: one.score for one in told if one.status == 200}
    refused = [one for one in told if one.status != 200]
    assert {one.status for one in refused} == {503}
    assert all(one.retry_after == "5" for one in refused)
    assert all(one.lead_id.startswith("held-") for one in refused)
    assert {lead_id: pytest.approx(score, abs=0.051) for lead_id, score in kept.items()} == stored
    assert sorted(event["lead_id"] for event in events if event["event_type"] == "lead_scored") == sorted(kept)
    assert len(kept) >= 40
