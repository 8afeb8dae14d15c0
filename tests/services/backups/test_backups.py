"""A backup taken while writes go on is one moment; put back, every row is there again; what is damaged is refused."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from core.errors import FileError, InputError, StoreUnavailable
from core.services.audit import find
from core.services.backups.archive import unpack
from core.services.backups.restore import restore
from core.services.backups.revisions import move_to, standing
from core.services.backups.take import Taken, take_backup
from core.services.center import CommandCenter
from core.store import migrate
from core.store.connect import Database
from core.store.schema import HEAD
from tests.services.small_disk import fill
from tests.store.made import scored

Opened = Callable[[], CommandCenter]
CHANGES_AFTER = {"audit", "workspace"}  # what restoring itself notes


def rows(center: CommandCenter) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the driver gives it."""
    with center.store.database.read() as connection:
        names = set(inspect(connection).get_table_names()) - CHANGES_AFTER
        return {
            name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=repr) for name in names
        }


def backup(opened: Opened, folder: Path) -> Taken:
    with opened() as center:
        return take_backup(center, folder)


def put_back(opened: Opened, path: Path) -> None:
    with opened() as center:
        restore(center, path)


def filled(opened: Opened) -> dict[str, list[tuple[Any, ...]]]:
    """Leads with a name that needs escaping in COPY's text, and a model of the team's."""
    with opened() as center:
        center.save_many([scored(f"lead_{n}", 0.1 + n / 100, name=f"Ana\t{n} \\N\né", minutes=n) for n in range(30)])
        mine = center.data_dir / "models" / "mine"
        mine.mkdir(parents=True)
        (mine / "manifest.json").write_text("{}")
        (mine.parent / "champion.json").write_text('["mine"]\n')
        (mine.parent / "half-written").mkdir()
        return rows(center)


def test_every_row_and_model_comes_back_and_numbers_go_on(opened: Opened, tmp_path: Path) -> None:
    before = filled(opened)
    taken = backup(opened, tmp_path / "kept")
    assert (taken.leads, taken.revision, taken.path.stat().st_mode & 0o777) == (30, HEAD, 0o600)
    with opened() as center:
        center.save_many([scored("lead_0", 0.9), scored("later")])
        (center.data_dir / "models" / "champion.json").write_text('["other"]\n')
    put_back(opened, taken.path)
    with opened() as center:
        assert rows(center) == before
        models = center.data_dir / "models"
        assert sorted(path.name for path in models.iterdir()) == ["champion.json", "mine"]
        assert (models / "champion.json").read_text() == '["mine"]\n'
        center.save_many([scored("lead_0", 0.5)])  # a number given twice would be refused
        assert center.store.last_feed_seq() == 31
        assert [entry.action for entry in find(center)] == ["backup restored"]
        (aside,) = center.data_dir.glob("before-restore-*")
    kept = list(aside.glob("jorge*"))
    assert len(kept) == 1


def test_what_was_put_aside_can_be_put_back_too(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    taken = backup(opened, tmp_path / "kept")
    with opened() as center:
        center.save_many([scored("later")])
        sqlite = center.store.database.sqlite
        after = rows(center)
    put_back(opened, taken.path)
    if sqlite:
        (old,) = (tmp_path / "data").glob("before-restore-*/jorge.db")
        old.replace(tmp_path / "data" / "jorge.db")
    else:
        (old,) = (tmp_path / "data").glob("before-restore-*/jorge-*.tar.gz")
        put_back(opened, old)
    with opened() as center:
        assert rows(center) == after


def test_a_backup_goes_into_an_empty_database_too(opened: Opened, url: str, tmp_path: Path) -> None:
    before = filled(opened)
    taken = backup(opened, tmp_path / "kept")
    with opened() as center, center.store.database.write() as connection:
        migrate.downgrade(connection)
    put_back(opened, taken.path)
    with opened() as center:
        assert rows(center) == before


def test_a_backup_while_writes_go_on_is_one_moment(opened: Opened, tmp_path: Path) -> None:
    """Each commit adds a lead, a score and an event: whatever the moment, the three are equally many, without a gap."""
    center, done = opened(), threading.Event()
    center.store.ping()

    def write() -> None:
        number = 0
        while not done.is_set():
            center.save_many([scored(f"lead_{number}")])
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        taken = [take_backup(center, tmp_path / "kept") for _ in range(4)]
    finally:
        done.set()
        writer.join()
        center.close()
    assert len({one.leads for one in taken}) > 1, "nothing was written meanwhile"
    for one in (taken[0], taken[-1]):
        put_back(opened, one.path)
        with opened() as now, now.store.database.read() as connection:
            counted = [
                connection.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar()
                for name in ("leads", "scores", "outbox")
            ]
            assert counted == [one.leads] * 3
            assert connection.execute(text("SELECT MAX(feed_seq) FROM outbox")).scalar() == (one.leads or None)


def test_nothing_is_put_back_while_somebody_uses_the_database(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    taken = backup(opened, tmp_path / "kept")
    with opened() as busy:
        busy.store.ping()
        with pytest.raises(StoreUnavailable, match=r"in use by another process|other connections use"):
            put_back(opened, taken.path)
        busy.save_many([scored("later")])
        assert busy.store.lead_count() == 31
        assert (busy.data_dir / "models" / "half-written").exists()


def repacked(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with files changed, or left out."""
    made = path.with_name("changed.tar.gz")
    with tarfile.open(path) as old, tarfile.open(made, "w:gz") as new:
        for member in old:
            stored = old.extractfile(member)
            content = change(member.name, b"" if stored is None else stored.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return made


def manifest_with(**changes: Any) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        return json.dumps(json.loads(content) | changes).encode() if name == "manifest.json" else content

    return change


def record_of(path: Path, **changes: Any) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        first = tar.extractfile("manifest.json")
        assert first is not None
        record: dict[str, Any] = json.load(first)["record"]
    return record | changes


def test_a_whole_backup_is_not_called_damaged_where_the_disk_is_full(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    path = backup(opened, tmp_path / "kept").path
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(FileError, match=r"cannot be unpacked in .* \(File too large\); see to that, and restore"):
            unpack(path, tmp_path / "room")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_backup_onto_a_full_disk_names_its_folder_and_leaves_nothing_there(opened: Opened, small_disk: Path) -> None:
    filled(opened)
    fill(small_disk / "ballast")
    with pytest.raises(FileError, match=r"cannot be written into .*/small \(No space left on device\); choose another"):
        backup(opened, small_disk)
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]


def test_what_a_killed_backup_left_behind_goes_with_a_later_one(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    kept = tmp_path / "kept"
    for name, hours in ((".jorge-backup-aaaaaaaa", 13), (".jorge-backup-bbbbbbbb", 1)):
        (kept / name / "whole").mkdir(parents=True)
        (kept / name / "whole" / "jorge.db").write_text("of people")
        os.utime(kept / name, (time.time() - hours * 3_600,) * 2)
    taken = backup(opened, kept)
    assert {path.name for path in kept.iterdir()} == {".jorge-backup-bbbbbbbb", taken.path.name}


def test_what_is_damaged_foreign_or_newer_is_refused_and_nothing_changes(opened: Opened, tmp_path: Path) -> None:
    before = filled(opened)
    path = backup(opened, tmp_path / "kept").path
    other = "sqlite" if record_of(path)["kind"] == "postgresql" else "postgresql"
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    zeros = tmp_path / "zeros.tar.gz"
    zeros.write_bytes(gzip.compress(bytes(20_480)))
    words = tmp_path / "words.txt"
    words.write_text("not a backup")
    cases: list[tuple[Callable[[], Path], str]] = [
        (lambda: tmp_path / "none.tar.gz", "there is no file"),
        (lambda: words, "is damaged, or no backup"),
        (lambda: zeros, "damaged|does not begin with a manifest"),
        (lambda: cut, "is damaged"),
        (
            lambda: repacked(path, lambda name, told: told[:-1] + b"?" if name.startswith("record") else told),
            "not the file",
        ),
        (lambda: repacked(path, lambda name, told: None if name.startswith("models/mine") else told), "is missing"),
        (lambda: repacked(path, manifest_with(format=2)), "is of format 2"),
        (lambda: repacked(path, manifest_with(format="x")), "manifest cannot be read"),
        (lambda: repacked(path, manifest_with(files={"../../etc/passwd": [1, "a"]})), "outside of it"),
        (lambda: repacked(path, manifest_with(files={})), "which its manifest does not name"),
        (lambda: repacked(path, manifest_with(record=record_of(path, revision="9999"))), "revision 9999"),
        (lambda: repacked(path, manifest_with(record=record_of(path, kind=other))), "is of "),
        (lambda: repacked(path, manifest_with(record=record_of(path, rows={'x"; --': 1}))), "impossible tables"),
    ]
    for made, told in cases:
        with pytest.raises(FileError, match=told):
            put_back(opened, made())
    with opened() as center:
        assert rows(center) == before
        assert not list(center.data_dir.glob("before-restore-*"))
        assert not list(center.data_dir.glob(".restore-*"))


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.postgres
def test_rows_that_are_not_those_counted_undo_everything(opened: Opened, tmp_path: Path) -> None:
    before = filled(opened)
    path = backup(opened, tmp_path / "kept").path
    counted = record_of(path)["rows"]
    wrong = repacked(path, manifest_with(record=record_of(path, rows=counted | {"scores": 29})))
    with pytest.raises(FileError, match="holds 30 rows of scores, not 29"):
        put_back(opened, wrong)
    with opened() as center:
        assert rows(center) == before
        assert (center.data_dir / "models" / "half-written").exists()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_models_that_cannot_be_moved_leave_the_record_as_it_was(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled(opened)
    taken = backup(opened, tmp_path / "kept")
    monkeypatch.setattr("core.services.backups.restore._put_models", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        put_back(opened, taken.path)
    with opened() as center:
        assert rows(center) == before


def test_a_backup_of_older_tables_is_brought_up_to_date(opened: Opened, url: str, tmp_path: Path) -> None:
    with opened() as center:
        center.save_many([scored("a"), scored("b")])
        move_to(center, "0006")
        taken = take_backup(center, tmp_path / "kept")
        assert taken.revision == "0006"
        assert standing(center).revision == "0006", "a backup must not move the tables"
    put_back(opened, taken.path)
    with opened() as center:
        assert standing(center).revision == HEAD
        assert center.store.lead_count() == 2
        center.save_many([scored("c")])


def test_only_the_newest_backups_stay(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "notes.txt").write_text("mine")
    with opened() as center:
        taken = [take_backup(center, tmp_path / "kept", keep=2) for _ in range(3)]
        with pytest.raises(InputError, match="keep is 0"):
            take_backup(center, tmp_path / "kept", keep=0)
    left = {path.name for path in (tmp_path / "kept").iterdir()}
    assert left == {"notes.txt", taken[1].path.name, taken[2].path.name}


def test_a_backup_that_was_just_taken_stays_where_the_clock_was_once_ahead(opened: Opened, tmp_path: Path) -> None:
    filled(opened)
    kept = tmp_path / "kept"
    kept.mkdir()
    ahead = [kept / f"jorge-9999010{day}T021500-000000Z.tar.gz" for day in (1, 2)]
    for path in ahead:
        path.write_text("of a clock ahead")
    with opened() as center:
        taken = take_backup(center, kept, keep=2)
        assert (taken.dropped, sorted(kept.iterdir())) == (1, [taken.path, ahead[1]])
        taken = take_backup(center, kept, keep=1)
    assert list(kept.iterdir()) == [taken.path]


def test_every_older_revision_comes_up_with_its_rows_and_goes_back(opened: Opened, url: str) -> None:
    """Back a step at a time from the newest, and from each place forward to the newest again."""
    with opened() as center:
        center.save_many([scored("a"), scored("b")])
    database = Database(url)
    for revision in reversed(list(migrate.revisions())):
        with database.write() as connection:
            migrate.downgrade(connection, revision) if revision != HEAD else None
            leads = connection.execute(text("SELECT COUNT(*) FROM leads")).scalar()
            assert (migrate.current_revision(connection), leads) == (revision, 2)
        with opened() as center:
            center.save_many([scored("a")])
            assert (center.store.lead_count(), standing(center).revision) == (2, HEAD)
    database.close()


def test_tables_that_a_newer_program_made_are_left_alone(opened: Opened, url: str, tmp_path: Path) -> None:
    filled(opened)
    path = backup(opened, tmp_path / "kept").path
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with opened() as center:
        with pytest.raises(StoreUnavailable, match="which a newer program made"):
            move_to(center, "0001")
        if not url.startswith("sqlite"):
            with pytest.raises(StoreUnavailable, match="which a newer program made"):
                restore(center, path)
        with pytest.raises(InputError, match="no revision 'x'"):
            move_to(center, "x")
