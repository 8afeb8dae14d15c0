"""Writes the script of an empty SQLite database from the migrations: ``python -m tests.store.empty_script``."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from core.store import migrate
from core.store.connect import Database
from core.store.empty import SCRIPT
from core.store.schema import HEAD

_WITHIN = ("BEGIN TRANSACTION;", "COMMIT;")


def script_of(path: Path) -> str:
    """The script that makes the database at ``path`` anew."""
    connection = sqlite3.connect(path)
    try:
        return "".join(f"{statement}\n" for statement in connection.iterdump() if statement not in _WITHIN)
    finally:
        connection.close()


def migrated() -> str:
    """The script of a database that the migrations have made, one after the other."""
    with TemporaryDirectory(prefix="jorge-empty-") as folder:
        path = Path(folder) / "jorge.db"
        database = Database(f"sqlite:///{path}")
        try:
            with database.write() as connection:
                migrate.upgrade(connection, HEAD)
        finally:
            database.close()
        return script_of(path)


if __name__ == "__main__":
    SCRIPT.write_text(migrated(), encoding="utf-8")
