"""The leads of a filter with their ways through the funnel, and what their closings earned: read once a version."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

import numpy as np

from core.leads import Side, utc_now
from core.leads.clock import of_days
from core.services.access import Right, for_right
from core.services.commission.commission_plans import Plans, plans
from core.services.running.kept import bounded
from core.store import LeadFilter
from core.store.figures.pipeline import MILLION

if TYPE_CHECKING:
    from core.analytics.stage_ways import Segments, StageWays
    from core.analytics.survival import Array
    from core.services.center import CommandCenter

MOST_KEPT: Final = 4  # a row a lead and filter: only the filters that somebody looks at now


@for_right(Right.MONEY)
def ways_of(center: CommandCenter, wanted: LeadFilter) -> StageWays:
    """The ways of the leads of a filter, at most four filters of a state of the store. Raises StoreUnavailable."""
    from core.store.figures.stage_ways import read_stage_ways

    kept: dict[Hashable, StageWays] = center.analysed("stage ways", dict)
    return bounded(kept, MOST_KEPT, wanted, lambda: read_stage_ways(center.store.database, wanted, utc_now()))


@for_right(Right.MONEY)
def segments_of(center: CommandCenter, ways: StageWays, kind: str) -> Segments:
    """The groups of a kind; ``tier`` is that of a lead's first score, which no outcome has moved."""
    from core.analytics.stage_ways import grouped
    from core.store.figures.stage_ways import read_first_tiers

    if kind != "tier":
        return ways.segments[kind]
    tiers = center.analysed("first tiers", lambda: read_first_tiers(center.store.database))
    return grouped([tiers.get(lead_id) for lead_id in ways.lead_ids])


@for_right(Right.MONEY)
def gci_cents(center: CommandCenter, ways: StageWays) -> Array:
    """Gross commission of each closed lead in whole cents, by the plan of its day; NaN where nobody told a price."""
    agreed, closed = plans(center), ways.at[-1]
    agents, sides = ways.segments["agent"], ways.segments["side"]
    places = np.flatnonzero(~np.isnan(closed) & ~np.isnan(ways.price_usd))
    days = closed[places].astype(np.int64) if agreed.versions else np.zeros(len(places), np.int64)
    terms = np.stack((agents.code[places] if agreed.versions else days, days, sides.code[places]))
    told, which = np.unique(terms, axis=1, return_inverse=True)
    rates = [_rate_ppm(agreed, agents.names[a], day, sides.names[side]) for a, day, side in told.T.tolist()]
    found = np.full(len(ways), np.nan)
    cents = np.rint(100.0 * ways.price_usd[places]).astype(np.int64)
    found[places] = (cents * np.array(rates, np.int64)[which.ravel()] + MILLION // 2) // MILLION  # half up to the cent
    return found


def _rate_ppm(agreed: Plans, agent: str | None, day: int, side: str | None) -> int:
    rates = agreed.on(agent, of_days(day).date()).side_rates
    return int(rates.rate_for(Side(side or Side.BUYER)) * MILLION)
