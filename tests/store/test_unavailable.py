"""A database that is not there, cannot be written or has gone: one error of ours, without a secret."""

from __future__ import annotations

import ast
import inspect
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from core.errors import JorgeError, SettingsError, StoreUnavailable
from core.leads import Outcome, Stage
from core.scoring import Tier
from core.store import LeadFilter, Override, Store, open_store
from core.store.performance import PerformanceTable
from tests.store.made import at, history, scored
from tests.store.postgres import Postgres, wheel

CALLS: dict[str, Callable[[Store], object]] = {
    "ping": lambda store: store.ping(),
    "save_histories": lambda store: store.save_histories([history("a")]),
    "save_scored": lambda store: store.save_scored([scored("a")]),
    "add_outcome": lambda store: store.add_outcome(Outcome(lead_id="a", stage=Stage.CLOSED, occurred_at=at(0))),
    "add_outcomes": lambda store: store.add_outcomes([Outcome(lead_id="a", stage=Stage.CLOSED, occurred_at=at(0))]),
    "take_back_outcome": lambda store: store.take_back_outcome(
        Outcome(lead_id="a", stage=Stage.CLOSED, occurred_at=at(0))
    ),
    "add_override": lambda store: store.add_override(Override("a", Tier.HOT, "why", "Bo", at(0))),
    "end_override": lambda store: store.end_override("a", at(0)),
    "add_event": lambda store: store.add_event({"event_type": "model_status"}),
    "performance.add_counts": lambda store: store.performance.add_counts({"answers_timed": 1}),
    "set_workspace": lambda store: store.set_workspace("threshold", 0.9),
    "change_workspace": lambda store: store.change_workspace("threshold", lambda _: 0.9),
    "clear": lambda store: store.clear(),
    "history": lambda store: store.history("a"),
    "histories": lambda store: store.histories(["a"]),
    "lead": lambda store: store.lead("a"),
    "agent_of": lambda store: store.agent_of("a"),
    "interaction_count": lambda store: store.interaction_count("a"),
    "contributions": lambda store: store.contributions(LeadFilter()),
    "latest_score": lambda store: store.latest_score("a"),
    "scores": lambda store: store.scores("a"),
    "browse": lambda store: store.browse(),
    "facets": lambda store: store.facets(),
    "lead_count": lambda store: store.lead_count(),
    "outcomes": lambda store: store.outcomes("a"),
    "override": lambda store: store.override("a"),
    "day_counts": lambda store: store.day_counts(at(0)),
    "performance.counts": lambda store: store.performance.counts(at(0)),
    "performance.score_summary": lambda store: store.performance.score_summary(at(0), 0.85),
    "performance.opinion_ms": lambda store: store.performance.opinion_ms(at(0)),
    "recent_scores": lambda store: store.recent_scores(),
    "confidences": lambda store: store.confidences(),
    "tier_outcomes": lambda store: store.tier_outcomes(),
    "area_median_prices": lambda store: store.area_median_prices(),
    "workspace": lambda store: store.workspace("threshold"),
    "version": lambda store: store.version(),
    "outbox_after": lambda store: store.outbox_after(),
    "last_feed_seq": lambda store: store.last_feed_seq(),
}


def test_every_method_of_the_store_is_called_here() -> None:
    methods = {*_public(Store), *(f"performance.{name}" for name in _public(PerformanceTable))}
    assert methods - {"close"} == set(CALLS)


def _public(kind: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


@pytest.mark.parametrize("name", CALLS)
def test_no_method_lets_a_drivers_exception_out_when_tables_are_gone(store_without_tables: Store, name: str) -> None:
    with pytest.raises(StoreUnavailable) as refused:
        CALLS[name](store_without_tables)
    assert isinstance(refused.value.__cause__, SQLAlchemyError)
    assert refused.value.dependency == "database"


@pytest.fixture(scope="module")
def store_without_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("gone") / "jorge.db"
    store = open_store(f"sqlite:///{file}")
    with store.database.write() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        for table in tables:
            if not table.startswith("sqlite_"):
                connection.exec_driver_sql(f"DROP TABLE {table}")
    yield store
    store.close()


def test_no_function_of_the_store_talks_to_the_database_but_through_the_translated_connections() -> None:
    """Connections are made in connect.py, and in checkpoint.py, which catches what it raises."""
    folder = Path(inspect.getfile(Store)).parent
    for source in sorted(set(folder.rglob("*.py")) - set(folder.glob("migrations/**/*.py"))):
        names = {node.attr for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Attribute)}
        opened = names & {"connect", "raw_connection", "begin", "_immediate"}
        assert not opened or source.name in ("connect.py", "checkpoint.py"), source.name


def open_and_use(url: str) -> None:
    store = open_store(url)
    try:
        store.save_scored([scored("a")])
    finally:
        store.close()


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match=r"the folder of the database .* cannot be made: .*JORGE_DATABASE_URL"):
        open_and_use(f"sqlite:///{tmp_path}/file/jorge.db")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=rf"the database {tmp_path} does not answer: unable to open"):
        open_and_use(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "jorge.db"
    file.write_bytes(b"name,email\nAna,ana@example.com\n" * 100)
    with pytest.raises(StoreUnavailable, match="file is not a database"):
        open_and_use(f"sqlite:///{file}")
    assert file.read_bytes().startswith(b"name,email")


def test_a_database_that_may_only_be_read_still_reads(tmp_path: Path) -> None:
    file = tmp_path / "jorge.db"
    writable = open_store(f"sqlite:///{file}")
    writable.save_scored([scored("a")])
    read_only = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
    assert read_only.lead_count() == 1
    with pytest.raises(StoreUnavailable, match="attempt to write a readonly database"):
        read_only.save_scored([scored("b")])
    read_only.close()
    writable.close()


def test_a_lock_that_another_program_keeps_is_reported_not_waited_for_for_ever(tmp_path: Path) -> None:
    file = tmp_path / "jorge.db"
    store = open_store(f"sqlite:///{file}")
    with store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")  # of the connection that writes, which is kept
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="database is locked; something else has held it for long"):
        store.save_scored([scored("a")])
    other.execute("ROLLBACK")
    other.close()
    store.save_scored([scored("a")])
    store.close()


def test_tables_of_a_newer_program_are_not_touched(url: str) -> None:
    store = open_store(url)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreUnavailable, match=r"of revision 9999, which this program .* does not know"):
        open_store(url)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("mysql://ana:s3cret@host/db", "begins with mysql"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("nonsense s3cret", "is no address of a database"),
        ("postgresql://ana:s3cret@host:port/db", "is no address of a database"),
        ("", "is no address of a database"),
    ],
)
def test_an_address_of_neither_database_is_a_wrong_setting(wrong: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as refused:
        open_store(wrong)
    assert "s3cret" not in str(refused.value)
    assert "JORGE_DATABASE_URL" in str(refused.value)
    assert "postgresql://<user>" in str(refused.value)


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """A server that a test may stop."""
    binaries = wheel()
    if binaries is None:
        pytest.skip("the wheel pgserver, which brings PostgreSQL, does not exist for this Python or platform")
    server = Postgres(binaries)
    yield server
    server.close()


@pytest.mark.postgres
def test_a_stopped_postgresql_is_reported_without_secrets_and_found_again_when_it_is_back(
    own_postgres: Postgres,
) -> None:
    address = own_postgres.new_database().replace("tester@", "tester:s3cret@")
    store = open_store(address)
    store.save_scored([scored("a")])
    own_postgres.stop()
    for call in (CALLS["browse"], CALLS["save_scored"], CALLS["version"], lambda _: open_store(address)):
        with pytest.raises(StoreUnavailable) as refused:
            call(store)
        assert_says_what_to_do(refused.value)
    own_postgres.start()
    assert store.browse().total == 1
    store.save_scored([scored("b")])
    store.close()


@pytest.mark.postgres
def test_a_postgresql_that_nobody_serves_is_reported_at_once() -> None:
    with pytest.raises(StoreUnavailable) as refused:
        open_store("postgresql://tester:s3cret@127.0.0.1:1/jorge")
    assert_says_what_to_do(refused.value)
    assert "jorge on 127.0.0.1" in str(refused.value)


def test_a_file_that_this_user_may_not_write_is_told_so(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'jorge.db'}")
    with store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # as such a file is opened; root may write every file
    with pytest.raises(StoreUnavailable, match="a readonly database; let this user write its file and the folder"):
        store.set_workspace("threshold", 0.9)
    store.close()


@pytest.mark.parametrize("kept", [0, 1], ids=["from its first page", "from its second page"])
def test_a_damaged_file_is_told_to_need_a_backup(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "jorge.db"
    open_store(f"sqlite:///{path}").close()
    whole = path.read_bytes()
    path.write_bytes(whole[: 4_096 * kept] + b"?" * (len(whole) - 4_096 * kept))
    told = "(malformed|is not a database); its file is damaged: stop all that uses it, then put a backup back"
    with pytest.raises(StoreUnavailable, match=told):
        open_store(f"sqlite:///{path}").lead_count()


def test_a_wrong_option_of_an_address_is_an_error_of_ours() -> None:
    with pytest.raises(StoreUnavailable, match=r"bad value for connect_timeout: 'soon'.*JORGE_DATABASE_URL is right"):
        open_store("postgresql://tester@127.0.0.1:1/jorge?connect_timeout=soon")


def test_a_full_disk_is_told_to_need_room(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'jorge.db'}")
    with store.database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # what is there stays, and nothing can be added
    with pytest.raises(StoreUnavailable, match="is full; make room on its disk"), store.database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE more AS SELECT randomblob(1000000) AS told")
    store.close()


@pytest.mark.postgres
def test_a_connection_that_the_server_cut_is_replaced(url: str, postgres: Postgres) -> None:
    if url.startswith("sqlite"):
        pytest.skip("SQLite has no server that could cut a connection")
    store = open_store(url)
    store.save_scored([scored("a")])
    with store.database.write() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert store.lead_count() == 1
    with pytest.raises(StoreUnavailable), store.database.read() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    assert store.lead_count() == 1
    store.close()


def assert_says_what_to_do(error: JorgeError) -> None:
    said: Any = str(error)
    assert "does not answer" in said
    assert "check that it runs and that JORGE_DATABASE_URL is right" in said
    assert "s3cret" not in said
    assert "tester" not in said
