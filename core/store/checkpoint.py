"""Moves SQLite's write-ahead log into the database file: one connection at a time, over all processes.

SQLite before 3.51.3 can, rarely, corrupt a file when two connections checkpoint at once; Python often links an
older one. So no connection checkpoints by itself (``wal_autocheckpoint=0``): the writer does after a commit, while it
still keeps this process's other writers out, and a lock on a file keeps other processes out.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

if sys.platform == "win32":

    def _lock(_handle: IO[bytes]) -> None:
        """Without flock, the lock of this process has to do."""
else:
    import fcntl

    def _lock(handle: IO[bytes]) -> None:
        """Keep other processes out until ``handle`` is closed. Raises OSError when another is in."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


BUSY_MS: Final = 10_000
WAL_BYTES: Final = 8 * 1024 * 1024


class Checkpointer:
    """Keeps the log of the database ``file`` near ``most`` bytes."""

    def __init__(self, file: Path, most: int = WAL_BYTES) -> None:
        self._wal = file.with_name(file.name + "-wal")
        self._guard = file.with_name(file.name + "-checkpoint")
        self._most = most
        self._next = most

    def after_commit(self, engine: Engine) -> None:
        """Checkpoint when the log has grown by ``most`` bytes since it was last tried. Call with writers kept out.

        Never raises: the commit before it stands, and what could not be moved now is moved after a later one.
        """
        size = self._size()
        if size < self._most:
            self._next = self._most
        elif size >= self._next:
            with suppress(OSError, sqlite3.Error, SQLAlchemyError), open(self._guard, "ab") as handle:
                _lock(handle)
                _truncate_log(engine)
            self._next = self._size() + self._most

    def _size(self) -> int:
        try:
            return os.stat(self._wal).st_size
        except OSError:
            return 0


def _truncate_log(engine: Engine) -> None:
    """Waits 50 ms for readers of the log's end; a log that one of them holds is left for later."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=50")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    finally:
        connection.close()
