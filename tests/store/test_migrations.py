"""Up from nothing, down to nothing and up again; and the migrations build what the code expects."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from core.store import Store, migrate, open_store
from core.store.connect import Database
from core.store.empty import SCRIPT, statements
from core.store.schema import HEAD, OURS, THEIRS, metadata
from tests.store.empty_script import migrated, script_of
from tests.store.made import scored


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(inspect(connection).get_table_names())


def test_the_tables_can_be_taken_down_and_built_again(url: str) -> None:
    store = open_store(url)
    store.save_scored([scored("a")])
    with store.database.write() as connection:
        migrate.downgrade(connection)
    assert names(store.database) == {"alembic_version"}
    with store.database.write() as connection:
        migrate.upgrade(connection)
    assert names(store.database) == {*metadata.tables, "alembic_version"}
    assert store.lead_count() == store.version() == 0
    store.save_scored([scored("a")])
    assert store.lead_count() == 1
    store.close()


def test_events_that_waited_for_a_number_get_the_next_ones(url: str) -> None:
    store = open_store(url)
    for lead_id in "abcd":
        store.save_scored([scored(lead_id)])
    with store.database.write() as connection:
        migrate.downgrade(connection, "0006")
        connection.execute(text("UPDATE outbox SET feed_seq = NULL WHERE feed_seq > 2"))
        connection.execute(text("UPDATE counters SET n = 2 WHERE name = 'feed_seq'"))
        migrate.upgrade(connection)
    assert [(event.feed_seq, event.payload["lead_id"]) for event in store.outbox_after()] == list(enumerate("abcd", 1))
    store.save_scored([scored("e")])
    assert store.last_feed_seq() == 5
    store.close()


def test_a_store_that_is_opened_again_keeps_its_rows(url: str) -> None:
    for expected in (0, 1, 2):
        store = open_store(url)
        assert store.lead_count() == expected
        store.save_scored([scored(f"lead_{expected}")])
        store.close()


def test_an_empty_file_gets_at_once_what_the_migrations_come_to(tmp_path: Path) -> None:
    path = tmp_path / "jorge.db"
    open_store(f"sqlite:///{path}").close()
    expected = sorted(statements(migrated()))
    assert len(expected) > len(metadata.tables)
    assert sorted(statements(SCRIPT.read_text(encoding="utf-8"))) == expected, (
        "a migration changed what an empty database is; write it down with: python -m tests.store.empty_script"
    )
    assert sorted(statements(script_of(path))) == expected


def test_a_file_with_tables_of_others_is_migrated_beside_them(tmp_path: Path) -> None:
    path = tmp_path / "jorge.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE others (n INTEGER)")
    open_store(f"sqlite:///{path}").close()
    assert sorted(statements(script_of(path))) == sorted([*statements(migrated()), "CREATE TABLE others (n INTEGER);"])


def test_the_migrations_build_the_tables_that_the_code_expects(store: Store) -> None:
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [str(change) for change in flat(compare_metadata(context, metadata))]
    # PostgreSQL's indexes for lists say NULLS FIRST, which the metadata, being SQLite's too, does not.
    unexpected = [change for change in differences if "ix_lead_latest_" not in change]
    assert unexpected == []
    if store.database.sqlite:
        assert differences == []


def flat(changes: list[Any]) -> list[Any]:
    return [one for change in changes for one in (change if isinstance(change, list) else [change])]


def test_head_is_the_newest_revision(store: Store) -> None:
    with store.database.read() as connection:
        script = ScriptDirectory.from_config(migrate._config(connection))
    assert script.get_current_head() == HEAD


@pytest.mark.parametrize("column", ["probability", "created_at", "last_activity_at", "scored_at"])
def test_both_directions_of_a_sort_use_an_index(store: Store, column: str) -> None:
    store.save_scored([scored(f"lead_{number}", number / 100) for number in range(100)])
    explain = "EXPLAIN QUERY PLAN" if store.database.sqlite else "EXPLAIN"
    with store.database.read() as connection:
        if not store.database.sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for order in ("DESC NULLS LAST, lead_id DESC", "ASC NULLS FIRST, lead_id ASC"):
            query = f"{explain} SELECT * FROM lead_latest ORDER BY {column} {order} LIMIT 50"
            plan = str(connection.exec_driver_sql(query).fetchall())
            assert f"ix_lead_latest_{column}" in plan
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan


@pytest.mark.parametrize("of", [OURS, THEIRS])
def test_touches_of_one_side_are_read_from_an_index_of_their_own(store: Store, of: str) -> None:
    store.save_scored([scored(f"lead_{number}", number / 100) for number in range(100)])
    explain = "EXPLAIN QUERY PLAN" if store.database.sqlite else "EXPLAIN"
    with store.database.read() as connection:
        if not store.database.sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        query = f"{explain} SELECT lead_id, occurred_at FROM interactions WHERE lead_id IN ('a', 'b') AND {of}"
        plan = str(connection.exec_driver_sql(query).fetchall())
    assert f"ix_interactions_{'ours' if of == OURS else 'theirs'}" in plan
