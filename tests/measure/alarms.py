"""How often an alarm is false: ``python -m tests.measure.alarms [leads] [seed ...]``.

The generator knows no anomaly: its sources keep their shares, its agents their pace, only seasons and chance move. On
sample workspaces the page's comparisons are made every 14 days of the past, so that no two looks share recent days;
each look with an alarm is a false one. At most one look in twenty should have one.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from core.leads import utc_now
from core.scoring.selective import wilson
from core.services.analyses.insights import anomalies
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.settings import Settings
from core.store import LeadFilter

LEADS, SEEDS, LOOKS, EVERY = 2_000, tuple(range(1, 7)), 28, timedelta(days=14)


def looks_at(leads: int, seed: int, end: datetime) -> list[list[str]]:
    """The kinds of the alarms of each look."""
    with tempfile.TemporaryDirectory() as folder, CommandCenter(Settings(jorge_data_dir=Path(folder))) as center:
        load_sample(center, leads=leads, seed=seed, end=end)
        return [
            [change.kind for change in anomalies(center, LeadFilter(), end - place * EVERY) if change.alarm]
            for place in range(LOOKS)
        ]


def main() -> None:
    """A line a seed, then all together."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    looks: list[list[str]] = []
    for seed in [int(word) for word in sys.argv[2:]] or SEEDS:
        found = looks_at(leads, seed, utc_now())
        looks += found
        print(f"seed {seed}: {[kinds for kinds in found if kinds]} in {len(found)} looks", flush=True)
    false = sum(bool(kinds) for kinds in looks)
    low, high = (100 * end for end in wilson(false, len(looks)))
    print(f"{leads} leads: {false} of {len(looks)} looks had a false alarm ({low:.1f} to {high:.1f} %)")


if __name__ == "__main__":
    main()
