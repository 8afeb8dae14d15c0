"""Takes a backup while servers and workers go on."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.drafts import drop_left
from core.errors import FileError, InputError
from core.leads import utc_now
from core.services import audit
from core.services.access import Right, for_right
from core.services.backups.archive import MODELS, PRICES, RECORD, pack

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.backup import Copied

BEGINS, ENDS = "jorge-", ".tar.gz"
DRAFT: Final = ".jorge-backup-"
_MODEL_MANIFEST: Final = "manifest.json"
_LISTS: Final = ("champion.json", "retired.json")


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was written."""

    path: Path
    size: int
    leads: int
    revision: str
    dropped: int


@for_right(Right.SETTINGS)
def take_backup(center: CommandCenter, folder: Path, keep: int | None = None) -> Taken:
    """Write the workspace as it is at one moment into a new file in ``folder``; then keep the newest ``keep`` alone.

    The tables are not brought to a newer revision first, so a backup can be taken before an upgrade. Raises FileError
    when the folder cannot be written or there is nothing yet, StoreUnavailable.
    """
    from core.store.schema import HEAD

    if keep is not None and keep < 1:
        raise InputError(f"keep is {keep}; must be 1 or more")
    now = utc_now()
    target = folder / f"{BEGINS}{now.astimezone(UTC):%Y%m%dT%H%M%S}-{now.microsecond:06}Z{ENDS}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        drop_left(folder, DRAFT)
        with tempfile.TemporaryDirectory(prefix=DRAFT, dir=folder) as room:
            whole, draft = Path(room) / "whole", Path(room) / "draft"
            copied = _copy_record(center.settings.database_url, whole)
            _copy_models(center.data_dir, whole)
            pack(whole, now.isoformat(), version("jorge"), copied, draft)
            _sync(draft)
            os.replace(draft, target)
        dropped = 0 if keep is None else _drop_others(folder, target, keep - 1)
    except OSError as error:
        raise FileError(
            f"the backup cannot be written into {folder} ({error.strerror}); choose another folder"
        ) from error
    if copied.revision == HEAD:  # otherwise writing the note would bring the tables to the newest revision
        audit.note(center, "backup taken", "workspace", leads=copied.rows.get("leads", 0))
    return Taken(target, target.stat().st_size, copied.rows.get("leads", 0), copied.revision, dropped)


def _copy_record(url: str, whole: Path) -> Copied:
    from core.store.backup import copy_out
    from core.store.connect import Database

    (whole / RECORD).mkdir(parents=True)
    database = Database(url)  # not the center's, which brings the tables to the newest revision
    try:
        return copy_out(database, whole / RECORD)
    finally:
        database.close()


def _copy_models(data_dir: Path, whole: Path) -> None:
    """The lists first: what they name is registered already, and a registered version never changes."""
    source, target = data_dir / MODELS, whole / MODELS
    for name in _LISTS:
        if (source / name).is_file():
            target.mkdir(exist_ok=True)
            shutil.copy2(source / name, target / name)  # its time says since when the champion answers
    for manifest in source.glob(f"*/{_MODEL_MANIFEST}"):
        shutil.copytree(manifest.parent, target / manifest.parent.name)
    if (data_dir / PRICES).is_file():
        shutil.copy2(data_dir / PRICES, whole / PRICES)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _drop_others(folder: Path, target: Path, most: int) -> int:
    """Delete all but the newest ``most`` besides ``target``, which stays also where a clock was once ahead."""
    others = sorted(path for path in folder.glob(f"{BEGINS}*{ENDS}") if path != target)
    old = others[: max(0, len(others) - most)]
    for path in old:
        path.unlink()
    return len(old)


def made_on(moment: str) -> str:
    """How a moment of a manifest is shown.

    >>> made_on("2026-03-02T12:30:00.5+00:00")
    '2026-03-02 12:30 UTC'
    """
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
