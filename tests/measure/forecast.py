"""How often a forecast's range held the truth: ``python -m tests.measure.forecast [leads] [seed[@days] ...]``.

Loads sample workspaces, each from a seed of its own, makes every past forecast on them as the page of past forecasts
does, and prints for each horizon how often the range from low to high held what happened, closings and commission, with
what was expected and what came. The range should hold it about eight times in ten. ``7@90`` is the workspace of seed 7
as it was loaded 90 days ago.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from core.leads import utc_now
from core.scoring.selective import wilson
from core.services.analyses.forecast import HORIZONS, PastForecast, past_forecasts
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.settings import Settings
from core.store import LeadFilter

LEADS, SEEDS = 2_000, tuple(range(1, 11))


def forecasts_of(leads: int, seed: int, days_ago: int = 0) -> list[PastForecast]:
    """The past forecasts of a sample workspace that was loaded so many days ago."""
    now = utc_now() - timedelta(days=days_ago)
    with tempfile.TemporaryDirectory() as folder, CommandCenter(Settings(jorge_data_dir=Path(folder))) as center:
        load_sample(center, leads=leads, seed=seed, end=now)
        return past_forecasts(center, LeadFilter(), now)


def told(past: list[PastForecast]) -> Iterator[str]:
    """A line for each horizon."""
    for days in HORIZONS:
        made = [one for one in past if one.days == days]
        held, money = sum(one.held for one in made), sum(one.held_commission for one in made)
        low, high = wilson(held, len(made))
        expected, closed = sum(one.closings.expected for one in made), sum(one.closed for one in made)
        above = sum(one.closed > one.closings.high for one in made)
        yield (
            f"{days} days: {len(made)} forecasts; closings held {100 * held / len(made):.0f} % "
            f"({100 * low:.0f} to {100 * high:.0f}), above {above}, below {len(made) - held - above}; "
            f"commission held {100 * money / len(made):.0f} %; closed over expected {closed / expected:.3f}"
        )


def main() -> None:
    """Each seed by itself, then all together."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else LEADS
    past: list[PastForecast] = []
    for word in sys.argv[2:] or map(str, SEEDS):
        seed, _, days_ago = word.partition("@")
        found = forecasts_of(leads, int(seed), int(days_ago or 0))
        past += found
        held = [sum(one.held for one in found if one.days == days) for days in HORIZONS]
        of = [sum(one.days == days for one in found) for days in HORIZONS]
        print(f"seed {word}: held {held} of {of}", flush=True)
    print("\n".join(told(past)))


if __name__ == "__main__":
    main()
