"""Puts a backup back. All of it is checked first; what stood there is kept, and stands again when anything fails."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.drafts import drop_left
from core.errors import FileError, StoreUnavailable
from core.leads import utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.backups.archive import MODELS, PRICES, RECORD, Manifest, unpack
from core.services.backups.take import take_backup

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.connect import Database

DRAFT: Final = ".restore-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now, and where what stood before is kept; ``aside`` is None when there was nothing."""

    manifest: Manifest
    aside: Path | None


@for_right(Right.SETTINGS)
def restore(center: CommandCenter, file: Path) -> Restored:
    """Put the backup ``file`` in the place of the workspace, for a caller that holds its data folder.

    Raises FileError for a file that is damaged, foreign, or of a newer program, StoreUnavailable while anything else
    uses the database; then everything stands as it did.
    """
    from core.store.connect import Database

    center.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    drop_left(center.data_dir, DRAFT)
    with tempfile.TemporaryDirectory(prefix=DRAFT, dir=center.data_dir) as room:
        whole = Path(room)
        manifest = unpack(file, whole)
        database = Database(center.settings.database_url)
        try:
            _refuse_unfit(manifest, database)
            aside = center.data_dir / f"before-restore-{utc_now():%Y%m%dT%H%M%S}"
            if database.sqlite:
                _put_sqlite(database, whole, center.data_dir, aside)
            else:
                _put_postgresql(center, database, manifest, whole, aside)
        finally:
            database.close()
    center.registry.settle()
    audit.note(center, "backup restored", "workspace", made_at=manifest.made_at)
    return Restored(manifest, aside if aside.exists() else None)


def _refuse_unfit(manifest: Manifest, database: Database) -> None:
    from core.store import migrate
    from core.store.backup import POSTGRESQL, SQLITE
    from core.store.schema import HEAD

    revision, kind = manifest.record.revision, SQLITE if database.sqlite else POSTGRESQL
    if revision not in migrate.revisions():
        raise FileError(
            f"the backup has tables of revision {revision}, this program knows up to {HEAD}: install {manifest.program}"
        )
    if manifest.record.kind != kind:
        raise FileError(
            f"the backup is of {manifest.record.kind}, JORGE_DATABASE_URL is {kind}; a backup goes back to its own"
        )


def _put_sqlite(database: Database, whole: Path, data_dir: Path, aside: Path) -> None:
    from core.store import open_store
    from core.store.backup import DATABASE, checked_sqlite, close_sqlite

    fresh = whole / RECORD / DATABASE
    checked_sqlite(fresh)
    open_store(f"sqlite:///{fresh}").close()  # brought to the present revision here, where a failure harms nothing
    close_sqlite(fresh)
    present = Path(database.url.database or "")
    if present.exists():
        close_sqlite(present)
    beside = [present.with_name(f"{present.name}{end}") for end in ("-wal", "-shm")]
    with ExitStack() as undo:
        for old in (present, *beside):
            _move(old, aside / old.name, undo)
        _move(fresh, present, undo)
        _put_models(whole, data_dir, aside, undo)
        undo.pop_all()


def _put_postgresql(center: CommandCenter, database: Database, manifest: Manifest, whole: Path, aside: Path) -> None:
    from core.store import migrate
    from core.store.backup import copy_in, others_connected

    with database.read() as connection:
        others, revision = others_connected(connection), migrate.current_revision(connection)
    if others:
        raise StoreUnavailable(
            f"{others} other connections use the database {database.name}; stop servers, workers and whatever uses it"
        )
    if revision is not None and revision not in migrate.revisions():
        raise StoreUnavailable(
            f"the tables are of revision {revision}, which a newer program made; restore with that one"
        )
    if revision is not None:
        take_backup(center, aside)
    with ExitStack() as undo:
        with database.write() as connection:  # all of it, or nothing
            copy_in(connection, whole / RECORD, manifest.record)
            _put_models(whole, center.data_dir, aside, undo)
        undo.pop_all()


def _put_models(whole: Path, data_dir: Path, aside: Path, undo: ExitStack) -> None:
    """What lies in the folder of models is moved, not the folder: it may be a volume of its own."""
    (data_dir / MODELS).mkdir(exist_ok=True)
    for old in (*sorted((data_dir / MODELS).iterdir()), data_dir / PRICES):
        _move(old, aside / old.relative_to(data_dir), undo)
    fresh = sorted((whole / MODELS).iterdir()) if (whole / MODELS).is_dir() else []
    for new in (*fresh, whole / PRICES):
        _move(new, data_dir / new.relative_to(whole), undo)


def _move(source: Path, target: Path, undo: ExitStack) -> None:
    """Move what there is, also to another volume, and have ``undo`` move it back."""
    import shutil

    if not source.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(source, target)
    except OSError:
        shutil.move(source, target)
    undo.callback(shutil.move, target, source)
