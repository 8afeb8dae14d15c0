"""The compiled kernels of this process: from the image on disk, or from numba where there is none."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.scoring.kernel import image
from core.scoring.kernel.table import Room, Table, address_of


def call_for_one(room: Room, row: NDArray[np.float32]) -> NDArray[np.float64]:
    """What the kernel of ``room`` says of a lead, ``row`` (1, columns): of the shape (1, results)."""
    room.row[:] = row
    _entries()[room.name](*room.arguments)
    return room.out.copy()


def call(name: str, rows: NDArray[Any] | None, table: Table, scratch: NDArray[Any] | None, out: Any) -> None:
    """Run a kernel of ``core.scoring.kernel.entries``; the arrays have to be as large as it takes them to be."""
    _entries()[name](
        0 if rows is None else address_of(rows),
        0 if rows is None else len(rows),
        table.address,
        0 if scratch is None else address_of(scratch),
        0 if out is None else address_of(out),
    )


@cache
def _entries() -> dict[str, image.Entry]:
    return image.load() or _compiled()


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
