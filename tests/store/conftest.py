"""Every test that takes ``store`` or ``url`` runs twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store, open_store
from core.store.schema import metadata
from tests.store.postgres import Postgres, wheel

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    binaries = wheel()
    if binaries is None:
        pytest.skip("the wheel pgserver, which brings PostgreSQL, does not exist for this Python or platform")
    server = Postgres(binaries)
    yield server
    server.close()


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'jorge.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="session")
def one_url(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest.fixture(params=BOTH)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open store without a row; on PostgreSQL the same database, emptied, for the sake of speed."""
    if request.param == "sqlite":
        opened = open_store(f"sqlite:///{tmp_path / 'jorge.db'}")
    else:
        opened = open_store(request.getfixturevalue("one_url"))
        empty(opened)
    yield opened
    opened.close()


def empty(store: Store) -> None:
    """As after the first migration."""
    with store.database.write() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger stands in the way
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
        first = ", ".join(f"('{name}', 0)" for name in ("version", "feed_seq", "escalated_to"))
        connection.exec_driver_sql(f"INSERT INTO counters (name, n) VALUES {first}")
