"""The file of a backup: a tar with ``manifest.json`` first, which names every other file with length and SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from core.errors import FileError
from core.store.backup import POSTGRESQL, SQLITE, Copied

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
RECORD, MODELS, PRICES = "record", "models", "claude_prices.toml"
_LONGEST_MANIFEST: Final = 10_000_000
_FAST: Final = 1  # of gzip's levels: a tenth larger than the default, in a third of the time
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``files`` gives length and digest of each by its path."""

    made_at: str
    program: str
    record: Copied
    files: dict[str, tuple[int, str]]


def pack(folder: Path, made_at: str, program: str, record: Copied, target: Path) -> Manifest:
    """Write everything in ``folder`` into the new file ``target``, readable by its owner alone."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): (path.stat().st_size, _digest(path)) for path in paths}
    manifest = Manifest(made_at, program, record, files)
    told = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode()
    target.touch(mode=0o600, exist_ok=False)
    with tarfile.open(target, "w:gz", compresslevel=_FAST) as tar:
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(told)
        tar.addfile(head, io.BytesIO(told))
        for name in files:
            tar.add(folder / name, arcname=name, recursive=False)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Check ``source`` and write what it holds into ``folder``. Raises FileError for what is not a whole backup."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            manifest = _manifest(tar)
            left = dict(manifest.files)
            while (member := tar.next()) is not None:
                if not member.isreg() or member.name not in left:
                    raise FileError(f"{source.name} holds {member.name[:100]!r}, which its manifest does not name")
                size, digest = left.pop(member.name)
                _write(tar, member, folder / member.name, size, digest)
    except FileNotFoundError as error:
        raise FileError(f"there is no file {source}") from error
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's; gzip's own have no number
            told = f"{source.name} cannot be unpacked in {folder.parent} ({error.strerror})"
            raise FileError(f"{told}; see to that, and restore it again") from error
        raise FileError(f"{source.name} is damaged, or no backup ({type(error).__name__}); take another one") from error
    if left:
        raise FileError(f"{source.name} is not whole: {next(iter(left))} is missing; take another one")
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LONGEST_MANIFEST:
        raise FileError("this is no backup: it does not begin with a manifest")
    stored = tar.extractfile(first)
    told = json.loads(b"" if stored is None else stored.read())
    if not isinstance(told, dict) or not isinstance(told.get("format"), int):
        raise FileError("this is no backup: its manifest cannot be read")
    if told["format"] > FORMAT:
        raise FileError(f"the backup is of format {told['format']}, this program knows {FORMAT}: install the newer one")
    try:
        return Manifest(str(told["made_at"]), str(told["program"]), _copied(told["record"]), _files(told["files"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise FileError(f"this is no backup: its manifest lacks {error}") from error


def _copied(told: Mapping[str, Any]) -> Copied:
    columns = {name: [str(column) for column in names] for name, names in told["columns"].items()}
    counted = {place: int(last) for place, last in told["counted_to"].items()}
    parts = [part for place in counted for part in place.split(".", 1)]
    named = [*told["rows"], *columns, *(column for names in columns.values() for column in names), *parts]
    if told["kind"] not in (SQLITE, POSTGRESQL) or not all(_NAME.fullmatch(name) for name in named):
        raise FileError("this is no backup of ours: its manifest names impossible tables")
    rows = {name: int(count) for name, count in told["rows"].items()}
    return Copied(told["kind"], str(told["revision"]), rows, columns, counted)


def _files(told: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    for name in told:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in (RECORD, MODELS, PRICES) or "\\" in name:
            raise FileError(f"the backup's manifest names a file outside of it: {name[:100]!r}")
    return {name: (int(size), str(digest)) for name, (size, digest) in told.items()}


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path, size: int, digest: str) -> None:
    source = tar.extractfile(member)
    if source is None or member.size != size:
        raise FileError(f"{member.name} in the backup is not the file that was put there; take another backup")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        shutil.copyfileobj(source, out, 1 << 20)
    if _digest(path) != digest:
        raise FileError(f"{member.name} in the backup is not the file that was put there; take another backup")
    os.utime(path, (member.mtime, member.mtime))  # tells since when a champion answers


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
