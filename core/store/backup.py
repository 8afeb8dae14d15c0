"""One consistent state of the whole record, written to files while others go on writing, and put back from them.

SQLite is copied by ``VACUUM INTO``. PostgreSQL's tables are copied as text in one transaction that sees one moment, by
``COPY``: no program of the server's version is needed, and any later version reads it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, MetaData, inspect, text

from core.errors import FileError, StoreUnavailable
from core.store import migrate
from core.store.connect import Database, sqlite_file
from core.store.trouble import translated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
DATABASE: Final = "jorge.db"
_REVISIONS: Final = "alembic_version"
_BLOCK: Final = 1 << 20
_SAME_TEXT: Final = (
    "SET LOCAL datestyle TO 'ISO'",
    "SET LOCAL extra_float_digits TO 3",
    "SET LOCAL bytea_output TO 'hex'",
)


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: the kind of database, its revision, and rows and columns of each table, parents first."""

    kind: str
    revision: str
    rows: dict[str, int]
    columns: dict[str, list[str]]
    counted_to: dict[str, int]  # of PostgreSQL's columns that count up, by "table.column"


def copy_out(database: Database, folder: Path) -> Copied:
    """Copy the record into ``folder``.

    Raises StoreUnavailable, FileError for a database without our tables, OSError where ``folder`` takes no more.
    """
    if database.sqlite:
        return _copy_sqlite(database, folder / DATABASE)
    with translated(database.name), database.read() as connection:
        return _copy_postgresql(connection, folder)


def _copy_sqlite(database: Database, path: Path) -> Copied:
    file = Path(database.url.database or "")
    if not file.is_file():
        raise FileError(f"there is no database {file}; nothing to back up")
    with database.bare() as connection:
        try:
            connection.cursor().execute("VACUUM INTO ?", (str(path),))
        except sqlite3.OperationalError as error:
            if "is full" not in str(error):
                raise
            raise OSError(ENOSPC, os.strerror(ENOSPC)) from error  # the copy's disk: of the database it only reads
    return checked_sqlite(path)


def checked_sqlite(path: Path) -> Copied:
    """What the database file ``path`` holds. Raises FileError when it is damaged, or not one of ours."""
    try:
        with sqlite_file(path, read_only=True) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchall()
            if found != [("ok",)]:
                raise FileError(f"the copy of the database is damaged: {str(found[0][0])[:200]}")
            if (broken := connection.execute("PRAGMA foreign_key_check").fetchone()) is not None:
                raise FileError(f"the copy of the database is damaged: a row of {broken[0]} belongs to nothing")
            revision = connection.execute(f"SELECT version_num FROM {_REVISIONS}").fetchone()  # noqa: S608 - a constant
            names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall()
            tables = [name for (name,) in names if name != _REVISIONS and not name.startswith("sqlite_")]
            rows = {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    except sqlite3.Error as error:
        raise FileError(f"the copy of the database cannot be read as one of ours ({error})") from error
    if revision is None:
        raise FileError("the database has no tables of ours; nothing to back up")
    return Copied(SQLITE, revision[0], rows, {}, {})


def _copy_postgresql(connection: Connection, folder: Path) -> Copied:
    revision = migrate.current_revision(connection)
    if revision is None:
        raise FileError("the database has no tables of ours; nothing to back up")
    for setting in _SAME_TEXT:
        connection.execute(text(setting))
    present = MetaData()
    present.reflect(connection, only=lambda name, _: name in _ours(connection))
    rows, columns, counted_to = {}, {}, {}
    for table in present.sorted_tables:
        columns[table.name] = [column.name for column in table.columns]
        with (folder / table.name).open("wb") as out, _cursor(connection) as cursor:
            with cursor.copy(f"COPY {_listed(table.name, columns[table.name])} TO STDOUT") as source:
                for block in source:
                    out.write(block)
            rows[table.name] = int(cursor.rowcount)
        for column in columns[table.name]:
            if (sequence := _sequence(connection, table.name, column)) is not None:
                told = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - quoted
                counted_to[f"{table.name}.{column}"] = int(told.last_value) if told.is_called else 0
    return Copied(POSTGRESQL, revision, rows, columns, counted_to)


def _ours(connection: Connection) -> set[str]:
    """Names of the tables in the schema that the tables of ours are in."""
    return set(inspect(connection).get_table_names()) - {_REVISIONS}


def copy_in(connection: Connection, folder: Path, copied: Copied) -> None:
    """Put PostgreSQL's tables back, in the transaction of ``connection``, and bring them to the present revision.

    What stood there goes, with the transaction or not at all. Raises FileError when the rows are not those counted.
    """
    if migrate.current_revision(connection) is not None:
        migrate.downgrade(connection)
    migrate.upgrade(connection, copied.revision)
    for setting in _SAME_TEXT:
        connection.execute(text(setting))
    for name, columns in copied.columns.items():
        if connection.execute(text(f'SELECT EXISTS (SELECT 1 FROM "{name}")')).scalar():  # noqa: S608 - a checked name
            connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608 - what the migrations themselves put there
        with (folder / name).open("rb") as source, _cursor(connection) as cursor:
            with cursor.copy(f"COPY {_listed(name, columns)} FROM STDIN") as target:
                while block := source.read(_BLOCK):
                    target.write(block)
            if int(cursor.rowcount) != copied.rows[name]:
                raise FileError(f"the backup holds {cursor.rowcount} rows of {name}, not {copied.rows[name]}")
    for place, last in copied.counted_to.items():
        table, _, column = place.partition(".")
        called = {"sequence": _sequence(connection, table, column), "last": max(last, 1), "called": last > 0}
        connection.execute(text("SELECT setval(:sequence, :last, :called)"), called)
    migrate.upgrade(connection)


def _sequence(connection: Connection, table: str, column: str) -> str | None:
    place = {"table": f'"{table}"', "column": column}
    found: str | None = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), place).scalar()
    return found


def others_connected(connection: Connection) -> int:
    """How many other sessions are in this PostgreSQL database."""
    found = connection.execute(
        text(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND usename IS NOT NULL AND COALESCE(backend_type, 'client backend') = 'client backend'"
        )
    )
    return int(found.scalar_one())


def close_sqlite(path: Path) -> None:
    """Bring everything into the one file ``path``. Raises StoreUnavailable while another process has it open."""
    try:
        with sqlite_file(path) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # needs the file for itself
    except sqlite3.Error as error:
        if "locked" in str(error):
            raise StoreUnavailable(
                f"the database {path} is in use by another process; stop servers, workers and commands that use it"
            ) from error
        # Otherwise it is damaged, and put aside as it is.


@contextmanager
def _cursor(connection: Connection) -> Iterator[Any]:
    from psycopg import DataError, Error, IntegrityError

    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor:
            yield cursor
    except (DataError, IntegrityError) as error:
        raise FileError(f"the backup does not fit the tables ({type(error).__name__}); it is damaged") from error
    except Error as error:
        raise StoreUnavailable(f"PostgreSQL stopped copying ({type(error).__name__}); try again") from error


def _listed(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'"{table}" ({names})'
