"""Moves SQLite's write-ahead log into the database file: one connection at a time, over all processes.

SQLite before 3.51.3 can, rarely, corrupt a file when two connections checkpoint at once; Python often links an
older one. So no connection checkpoints by itself (``wal_autocheckpoint=0``): the writer does after a commit, while it
still keeps this process's other writers out, and a lock on a file keeps other processes out.

The log then begins anew in the same place of the disk: of a file that grows, each commit has to write the new length.
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
LOG_BYTES: Final = 8 * 1024 * 1024
LOG_COMMITS: Final = 64  # of single leads these are less than LOG_BYTES: the log need not grow for them


class Checkpointer:
    """Lets the log of the database ``file`` begin anew after ``LOG_COMMITS``, or when it is twice ``most`` bytes.

    SQLite itself then cuts the file back to ``most`` (``journal_size_limit``).
    """

    def __init__(self, file: Path, most: int = LOG_BYTES) -> None:
        self._wal = file.with_name(file.name + "-wal")
        self._guard = file.with_name(file.name + "-checkpoint")
        self._most = most
        self._next_bytes = 2 * most
        self._commits = 0

    def after_commit(self, engine: Engine) -> None:
        """Checkpoint when enough was written.

        Call with writers kept out. Never raises: the commit before it stands, and what could not be moved now is
        moved after a later one.
        """
        self._commits += 1
        size = self._size()
        if size < 2 * self._most:
            self._next_bytes = 2 * self._most
        if size >= self._next_bytes or self._commits >= LOG_COMMITS:
            with suppress(OSError, sqlite3.Error, SQLAlchemyError), open(self._guard, "ab") as handle:
                _lock(handle)
                _begin_log_anew(engine)
            self._next_bytes = self._size() + self._most
            self._commits = 0

    def _size(self) -> int:
        try:
            return os.stat(self._wal).st_size
        except OSError:
            return 0


def _begin_log_anew(engine: Engine) -> None:
    """Waits 50 ms for readers of the log's end; a log that one of them holds is left for later."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=50")
        cursor.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    except BaseException:
        connection.invalidate()  # the next to take it from the pool would wait 50 ms as well
        raise
    finally:
        connection.close()
