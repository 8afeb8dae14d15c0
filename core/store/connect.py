"""Connections: one writer at a time, and every acknowledged write on the disk.

``Database.write()`` serialises writers on both databases: SQLite with BEGIN IMMEDIATE, PostgreSQL with an advisory lock
that ends with the transaction. So a writer may read, merge and write back without losing another's change.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsError, StoreUnavailable
from core.store.checkpoint import BUSY_MS, LOG_BYTES, Checkpointer
from core.store.trouble import translated

CACHE_KIB: Final = 8 * 1024  # of each connection; the operating system keeps the file, once for all of them
HEAP_BYTES: Final = 32 * 1024 * 1024  # of all connections of a process together, of which there may be 32
READERS: Final = 4  # kept open beside the pool, as many as look up single leads at once
_WRITERS: Final = 7_021_966  # names our advisory lock among all of a PostgreSQL database's
_SNAPSHOT: Final[dict[str, Any]] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_POSTGRESQL: Final = ("postgresql", "postgres", "postgresql+psycopg")

# sqlite3 asks every None and every bytes how it adapts itself, which takes longer than to store it. Told here that
# they stay as they are, it does not ask: {}.get(None) is None.
sqlite3.register_adapter(type(None), dict[None, None]().get)
sqlite3.register_adapter(bytes, bytes)


class Database:
    """A pool of connections to one database. Thread-safe."""

    def __init__(self, url: str, *, log_bytes: int = LOG_BYTES) -> None:
        self.url = parse_url(url)
        self.name = _shown(self.url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url, log_bytes) if self.sqlite else _postgresql_engine(self.url)
        self._writing = threading.Lock()  # fair and quick among our own threads; the database's lock stands behind it
        self._writer: Connection | None = None
        self._reader = self._sqlite_reader if self.sqlite else self.engine.execution_options(**_SNAPSHOT).begin
        self._readers: deque[Connection] = deque()
        self._checkpointer = Checkpointer(_file(self.url), log_bytes) if self.sqlite else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: one consistent state of the database."""
        with translated(self.name), self._reader() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; committed and on the disk when the block ends, undone when it raises."""
        with translated(self.name), self._sqlite_writer() if self.sqlite else self._postgresql_writer() as connection:
            yield connection

    @contextmanager
    def bare(self) -> Iterator[Any]:
        """SQLite's own connection, outside any transaction, for what refuses to run in one (VACUUM INTO)."""
        with translated(self.name), closing(self.engine.raw_connection()) as connection:
            yield connection

    @contextmanager
    def _sqlite_reader(self) -> Iterator[Connection]:
        """A connection that read before: to fetch one from the pool takes longer than to look up a lead."""
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = self.engine.connect()
        try:
            driver = _driver(reader)
            driver.execute("BEGIN")
            yield reader
            _commit(reader)
        except BaseException:
            reader.close()
            raise
        if len(self._readers) < READERS:
            self._readers.append(reader)
        else:
            reader.close()

    @contextmanager
    def _postgresql_writer(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
            yield connection

    @contextmanager
    def _sqlite_writer(self) -> Iterator[Connection]:
        """The connection that wrote last, which need not be fetched from the pool and given back for each lead."""
        with self._lock_of_this_process():
            writer, self._writer = self._writer or self.engine.connect(), None
            try:
                driver = _driver(writer)
                driver.execute("BEGIN IMMEDIATE")  # by SQLAlchemy, which is told below, it takes much longer
                yield writer
                _commit(writer)
            except BaseException:
                writer.close()
                raise
            self._writer = writer
            if self._checkpointer is not None:
                self._checkpointer.after_commit(self.engine)

    @contextmanager
    def _lock_of_this_process(self) -> Iterator[None]:
        if not self._writing.acquire(timeout=3 * BUSY_MS / 1000):
            raise StoreUnavailable(f"the database {self.name} has been busy for 30 s; try again")
        try:
            yield
        finally:
            self._writing.release()

    def close(self) -> None:
        """Close every connection."""
        for connection in (self._writer, *self._readers):
            if connection is not None:
                connection.close()
        self._readers.clear()
        self.engine.dispose()


@contextmanager
def sqlite_file(path: Path, *, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """A SQLite file that is no engine's, such as a copy; autocommit. Raises sqlite3.Error, as the caller knows why."""
    name = f"{path.resolve().as_uri()}{'?mode=ro' if read_only else ''}"
    with closing(sqlite3.connect(name, uri=True, timeout=1.0, isolation_level=None)) as connection:
        yield connection


def parse_url(url: str) -> URL:
    """The address with the driver that we use. Raises SettingsError for what is neither SQLite nor PostgreSQL."""
    allowed = "must be sqlite:///<file> or postgresql://<user>:<password>@<host>/<database>"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(f"JORGE_DATABASE_URL is no address of a database; {allowed}") from error
    if parsed.drivername in _POSTGRESQL:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise SettingsError(f"JORGE_DATABASE_URL begins with {parsed.drivername}; {allowed}")
    if not parsed.database or parsed.database == ":memory:":
        raise SettingsError(f"JORGE_DATABASE_URL names no file: the record must outlive the process; {allowed}")
    return parsed


def _shown(url: URL) -> str:
    """How messages name a database: never its user, password or options.

    >>> _shown(make_url("postgresql://ana:secret@db.example:5432/jorge?sslpassword=x"))
    'jorge on db.example'
    """
    if url.get_backend_name() == "sqlite":
        return str(_file(url))
    return f"{url.database or 'postgres'} on {url.host or 'this machine'}"


def _file(url: URL) -> Path:
    path = (url.database or "").removeprefix("file:") if url.query.get("uri") else (url.database or "")
    return Path(path)


def _sqlite_engine(url: URL, log_bytes: int) -> Engine:
    if not url.query.get("uri"):
        try:
            _file(url).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreUnavailable(
                f"the folder of the database {_file(url)} cannot be made: {error.strerror}; "
                "set JORGE_DATA_DIR or JORGE_DATABASE_URL to a place that can be written"
            ) from error
    engine = create_engine(
        url, hide_parameters=True, pool_size=8, max_overflow=24, pool_timeout=15, connect_args={"isolation_level": None}
    )
    event.listen(engine, "connect", partial(_prepare_sqlite, log_bytes))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(log_bytes: int, connection: Any, _record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _write_ahead(connection)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "mmap_size=0",
        "wal_autocheckpoint=0",  # the checkpointer's work, so that never two connections do it at once
        f"journal_size_limit={log_bytes}",
        f"cache_size=-{CACHE_KIB}",
        f"soft_heap_limit={HEAP_BYTES}",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _write_ahead(connection: Any) -> None:
    """Switch the file to write-ahead logging, once in its life.

    SQLite does not wait for busy_timeout there, so several that open a new file at once have to try again.
    """
    deadline = monotonic() + BUSY_MS / 1000
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() > deadline:
                raise
            sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    """SQLAlchemy begins a transaction with its first statement; a writer's is there already."""
    driver = _driver(connection)
    if not driver.in_transaction:
        driver.execute("BEGIN")


def _commit(connection: Connection) -> None:
    """End a transaction that was begun below SQLAlchemy, which knows of it once a statement of its own has run."""
    if connection.in_transaction():
        connection.commit()
    else:
        _driver(connection).commit()


def _driver(connection: Connection) -> Any:
    """SQLite's own connection below SQLAlchemy's."""
    return connection.connection.driver_connection


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=15,
        pool_pre_ping=True,
        connect_args={} if "connect_timeout" in url.query else {"connect_timeout": 5},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {3 * BUSY_MS}")
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()
