"""What SQLite keeps of the file in memory is bounded over all connections, however many there are."""

from __future__ import annotations

import ctypes
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.store import open_store
from core.store.connect import CACHE_KIB, HEAP_BYTES
from core.store.schema import interactions
from tests.store.made import history, touch

CONNECTIONS = 12
MAPS = Path("/proc/self/maps")


def sqlite_bytes() -> int:
    """What the SQLite of this process has allocated."""
    loaded = [line.split()[-1] for line in MAPS.read_text().splitlines() if "libsqlite3" in line]
    if not loaded:
        pytest.skip("SQLite is part of the interpreter here")
    used = ctypes.CDLL(loaded[0]).sqlite3_memory_used
    used.restype = ctypes.c_int64
    return int(used())


@pytest.mark.skipif(not MAPS.exists(), reason="Linux tells which library is loaded")
def test_many_connections_that_read_a_large_file_keep_no_more_of_it_together_than_the_bound(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'jorge.db'}")
    for number in range(12):  # of 50 x 20,000 characters each: 12 MB, more than one connection may keep
        store.save_histories([history(f"lead-{number}", *(touch(n, f"{n:05d}" + "x" * 19_995) for n in range(50)))])
    with ExitStack() as stack:
        for _ in range(CONNECTIONS):
            connection = stack.enter_context(store.database.read())
            characters = connection.execute(select(func.sum(func.length(interactions.c.text)))).scalar_one()
            assert characters == 12 * 50 * 20_000
        used = sqlite_bytes()
    store.close()
    assert used > CACHE_KIB * 1024, "one connection alone keeps so much"
    assert used < 1.2 * HEAP_BYTES < CONNECTIONS * CACHE_KIB * 1024 / 2
