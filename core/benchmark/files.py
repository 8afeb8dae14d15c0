"""A file of many leads through ``jorge score``: time and peak memory of all its processes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.features.evidence import by_lead
from core.sample import generate

LOOK_EVERY_S: Final = 0.25
END: Final = datetime(2026, 10, 1, tzinfo=UTC)
_COLUMNS: Final = (
    "Contact Id", "First Name", "Last Name", "Email", "Phone", "Created", "Last Activity", "Tags", "Source",
    "Budget", "Timeframe", "Looking In", "Pre-Approval Status", "Message", "property_views", "response_time_hours",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRun:
    """What one run cost, all its processes together; ``parts`` is what the command says of its parts."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    parts: str


def write_export(path: Path, rows: int, messages: bool = False, seed: int = 5) -> None:
    """A contact export of ``rows`` different people; with ``messages`` each wrote one, out of generated histories.

    There are more messages than the reader of texts remembers, so that each row's is read anew.
    """
    histories = [item.history for item in generate(min(rows, 2000), seed, END)]
    made = [history.lead for history in histories]
    wrote = [touch.text for history in histories for touch in history.interactions if touch.text and by_lead(touch)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for number in range(rows):
            lead = made[number % len(made)]
            writer.writerow(
                [
                    f"c{number}", "Ana", f"Lima{number}", f"lead{number}@example.com", f"+1512{5550000 + number:07d}",
                    (lead.created_at or END).isoformat(), END.strftime("%b %d %Y %I:%M %p"), "buyer, new",
                    lead.source, lead.budget_range, lead.timeline, lead.location_preference, lead.pre_approval,
                    wrote[number % len(wrote)] if messages else None, number % 40, (number % 900) / 10,
                ]
            )  # fmt: skip


def score_file(export: Path, scored: Path) -> FileRun:
    """Run ``jorge score`` on ``export`` as a user would, and account for the finished processes."""
    started = time.perf_counter()
    with scored.with_suffix(".said").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "core", "score", str(export), "-o", str(scored)],
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        peak_mb = 0.0
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        while not ended:
            peak_mb = max(peak_mb, memory_mb(process.pid))
            time.sleep(LOOK_EVERY_S)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - started
        said.seek(0)
        parts = said.read().strip()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"jorge score ended with status {process.returncode}: {parts[-300:]}")
    with scored.open(encoding="utf-8") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    return FileRun(rows, seconds, usage.ru_utime + usage.ru_stime, peak_mb, parts.splitlines()[-1] if parts else "")


def memory_mb(process_id: int) -> float:
    """Memory of a process and of those that it started, what they share counted once; 0 where no /proc tells.

    >>> 1 < memory_mb(os.getpid()) < 100_000 or not Path("/proc").exists()
    True
    """
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_text().splitlines()
        own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        tasks = Path(f"/proc/{process_id}/task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (OSError, ValueError):  # it has just ended
        return 0.0
    return own + sum(map(memory_mb, children))
