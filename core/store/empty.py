"""An empty SQLite database as all migrations together make it, from a script of their result.

To import Alembic and run every migration would make the first start slower than all others. After a new migration
``python -m tests.store.empty_script`` writes the script anew; a test holds it to the migrations.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

SCRIPT: Final = Path(__file__).parent / "migrations" / "empty_sqlite.sql"


def is_empty(connection: Connection) -> bool:
    """Whether this is an SQLite database in which nothing was ever made."""
    if connection.dialect.name != "sqlite":
        return False
    return not connection.execute(text("SELECT EXISTS (SELECT 1 FROM sqlite_master)")).scalar()


def build(connection: Connection) -> None:
    """Make all tables, in the transaction of ``connection``."""
    for statement in statements(SCRIPT.read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time: SQLite runs a whole script only in a transaction of its own.

    >>> list(statements("SELECT 1;\\nCREATE TRIGGER t DELETE ON a BEGIN\\n  SELECT 2;\\nEND;\\n"))
    ['SELECT 1;', 'CREATE TRIGGER t DELETE ON a BEGIN\\n  SELECT 2;\\nEND;']
    """
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        statement = "\n".join(lines)
        if sqlite3.complete_statement(statement):
            yield statement
            lines.clear()
