"""The least that a server of Python does for a score: HTTP, JSON, the same rows on the disk, and an answer as long.

``python -m tests.measure.floor_server FOLDER`` reads nothing of a lead, scores nothing and tells nobody. ``FOLDER``
holds a store (``stored.db``) whose rows it writes again into an empty one, a lead at a time.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import Response

from core.benchmark.load import API, BATCH
from core.store import open_store

TABLES = ("leads", "interactions", "lead_latest", "scores", "outbox")
OWN_NUMBERS = {"interaction_id", "score_id", "outbox_id", "feed_seq"}  # which the table gives, or leaves out
CHECKPOINT_COMMITS = 64
Rows = list[tuple[str, list[list[Any]]]]


class Record:
    """An empty store, and the statements that write one lead's rows after another into it."""

    def __init__(self, folder: Path) -> None:
        open_store(f"sqlite:///{folder / 'floor.db'}").close()
        self._to = sqlite3.connect(folder / "floor.db", isolation_level=None, check_same_thread=False)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=0"):
            self._to.execute(f"PRAGMA {pragma}")
        self._leads = cycle(_rows_by_lead(folder / "stored.db"))
        self._turn = 0

    def save(self, leads: int) -> None:
        """Write the rows of so many leads in one commit."""
        self._turn += 1
        self._to.execute("BEGIN IMMEDIATE")
        for number, rows in enumerate(islice(self._leads, leads)):
            for statement, values in rows:
                for row in values:
                    row[0] = f"lead-{self._turn}-{number}"
                self._to.executemany(statement, values)
        self._to.execute("UPDATE counters SET n = n + 1")
        self._to.execute("COMMIT")
        if self._turn % CHECKPOINT_COMMITS == 0:
            self._to.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _rows_by_lead(path: Path) -> list[Rows]:
    """For each lead its statements with their rows; what must be another each time comes first in each row."""
    source = sqlite3.connect(path)
    ids = [lead_id for (lead_id,) in source.execute("SELECT lead_id FROM leads")]
    found: list[Rows] = [[] for _ in ids]
    for table in TABLES:
        by = "json_extract(payload, '$.lead_id')" if table == "outbox" else "lead_id"
        first = "event_id" if table == "outbox" else "lead_id"
        columns = [row[1] for row in source.execute(f"PRAGMA table_info({table})")]
        told = [name for name in columns if name not in {first, *OWN_NUMBERS}]
        places = ", ".join("?" * (len(told) + 1))
        statement = f"INSERT INTO {table} ({', '.join([first, *told])}) VALUES ({places})"
        for lead_id, rows in zip(ids, found, strict=True):
            query = f"SELECT {', '.join(told)} FROM {table} WHERE {by} = ?"
            rows.append((statement, [["", *row] for row in source.execute(query, (lead_id,))]))
    source.close()
    return found


def build(folder: Path) -> FastAPI:
    """Answers ``/score`` and ``/batch-score`` with what ``FOLDER/answer.json`` holds."""
    app, record = FastAPI(), Record(folder)
    thread = ThreadPoolExecutor(1)
    answer = (folder / "answer.json").read_bytes()
    batch = b'{"succeeded":%d,"results":[%b]}' % (BATCH, b",".join([answer] * BATCH))

    @app.post(f"{API}/score")
    async def score(request: Request) -> Response:
        json.loads(await request.body())
        await asyncio.get_running_loop().run_in_executor(thread, record.save, 1)
        return Response(answer, media_type="application/json")

    @app.post(f"{API}/batch-score")
    async def batch_score(request: Request) -> Response:
        json.loads(await request.body())
        await asyncio.get_running_loop().run_in_executor(thread, record.save, BATCH)
        return Response(batch, media_type="application/json")

    return app


def main() -> None:
    """Serve on a free port, which is printed first."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = build(Path(sys.argv[1]))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
