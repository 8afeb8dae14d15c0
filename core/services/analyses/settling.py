"""Which leads reached a stage so long ago that what became of them there is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.services.access import Right, for_right
from core.services.analyses.stage_ways import ways_of
from core.store import LeadFilter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.analytics.stage_ways import StageWays
    from core.services.center import CommandCenter


@for_right(Right.MONEY)
def settling_days(center: CommandCenter, now: float) -> tuple[int, ...]:
    """For each open stage the days in which nearly all of the team's leads that leave it have left, as of day ``now``.

    They are those of all leads, so that a figure and the list of its leads agree whatever the filter. Raises
    StoreUnavailable.
    """
    from core.analytics import funnel

    return center.analysed(("settling", now), lambda: funnel.settling_days(ways_of(center, LeadFilter()), now))


@for_right(Right.MONEY)
def ripe(center: CommandCenter, ways: StageWays, now: float) -> NDArray[np.bool_]:
    """Which of the leads reached each open stage that long ago, of shape (4, leads)."""
    from core.analytics.funnel import reached_before

    return reached_before(ways, now, settling_days(center, now))
