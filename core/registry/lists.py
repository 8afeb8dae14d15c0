"""Which versions were promoted and which retired, as two small files in the data folder."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.errors import ModelRefused
from core.leads.clock import EPOCH

CHAMPIONS, RETIRED = "champion.json", "retired.json"
CHANGED: Final = "another model was promoted or retired at the same moment; look again"


@dataclass(frozen=True, slots=True)
class Lists:
    """``promoted``, newest last: it answers ``since`` then. ``retired`` ones never shall again."""

    promoted: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    since: datetime | None = None


Keep = Callable[[Path, Lists, Lists], None]  # data folder, what stood there, what shall


def read_lists(data_dir: Path) -> Lists:
    """What stands in the folder; empty where nothing was ever promoted. Raises ModelRefused for damaged files."""
    return Lists(_read(_path(data_dir, CHAMPIONS)), _read(_path(data_dir, RETIRED)), champion_since(data_dir))


def keep_lists(data_dir: Path, before: Lists, after: Lists) -> None:
    """Write what changed. Other processes know by the file's time that something else answers."""
    if after.retired != before.retired:
        _write(_path(data_dir, RETIRED), after.retired, None)
    if (after.promoted, after.since) != (before.promoted, before.since):
        _write(_path(data_dir, CHAMPIONS), after.promoted, after.since)


def change_lists(data_dir: Path, before: Lists, after: Lists) -> None:
    """``keep_lists``, if ``before`` still stands there; else raise ModelRefused, as what was checked is old by then."""
    folder = _path(data_dir, CHAMPIONS).parent
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if read_lists(data_dir) != before:
            raise ModelRefused(CHANGED)
        keep_lists(data_dir, before, after)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other threads and processes out for a moment; on Windows, where folders cannot be locked, nobody."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def champion_since(data_dir: Path) -> datetime | None:
    """When the present champion began to answer; None for the shipped one of a workspace without promotions."""
    changed = changed_at(data_dir)
    return None if changed is None else EPOCH + timedelta(microseconds=changed // 1_000)


def changed_at(data_dir: Path) -> int | None:
    """The time of the list of promoted versions, in ns since 1970; None when nothing was ever promoted."""
    try:
        return _path(data_dir, CHAMPIONS).stat().st_mtime_ns
    except OSError:
        return None


def _path(data_dir: Path, name: str) -> Path:
    return data_dir / "models" / name


def _read(path: Path) -> tuple[str, ...]:
    try:
        return tuple(str(version) for version in json.loads(path.read_text()))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise ModelRefused(f"{path.name} in the data folder cannot be read; restore or remove it") from error


def _write(path: Path, versions: Sequence[str], since: datetime | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.draft")
    draft.write_text(json.dumps(list(versions)) + "\n")
    if since is not None:
        at = (since - EPOCH) // timedelta(microseconds=1) * 1_000
        os.utime(draft, ns=(at, at))
    os.replace(draft, path)
