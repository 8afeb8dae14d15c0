"""Leads that arrive now, without end, for a live screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count

from core.leads import LeadHistory, utc_now
from core.sample.dice import Dice
from core.sample.draw import draw_lead


def stream(seed: int, clock: Callable[[], datetime] = utc_now) -> Iterator[LeadHistory]:
    """Yield newly arrived leads, each as of the moment at which it is asked for.

    A lead arrived between a minute and three hours ago, so it comes with its first messages, all of them dated at
    or before ``clock()``. Lead ids hold the time of the first lead: two runs do not overwrite each other's.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> next(stream(3, clock=lambda: noon)).lead.lead_id
    'live-3-20260504120000-00000'
    """
    started = f"{clock():%Y%m%d%H%M%S}"
    for number in count():
        now = clock().replace(microsecond=0)
        dice = Dice(seed, number, 1)
        arrival = now - timedelta(seconds=dice.whole(60, 180) if dice.chance(0.3) else dice.whole(180, 10_800))
        yield draw_lead(f"live-{seed}-{started}-{number:05d}", number, arrival, now, dice).history
