"""A file that a command writes: all of it, or what stood there before."""

from __future__ import annotations

import os
from pathlib import Path

from core.drafts import write_whole
from core.errors import InputError


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put ``content`` into the place of ``path``; a new ``private`` file is for nobody else to read.

    Raises InputError where that cannot be.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe, or a folder, which says so
            path.write_bytes(content)
        else:
            whole = path.resolve()
            write_whole(whole, content, _mode(path, private=private), f".{whole.name}.", ".part")
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}); name another file with -o") from error


def _mode(path: Path, *, private: bool) -> int:
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o022)
    os.umask(mask)
    return 0o600 if private else 0o666 & ~mask
