"""What a forecast is made from: the open leads with their chances, the leads to come, and how sure all that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.analytics.contract_chance import MOST_PROBABILITY
from core.analytics.milestones import Milestones, Standing
from core.analytics.survival import Array
from core.analytics.time_to_close import Chances, TimeToClose, chances

RECENT_WEEKS: Final = 13


@dataclass(frozen=True, slots=True)
class Window:
    """The days after the moment of the forecast from ``start`` (exclusive) to ``end`` (inclusive)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """New leads a day, and how uncertain that is: the standard error as a share of it."""

    per_day: float
    relative_error: float
    weeks: int


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """All that a forecast is made from: open leads with their chances and prices, and what is to come.

    A lead whose price is not known (NaN) sells at one of the past prices, another one in each future.
    ``new_closed`` (horizon + 1,) is the share of new leads closed by each age; ``past_prices_usd`` are those of past
    sales. ``level_error`` is the relative standard error of the level of all chances before a contract,
    ``contract_error`` that of the rate at which leads ``in_contract`` (leads,) close.
    """

    chances: Chances
    price_usd: Array
    arrivals: Arrivals
    new_closed: Array
    past_prices_usd: Array
    level_error: float
    in_contract: NDArray[np.bool_]
    contract_error: float

    @property
    def horizon(self) -> int:
        """How many days the forecast can look ahead."""
        return len(self.new_closed) - 1

    def new_by_day(self) -> Array:
        """Expected closings of leads yet to come by each day, shape (horizon + 1,)."""
        return self.arrivals.per_day * np.cumsum(np.concatenate(([0.0], self.new_closed[:-1])))


def outlook(
    open_leads: Standing,
    times: TimeToClose,
    arrivals: Arrivals,
    past_prices_usd: Array,
    horizon: int,
    closings: int | None = None,
    variance: float = 0.0,
) -> Outlook:
    """Put a forecast together; ``past_prices_usd``, those of past sales, must not be empty.

    ``closings`` are those that the level of the chances was seen in; None: all that ``times`` were learned from.
    ``variance`` is how much that level differs from season to season (``core.analytics.level_drift``).
    """
    return Outlook(
        chances=chances(open_leads, times, horizon),
        price_usd=open_leads.sale_price_usd,
        arrivals=arrivals,
        new_closed=times.new_leads_closed(horizon),
        past_prices_usd=past_prices_usd,
        level_error=(1.0 / max(times.closings if closings is None else closings, 1) + variance) ** 0.5,
        in_contract=~np.isnan(open_leads.in_contract),
        contract_error=_rate_error(times.of_contracts.ever, times.of_contracts.events),
    )


def recent_arrivals(milestones: Milestones, at: float) -> Arrivals:
    """The rate of the last 13 weeks (fewer when the record is younger), with how much weeks differ.

    The variance of a week over its mean, at least 1 as for independent arrivals, widens the error of the mean.
    """
    arrived = milestones.arrived[milestones.arrived <= at]
    weeks = int(min(RECENT_WEEKS, (at - arrived.min()) // 7)) if len(arrived) else 0
    if weeks == 0:
        return Arrivals(0.0, 0.0, 0)
    back = np.floor((at - arrived) / 7.0).astype(np.int64)
    counts = np.bincount(back[back < weeks], minlength=weeks)
    mean = float(counts.mean())
    if mean == 0:
        return Arrivals(0.0, 0.0, weeks)
    spread = max(1.0, float(counts.var(ddof=1)) / mean) if weeks > 1 else 1.0
    return Arrivals(mean / 7.0, (spread / (mean * weeks)) ** 0.5, weeks)


def _rate_error(share: float, seen: int) -> float:
    """The relative standard error of -log(1 - share), of which ``seen`` closings came.

    Of n contracts the share q has the error sqrt(q (1 - q) / n); q n were seen to close; the rate moves by 1 / (1 - q).

    >>> round(_rate_error(0.8, 200), 4)  # of 250: 0.0253 / 0.2 / 1.6094
    0.0786
    """
    share = min(share, MOST_PROBABILITY)
    if share <= 0 or seen <= 0:
        return 0.0
    return float(share / ((1.0 - share) * seen) ** 0.5 / -np.log1p(-share))
