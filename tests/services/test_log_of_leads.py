"""How much of SQLite's log single leads take, by which it is decided how many commits it holds."""

from __future__ import annotations

import sqlite3
from concurrent.futures import Future
from pathlib import Path

from core.benchmark.load_leads import Leads
from core.services.center import CommandCenter
from core.services.scores.batch_request import history_of, score_requests
from core.services.scores.scoring import Asked, Pending, answer_together
from core.services.scores.wire import BatchIn, ScoreIn
from core.settings import Settings
from core.store.checkpoint import LOG_BYTES, LOG_COMMITS

SINGLE = 40  # a checkpoint of its own must not begin meanwhile


def test_as_many_single_leads_fit_into_what_the_file_keeps_and_a_batch_takes_far_less(tmp_path: Path) -> None:
    leads, wal = Leads(200), tmp_path / "jorge.db-wal"

    def batch(center: CommandCenter) -> None:
        score_requests(center, BatchIn.model_validate_json(leads.batch(100)).leads)

    def alone(center: CommandCenter) -> None:
        request = ScoreIn.model_validate_json(leads.one()[1])
        told: Future[Pending] = Future()
        answer_together([(lambda: Asked(center, *history_of(center, request)), told)])
        told.result()

    settings = Settings(_env_file=None, jorge_data_dir=tmp_path)
    with CommandCenter(settings) as center:
        for _ in range(15):  # pages are many and full, as in a team's database
            batch(center)
    with CommandCenter(settings) as center:
        center.store.ping()
        begin_anew(tmp_path / "jorge.db")
        for _ in range(SINGLE):
            alone(center)
        singles = wal.stat().st_size
        begin_anew(tmp_path / "jorge.db")
        batch(center)
        of_a_batch = wal.stat().st_size
    assert 0 < singles / SINGLE * LOG_COMMITS < LOG_BYTES
    assert 0 < of_a_batch < singles / SINGLE * 100 / 4


def begin_anew(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()
