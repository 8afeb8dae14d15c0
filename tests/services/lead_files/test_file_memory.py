"""Scoring a file takes as much memory after its last row as after its first thousands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from core.benchmark.files import write_export
from core.settings import PROJECT_ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
MOST_GROWTH_KB: Final = 1_000

_RESIDENT: Final = """
import gc, sys
from pathlib import Path

def tell(rows: int) -> None:
    gc.collect()
    told = Path("/proc/self/status").read_text().splitlines()
    print(rows, next(line.split()[1] for line in told if line.startswith("VmRSS")))
"""
_SCORE: Final = (
    _RESIDENT
    + """
from core.services.center import CommandCenter
from core.services.lead_files.files import ScoreOrder, score_file
from core.settings import Settings

room, step = Path(sys.argv[1]), int(sys.argv[2])
with CommandCenter(Settings(_env_file=None, jorge_data_dir=room)) as center:
    order = ScoreOrder(room / "in.csv", room / "out.csv", save=False, processes=1)
    score_file(center, order, lambda done: tell(done.rows_done) if done.rows_done % step == 0 else None)
"""
)
_FIND_REPEATED: Final = (
    _RESIDENT
    + """
from core.leads import Lead
from core.transfer import Deduplicator, person_of

rows, step = int(sys.argv[1]), int(sys.argv[2])
with Deduplicator() as people:
    for start in range(0, rows, 1_000):
        some = range(start, start + 1_000)
        people.check([person_of(row, Lead(lead_id=f"c{row}", email=f"p{row}@example.com")) for row in some])
        if (start + 1_000) % step == 0:
            tell(start + 1_000)
"""
)


def resident_kb(script: str, *arguments: object) -> dict[int, int]:
    """What the script prints: rows done, and the memory of its process then."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=PROJECT_ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {int(rows): int(size) for rows, size in (line.split() for line in done.stdout.splitlines())}


def test_memory_does_not_grow_with_the_rows_of_a_file(tmp_path: Path) -> None:
    write_export(tmp_path / "in.csv", 30_000)
    used = resident_kb(_SCORE, tmp_path, 5_000)
    assert max(used) == 30_000
    assert max(used.values()) - used[10_000] < MOST_GROWTH_KB, used


def test_memory_does_not_grow_with_the_people_that_are_remembered() -> None:
    used = resident_kb(_FIND_REPEATED, 160_000, 40_000)
    assert set(used) == {40_000, 80_000, 120_000, 160_000}
    assert max(used.values()) - used[40_000] < MOST_GROWTH_KB, used
