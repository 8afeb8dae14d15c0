"""A record of its own for these tests: the outbox in a SQLite file, written without the store's code."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.errors import StoreUnavailable

SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, seq INTEGER UNIQUE, event_id TEXT, body TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS counter (n INTEGER NOT NULL);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter);
"""


@dataclass(frozen=True, slots=True)
class Row:
    feed_seq: int
    event_id: str
    payload: dict[str, Any]
    created_at: datetime


class Outbox:
    """Safe in threads and processes; ``down`` makes it fail as a database that is gone."""

    def __init__(self, path: Path, name: str = "event") -> None:
        self._path = path
        self._name = name
        self._local = threading.local()
        self.down = False
        self.reads = 0
        self.before_read: Callable[[], None] | None = None
        connection = self._connection()
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA)

    def write(self, count: int = 1, **body: Any) -> None:
        """Commit ``count`` events in one transaction."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        (last,) = connection.execute("SELECT n FROM counter").fetchone()
        for seq in range(last + 1, last + count + 1):
            payload = json.dumps({"event_type": "lead_scored", "lead_id": f"{self._name}_{seq}", **body})
            row = (seq, f"{self._name}-{seq}", payload, datetime.now(UTC).isoformat())
            connection.execute("INSERT INTO outbox (seq, event_id, body, at) VALUES (?, ?, ?, ?)", row)
        connection.execute("UPDATE counter SET n = ?", (last + count,))
        connection.execute("COMMIT")

    def forget(self, upto: int) -> None:
        """Delete what has been numbered up to ``upto``."""
        self._connection().execute("DELETE FROM outbox WHERE seq <= ?", (upto,))

    def erase(self, seq: int) -> None:
        """Delete one event; its number is not given again."""
        self._connection().execute("DELETE FROM outbox WHERE seq = ?", (seq,))

    def outbox_after(self, feed_seq: int, most: int) -> list[Row]:
        self.reads += 1
        if self.before_read:
            self.before_read()
        query = "SELECT seq, event_id, body, at FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?"
        rows = self._connection().execute(query, (feed_seq, most)).fetchall()
        return [Row(seq, key, json.loads(body), datetime.fromisoformat(at)) for seq, key, body, at in rows]

    def last_feed_seq(self) -> int:
        (last,) = self._connection().execute("SELECT n FROM counter").fetchone()
        return int(last)

    def _connection(self) -> sqlite3.Connection:
        if self.down:
            raise StoreUnavailable("The database does not answer.")
        held = getattr(self._local, "connection", None)
        if held is None:
            # Autocommit: transactions are begun by hand, above.
            held = self._local.connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        return held
