"""Reports in a folder: written whole or not at all, and only our own old ones taken away."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.drafts import write_whole
from core.errors import InputError

_DRAFT: Final = ".jorge-report-"
_NAME: Final = re.compile(r"jorge-report-\d{4}-\d{2}-\d{2}-\d{4}\.([a-z]+)")


def check_folder(folder: str) -> None:
    """Return when a file can be written into ``folder``, which is made if need be. Raises InputError."""
    path = Path(folder)
    if not folder.strip() or "\0" in folder or not path.is_absolute():
        raise InputError(f"folder is {folder[:200]!r}; must be a whole path on the server, such as /srv/reports")
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise InputError(
            f"folder {folder[:200]} cannot be written ({error.strerror}); choose another, or make it writable"
        ) from error


def keep(folder: Path, stem: str, files: Mapping[str, bytes], most: int) -> tuple[str, ...]:
    """Write ``files`` (by format) and leave the newest ``most`` of each format; returns their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, content in files.items():
        path = folder / f"jorge-report-{stem}.{kind}"
        write_whole(path, content, 0o600, _DRAFT)
        written.append(str(path))
        for old in _ours(folder, kind)[most:]:
            old.unlink(missing_ok=True)
    return tuple(written)


def _ours(folder: Path, kind: str) -> list[Path]:
    """Our reports of a format, newest first."""
    found = [path for path in folder.iterdir() if (told := _NAME.fullmatch(path.name)) and told[1] == kind]
    return sorted(found, key=lambda path: path.name, reverse=True)
