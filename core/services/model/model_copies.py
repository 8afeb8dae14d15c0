"""A model version between the record and this machine's folder; every file is checked on its way there and back."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core import registry
from core.drafts import drop_left
from core.errors import ModelRefused, ModelUnavailable
from core.registry import Lists

if TYPE_CHECKING:
    from core.store.model_files import ModelFile

MOST_BYTES: Final = 100_000_000
_DRAFT: Final = ".fetched-"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def to_share(folder: Path, most_bytes: int = MOST_BYTES) -> tuple[str, dict[str, ModelFile]]:
    """The manifest of a version and its files. Raises ModelRefused when they do not fit it, or are too large."""
    from core.store.model_files import ModelFile

    told = registry.load_manifest(folder)["files"]
    files = {str(name): ModelFile(str(digest), _content(folder / name)) for name, digest in told.items()}
    _refuse_unfit(folder.name, files, told)
    size = sum(len(file.content) for file in files.values())
    if size > most_bytes:
        raise ModelRefused(
            f"model {folder.name!r} has {size / 1e6:.0f} MB; the record takes up to {most_bytes / 1e6:.0f}: "
            "train it with fewer columns or rows"
        )
    return (folder / registry.MANIFEST).read_text(), files


def fetched(data_dir: Path, version: str, manifest: str, files: Mapping[str, ModelFile]) -> Path:
    """Write a version of the record into the data folder, whole or not at all.

    Raises ModelRefused when a file is not the one that was registered, ModelUnavailable when it cannot be written.
    """
    told = registry.manifest_in(manifest, version)["files"]
    if not _NAME.fullmatch(version):
        raise ModelRefused(f"the record holds a model with the impossible name {version[:80]!r}")
    _refuse_unfit(version, files, told)
    models = data_dir / "models"
    try:
        models.mkdir(parents=True, exist_ok=True)
        drop_left(models, _DRAFT)
        with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=models) as room:
            draft = Path(room) / version
            draft.mkdir()
            for name in told:
                (draft / name).write_bytes(files[name].content)
            (draft / registry.MANIFEST).write_text(manifest)
            return _put(draft, models / version)
    except OSError as error:
        raise ModelUnavailable(
            f"model {version!r} cannot be written into {models} ({error.strerror}); make room, or set JORGE_DATA_DIR"
        ) from error


def _put(draft: Path, target: Path) -> Path:
    if not (target / registry.MANIFEST).is_file():
        shutil.rmtree(target, ignore_errors=True)  # half of one that was never registered
        try:
            os.replace(draft, target)
        except OSError:
            if not (target / registry.MANIFEST).is_file():  # else another process was quicker
                raise
    return target


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelRefused(f"model {path.parent.name!r} lacks {path.name}; restore the folder") from error


def _refuse_unfit(version: str, files: Mapping[str, ModelFile], told: Mapping[str, Any]) -> None:
    for name, digest in told.items():
        if not _NAME.fullmatch(name) or name == registry.MANIFEST:
            raise ModelRefused(f"the manifest of model {version!r} names the impossible file {name[:80]!r}")
        if name not in files:
            raise ModelRefused(f"model {version!r} in the record lacks {name}; restore a backup, or roll back")
        if sha256(files[name].content).hexdigest() != digest or files[name].digest != digest:
            raise ModelRefused(
                f"{name} of model {version!r} is not the file that was registered; restore a backup, or roll back"
            )


def listed(told: Any) -> Lists:
    """The lists as the record tells them. Raises ModelRefused for what is none."""
    try:
        since = told["since"]
        return Lists(
            tuple(str(version) for version in told["promoted"]),
            tuple(str(version) for version in told["retired"]),
            None if since is None else datetime.fromisoformat(since),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelRefused("what the record tells of promoted models cannot be read; restore a backup") from error


def shared(lists: Lists) -> dict[str, Any]:
    """The other way round.

    >>> listed(shared(Lists(("a", "b"), ("c",)))) == Lists(("a", "b"), ("c",))
    True
    """
    since = None if lists.since is None else lists.since.isoformat()
    return {"promoted": list(lists.promoted), "retired": list(lists.retired), "since": since}
