"""The compiled kernels of this process: from the image on disk, or from numba where there is none."""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.kernel import image
from core.scoring.kernel.table import Room, Table, address_of

_loaded: Final[dict[str, image.Entry]] = {}
_compiling: Final = threading.Lock()


def call_for_one(room: Room, row: NDArray[np.float32]) -> NDArray[np.float64]:
    """What the kernel of ``room`` says of a lead, ``row`` (1, columns): a copy of ``room.out``."""
    room.row[:] = row
    _entry(room.name)(*room.arguments)
    return room.out.copy()


def call(name: str, rows: NDArray[Any] | None, table: Table, scratch: NDArray[Any] | None, out: Any) -> None:
    """Run a kernel of ``core.scoring.kernel.entries``; the arrays have to be as large as it takes them to be."""
    _entry(name)(
        0 if rows is None else address_of(rows),
        0 if rows is None else len(rows),
        table.address,
        0 if scratch is None else address_of(scratch),
        0 if out is None else address_of(out),
    )


def ready() -> bool:
    """Whether a call runs at once: the kernels are loaded, or an image of them lies there, which is loaded now."""
    if not _loaded:
        _loaded.update(image.load() or {})
    return bool(_loaded)


def compile_here() -> None:
    """Have numba compile them in this process, once for all threads that come to it; seconds of a processor."""
    with _compiling:
        if not _loaded:
            _loaded.update(_compiled())


def _entry(name: str) -> image.Entry:
    found = _loaded.get(name)
    if found is None:
        if not ready():
            compile_here()
        found = _loaded[name]
    return found


def _compiled() -> dict[str, image.Entry]:
    """By numba, which keeps its own compiled files, apart for each state of the sources."""
    from numba import config, njit

    from core.scoring.kernel.entries import ENTRIES, OPTIONS, SIGNATURE

    before = config.CACHE_DIR
    config.CACHE_DIR = str(image.image_path().with_suffix(".numba"))
    try:
        return {entry.__name__: njit(SIGNATURE, cache=True, **OPTIONS)(entry) for entry in ENTRIES}
    finally:
        config.CACHE_DIR = before
