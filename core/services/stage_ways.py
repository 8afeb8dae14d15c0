"""The leads of a filter with their ways through the funnel, and what their closings earned: read once a version."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.commission import SideRates, gross_commission
from core.leads import Side, utc_now
from core.leads.money import CENT
from core.services.commission_plans import Plans, plans
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.stage_ways import StageWays
    from core.analytics.survival import Array
    from core.services.center import CommandCenter

MOST_KEPT: Final = 4  # a row a lead and filter: only the filters that somebody looks at now
_EPOCH: Final = date(1970, 1, 1)


def ways_of(center: CommandCenter, wanted: LeadFilter) -> StageWays:
    """The ways of the leads of a filter, at most four filters of a state of the store. Raises StoreUnavailable."""
    from core.store.stage_ways import read_stage_ways

    kept: dict[LeadFilter, StageWays] = center.per_version("stage ways", dict)
    found = kept.get(wanted)
    if found is None:
        found = read_stage_ways(center.store.database, wanted, utc_now())
        while len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[wanted] = found
    return found


def gci_cents(center: CommandCenter, ways: StageWays) -> Array:
    """Gross commission of each closed lead in whole cents, by the plan of its day; NaN where nobody told a price."""
    agreed = plans(center)
    closed, found = ways.at[-1], np.full(len(ways), np.nan)
    agents, sides = ways.segments["agent"], ways.segments["side"]
    rates: dict[Any, SideRates] = {}
    for place in np.flatnonzero(~np.isnan(closed) & ~np.isnan(ways.price_usd)).tolist():
        agent, day = agents.names[agents.code[place]], int(closed[place])
        key = (agent, day) if agreed.versions else None
        if key not in rates:
            rates[key] = _rates(agreed, agent, day)
        rate = rates[key].rate_for(Side(sides.names[sides.code[place]] or Side.BUYER))
        price = Decimal(repr(float(ways.price_usd[place]))).quantize(CENT)
        found[place] = int(gross_commission(price, rate).scaleb(2))
    return found


def _rates(agreed: Plans, agent: str | None, day: int) -> SideRates:
    return agreed.on(agent, _EPOCH + timedelta(days=day)).side_rates
