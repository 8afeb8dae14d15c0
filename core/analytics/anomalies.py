"""What has changed of late: a source dried up, a flood of junk, answers that take twice as long.

The last 14 days stand against the 84 before; leads of a young source against the days since its first lead. An alarm
takes two things: a change by half or to the double, and a chance below 5 % in all that as large a change would come by
itself (Holm 1979 over every comparison that was made, so that many sources do not bring many false alarms).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.analytics.chance import as_few, longer, more_often
from core.analytics.survival import Array

RECENT_DAYS: Final = 14
BASELINE_DAYS: Final = 84
FEWEST_DAYS: Final = 14  # of the baseline of a young source
FEWEST: Final = 12  # leads in the baseline; a source with fewer is not judged
FEWEST_ANSWERS: Final = 8
CAP_HOURS: Final = 72.0
FALSE_ALARMS: Final = 0.05
DRIED_UP, JUNK, SLOW = "dried up", "junk", "slow answers"


@dataclass(frozen=True, slots=True)
class Change:
    """One comparison: ``recent`` against ``usual`` (leads in 14 days, a share in [0, 1], or hours) of ``n`` leads.

    ``p`` is the chance of as large a change by itself, ``alarm`` whether it stands after Holm's correction.
    """

    kind: str
    where: str
    recent: float
    usual: float
    n: int
    p: float
    large: bool
    alarm: bool = False


def days_before(first: int, split: int) -> int:
    """How many days before day ``split`` are the baseline of a source whose first lead came on day ``first``.

    That first day is not among them: that there was a lead on it is why it was chosen.

    >>> days_before(0, 200), days_before(180, 200), days_before(200, 200)
    (84, 19, 0)
    """
    return max(0, min(BASELINE_DAYS, split - first - 1))


def dried_up(where: str, recent: int, baseline: int, days: int = BASELINE_DAYS) -> Change | None:
    """Fewer leads than in the ``days`` before; None where these, or their leads, are too few to judge.

    At an even rate each of all ``recent + baseline`` leads falls into the recent days with 14 / (14 + days).

    >>> found = dried_up("Zillow", 0, 60)
    >>> round(found.p, 6), found.usual, found.large  # (6/7) ** 60
    (9.6e-05, 10.0, True)
    """
    if baseline < FEWEST or days < FEWEST_DAYS:
        return None
    usual = baseline * RECENT_DAYS / days
    share = RECENT_DAYS / (RECENT_DAYS + days)
    p = as_few(recent, recent + baseline, share)
    return Change(DRIED_UP, where, float(recent), usual, recent, p, large=recent <= usual / 2)


def flood_of_junk(where: str, recent: tuple[int, int], baseline: tuple[int, int]) -> Change | None:
    """More leads with a very low first score; each pair is (low, scored). None where there are too few to judge.

    Fisher's exact test, one-sided.
    """
    low, scored = recent
    if scored < FEWEST_ANSWERS or baseline[1] < FEWEST:
        return None
    share, usual = low / scored, baseline[0] / baseline[1]
    p = more_often(recent, baseline)
    return Change(JUNK, where, share, usual, scored, p, large=share >= 2 * usual and low >= FEWEST_ANSWERS)


def slow_answers(where: str, recent_hours: Array, baseline_hours: Array) -> Change | None:
    """Longer until the first answer; hours are capped at 72, which also stands for no answer. None with too few.

    The test of Mann and Whitney, one-sided: it asks nothing of the shape of the times.
    """
    if len(recent_hours) < FEWEST_ANSWERS or len(baseline_hours) < FEWEST:
        return None
    recent, usual = float(np.median(recent_hours)), float(np.median(baseline_hours))
    p = longer(recent_hours, baseline_hours)
    return Change(SLOW, where, recent, usual, len(recent_hours), p, large=recent >= 2 * usual and recent > usual)


def judged(changes: Sequence[Change | None]) -> list[Change]:
    """Every comparison that could be made, the least likely first, with the alarms that stand.

    >>> made = [Change(JUNK, name, 0.5, 0.1, 20, p, True) for name, p in (("a", 0.03), ("b", 0.01), ("c", 0.04))]
    >>> [(change.where, change.alarm) for change in judged(made)]  # 0.01 x 3 passes, 0.03 x 2 does not, so no other
    [('b', True), ('a', False), ('c', False)]
    """
    made = sorted((change for change in changes if change is not None), key=lambda change: change.p)
    found, standing = [], True
    for place, change in enumerate(made):
        standing = standing and change.p * (len(made) - place) <= FALSE_ALARMS
        found.append(replace(change, alarm=standing and change.large))
    return found
