"""A file of 100,000 leads through ``jorge score``: whole-process time and peak memory."""

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

END: Final = datetime(2026, 10, 1, tzinfo=UTC)
_COLUMNS: Final = (
    "Contact Id", "First Name", "Last Name", "Email", "Phone", "Created", "Last Activity", "Tags", "Source",
    "Budget", "Timeframe", "Looking In", "Pre-Approval Status", "Message", "property_views", "response_time_hours",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileRun:
    """What one run cost."""

    rows: int
    seconds: float
    peak_mb: float


def write_export(path: Path, rows: int, seed: int = 5) -> None:
    """A contact export of ``rows`` different people, each with one message out of the histories of generated leads.

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
                    wrote[number % len(wrote)], number % 40, (number % 900) / 10,
                ]
            )  # fmt: skip


def score_file(export: Path, scored: Path) -> FileRun:
    """Run ``jorge score`` on ``export`` as a user would, and account for the finished process."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "score", str(export), "-o", str(scored)], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"jorge score ended with status {process.returncode}")
    with scored.open(encoding="utf-8") as file:
        rows = sum(1 for _ in csv.reader(file)) - 1
    kilobyte = 1024 if sys.platform == "darwin" else 1
    return FileRun(rows, seconds, usage.ru_maxrss / 1024 / kilobyte)
