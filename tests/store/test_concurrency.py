"""Writers at once, in threads and in processes: nothing is lost and nobody is told "locked"."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event, text

from core.errors import NotFound
from core.leads import Outcome, Stage
from core.store import Store, open_store
from core.store.checkpoint import BUSY_MS, LOG_COMMITS, _begin_log_anew
from core.store.connect import READERS, Database
from tests.store.made import at, history, scored, touch

DAY = date(2026, 3, 2)


def at_once(work: Callable[[int], object], threads: int) -> None:
    """Run ``work`` in threads that start together; raise what any of them raised."""
    ready = threading.Barrier(threads)

    def run(number: int) -> None:
        ready.wait()
        work(number)

    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(run, number) for number in range(threads)]:
            future.result()


def test_no_increment_of_a_counter_is_lost(store: Store) -> None:
    def count(_: int) -> None:
        for _turn in range(25):
            store.performance.add_counts({"cache_hits": 1}, DAY)

    at_once(count, 12)
    assert store.performance.counts(at(0))["cache_hits"] == 300


def test_threads_that_each_tell_another_field_of_one_lead_lose_none(store: Store) -> None:
    told = {"name": "Ana", "email": "a@b", "phone": "5", "source": "web", "agent": "Bo", "timeline": "now"}
    fields = list(told.items())

    def tell(number: int) -> None:
        name, value = fields[number]
        for turn in range(5):
            store.save_scored([scored(history("a", touch(number * 10 + turn, f"{name} {turn}"), **{name: value}))])

    at_once(tell, len(fields))
    known = store.history("a")
    assert {name: getattr(known.lead, name) for name in told} == told
    assert len(known.interactions) == 30
    assert len(store.scores("a", most=100)) == 30
    assert store.version() == 30


def test_batches_over_the_same_leads_in_opposite_orders_do_not_block_each_other(store: Store) -> None:
    leads = [f"lead_{number}" for number in range(60)]

    def save(number: int) -> None:
        for turn in range(3):
            mine = leads if number % 2 else leads[::-1]
            store.save_scored([scored(lead_id, minutes=number * 10 + turn) for lead_id in mine])

    at_once(save, 4)
    assert store.browse().total == 60
    assert len(store.recent_scores(10_000)) == 720


def test_a_reader_sees_a_lead_and_its_score_together_or_neither(store: Store) -> None:
    done = threading.Event()
    torn: list[str] = []

    def read() -> None:
        while not done.is_set():
            page = store.browse()
            if len(page.rows) != page.total or any(row.probability is None for row in page.rows):
                torn.append(f"{page}")

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(40):
        store.save_scored([scored(f"lead_{number}")])
    done.set()
    reader.join()
    assert torn == []


def test_stores_that_open_an_empty_database_at_once_build_it_once_and_lose_nothing(url: str) -> None:
    """Each has locks and connections of its own, as if it were another process."""

    def use(number: int) -> None:
        store = open_store(url)
        for turn in range(20):
            store.save_scored([scored(f"store_{number}_{turn}")])
            store.performance.add_counts({"cache_hits": 1}, DAY)
        store.close()

    at_once(use, 4)
    store = open_store(url)
    assert store.browse().total == 80
    assert store.performance.counts(at(0))["cache_hits"] == 80
    assert store.version() == 80
    store.close()


def test_outcomes_recorded_at_once_leave_the_lead_at_the_latest(store: Store) -> None:
    store.save_histories([history("a")])
    stages = [Stage.QUALIFIED, Stage.SHOWING, Stage.CONTRACT, Stage.CLOSED]
    at_once(lambda number: store.add_outcome(Outcome(lead_id="a", stage=stages[number], occurred_at=at(number))), 4)
    assert store.history("a").lead.stage == Stage.CLOSED
    assert len(store.outcomes("a")) == 4


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "jorge.db"


def test_every_sqlite_connection_is_set_up_for_writes_that_are_kept(file: Path) -> None:
    store = open_store(f"sqlite:///{file}")
    with store.database.read() as first, store.database.read() as second:
        for connection in (first, second):
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in (
                    "journal_mode",
                    "synchronous",
                    "foreign_keys",
                    "busy_timeout",
                    "mmap_size",
                    "wal_autocheckpoint",
                )
            }
            assert found == {
                "journal_mode": "wal",
                "synchronous": 2,  # FULL
                "foreign_keys": 1,
                "busy_timeout": 10_000,
                "mmap_size": 0,
                "wal_autocheckpoint": 0,
            }
    store.close()


def test_reads_one_after_the_other_ask_the_pool_once_and_see_what_was_committed_before_each(file: Path) -> None:
    database, asked = Database(f"sqlite:///{file}"), list[object]()
    commit_each(database, 0, 0)
    event.listen(database.engine, "checkout", lambda *told: asked.append(told))
    seen = []
    for _ in range(3):
        commit_each(database, 1, 10)
        with database.read() as connection:
            seen.append(connection.execute(text("SELECT count(*) FROM t")).scalar())
    assert seen == [1, 2, 3]
    assert len(asked) == 1  # the writer has its own already
    database.close()


def test_a_read_that_fails_and_more_reads_at_once_than_are_kept_give_their_connections_back(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    commit_each(database, 1, 10)  # from here on the writer has one
    with pytest.raises(NotFound), database.read():
        raise NotFound("of a lead that is not there")
    assert database.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    with ExitStack() as together:
        for _ in range(READERS + 2):
            connection = together.enter_context(database.read())
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 1
    assert database.engine.pool.checkedout() == 1 + READERS  # type: ignore[attr-defined]
    database.close()


def test_closing_closes_the_connections_that_were_kept(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    with database.read() as connection:
        kept: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        kept.execute("SELECT 1")


def commit_each(database: Database, times: int, size: int) -> int:
    """Add ``times`` rows of ``size`` bytes, each in its own commit; returns how long the write-ahead log is then."""
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS t (x BLOB)")
    for _ in range(times):
        with database.write() as connection:
            connection.exec_driver_sql("INSERT INTO t VALUES (zeroblob(?))", (size,))
    return Path(f"{database.name}-wal").stat().st_size


def test_the_write_ahead_log_is_moved_into_the_file_before_it_grows_large(file: Path) -> None:
    database = Database(f"sqlite:///{file}", log_bytes=100_000)
    largest = max(commit_each(database, 1, 20_000) for _ in range(100))
    assert largest < 250_000  # twice what it keeps, and the commit that brought it there
    with sqlite3.connect(file) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()
    database.close()


def test_the_log_begins_anew_after_so_many_commits_and_stays_as_long_as_it_was(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    first = commit_each(database, LOG_COMMITS, 20_000)
    # Each commit writes 20,000 bytes, some pages around them, and no more than its share of the log.
    assert 20_000 * (LOG_COMMITS - 1) < first < 40_000 * LOG_COMMITS
    assert commit_each(database, 3 * LOG_COMMITS, 20_000) <= first + 40_000
    database.close()


def test_a_checkpoint_that_fails_leaves_no_connection_that_waits_for_50_ms_only(file: Path) -> None:
    database = Database(f"sqlite:///{file}")

    def denied(_: int, what: str | None, *_rest: str | None) -> int:
        return sqlite3.SQLITE_DENY if what == "wal_checkpoint" else sqlite3.SQLITE_OK

    raw = database.engine.raw_connection()
    raw.driver_connection.set_authorizer(denied)  # type: ignore[union-attr]
    raw.close()  # back into the pool
    with pytest.raises(sqlite3.DatabaseError):
        _begin_log_anew(database.engine)
    raw = database.engine.raw_connection()
    assert raw.cursor().execute("PRAGMA busy_timeout").fetchone() == (BUSY_MS,)
    raw.close()
    database.close()


def test_a_log_that_a_reader_holds_stops_no_writer_and_is_moved_later(file: Path) -> None:
    database = Database(f"sqlite:///{file}", log_bytes=50_000)
    commit_each(database, 0, 0)
    with database.read() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
        held = commit_each(database, 30, 10_000)
        assert reader.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
    moved = commit_each(database, 30, 10_000)
    assert held > 250_000
    assert moved < 150_000
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 60
    database.close()
