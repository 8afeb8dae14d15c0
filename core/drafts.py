"""Drafts: what stands beside a file until it is whole. A program that was killed leaves its own behind."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from glob import escape
from pathlib import Path
from secrets import token_hex
from time import time
from typing import Final

LEFT_S: Final = 12 * 3600.0  # nobody writes a draft so long without touching it; a nightly one is found the next night
_ANY: Final = "?" * 8  # between beginning and end; as ``tempfile`` has it, which names the folders


def write_whole(path: Path, content: bytes, mode: int, begins: str, ends: str = "") -> None:
    """Put ``content`` into the place of ``path``, which nobody ever sees half written. Raises OSError.

    ``begins`` and ``ends`` name the draft beside it; those that were left there go.
    """
    drop_left(path.parent, begins, ends)
    draft = draft_beside(path, begins, ends)
    try:
        with open(draft, "xb", opener=for_nobody_else) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def draft_beside(path: Path, begins: str, ends: str = "") -> Path:
    """A name for a draft of ``path``: known before the file is made, so that a signal in between leaves none behind."""
    return path.with_name(f"{begins}{token_hex(4)}{ends}")


def for_nobody_else(path: str, flags: int) -> int:
    """An ``opener`` of files that only their owner reads."""
    return os.open(path, flags, 0o600)


def drop_left(folder: Path, begins: str, ends: str = "") -> None:
    """Remove the drafts in ``folder`` named so that nobody has touched for half a day; what cannot go stays."""
    for path in folder.glob(f"{escape(begins)}{_ANY}{escape(ends)}"):
        with suppress(OSError):
            if time() - path.lstat().st_mtime > LEFT_S:
                path.unlink() if path.is_symlink() or not path.is_dir() else shutil.rmtree(path)
