"""What a lead would bring if it closed: price times rate, or unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.commission.rates import checked_share
from core.features import stated_midpoint
from core.features.catalog import INDEX
from core.leads import LeadHistory, usd, utc_now
from core.leads.money import CENT, MOST_USD

STATED_BUDGET, VIEWED_LISTINGS, AREA_MEDIAN = "stated budget", "viewed listings", "area median"
_BUDGET: Final = INDEX["budget_midpoint_usd"]
_HALF_DOLLARS_BELOW: Final = 2**23  # float32 holds each of them there, and a price read in a text is whole dollars


@dataclass(frozen=True, slots=True)
class CommissionEstimate:
    """``commission_usd`` = ``sale_price_usd`` x ``rate``, half up to cents; both None when no price is known.

    ``price_basis`` is ``"stated budget"``, ``"viewed listings"``, ``"area median"`` or None.
    """

    sale_price_usd: Decimal | None
    price_basis: str | None
    rate: Decimal
    commission_usd: Decimal | None

    def or_area_median(self, area_median_usd: Decimal | None) -> CommissionEstimate:
        """Take the price from ``area_median_usd`` where none is known from the lead itself."""
        if self.sale_price_usd is not None or area_median_usd is None or area_median_usd <= 0:
            return self
        price = usd(area_median_usd)
        return CommissionEstimate(price, AREA_MEDIAN, self.rate, commission_on(price, self.rate))


def estimate_commission(
    history: LeadHistory,
    features: NDArray[np.floating],
    rate: Decimal,
    area_median_usd: Decimal | None = None,
    as_of: datetime | None = None,
) -> CommissionEstimate:
    """Estimate sale price and commission of one lead, from what was known at ``as_of`` (default: all of it).

    The price is the midpoint of the stated budget (``features``, shape (28,)), else the median price of the
    listings that the lead asked about, viewed, saved or visited, else ``area_median_usd``, else unknown.
    ``rate`` is the share of the price in [0, 1]. Raises ValueError for a rate outside.

    >>> from core.leads import Lead
    >>> features = np.full(28, -1.0)
    >>> features[INDEX["budget_midpoint_usd"]] = 625_000
    >>> found = estimate_commission(LeadHistory(lead=Lead(lead_id="a")), features, Decimal("0.06"))
    >>> found.sale_price_usd, found.price_basis, found.commission_usd
    (Decimal('625000.00'), 'stated budget', Decimal('37500.00'))
    """
    price, basis = _price(history, features, as_of)
    estimate = CommissionEstimate(price, basis, checked_share(rate, "rate"), commission_on(price, rate))
    return estimate.or_area_median(area_median_usd)


def commission_on(price_usd: Decimal | None, rate: Decimal) -> Decimal | None:
    """Return ``price_usd`` x ``rate``, half up to cents; None when the price is unknown.

    >>> commission_on(Decimal("333.25"), Decimal("0.06"))
    Decimal('20.00')
    """
    if price_usd is None:
        return None
    return (price_usd * checked_share(rate, "rate")).quantize(CENT, ROUND_HALF_UP)


def median_usd(prices: Iterable[Decimal]) -> Decimal | None:
    """The middle price; of an even number the mean of the middle two, half up to cents; None of none.

    >>> median_usd([Decimal(300), Decimal(100), Decimal("200.01")]), median_usd([Decimal(1), Decimal("1.01")])
    (Decimal('200.01'), Decimal('1.01'))
    """
    ordered = sorted(prices)
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return usd(ordered[middle])
    return usd((ordered[middle - 1] + ordered[middle]) / 2)


def _price(
    history: LeadHistory,
    features: NDArray[np.floating],
    as_of: datetime | None,
) -> tuple[Decimal | None, str | None]:
    budget = float(features[_BUDGET])
    if 0 < budget <= MOST_USD:
        return _stated(history, budget, as_of), STATED_BUDGET
    seen = median_usd(_listing_prices(history, as_of))
    if seen is not None:
        return seen, VIEWED_LISTINGS
    return None, None


def _stated(history: LeadHistory, budget: float, as_of: datetime | None) -> Decimal:
    """The price that is ``budget`` as a feature, which as a float32 cannot hold the cents of most prices.

    It is what the lead's fields say, else what was counted elsewhere or is read again, where that gives ``budget``.
    """
    lead = history.lead
    one = lead.price_min_usd or lead.price_max_usd
    if one:
        other = lead.price_max_usd or one
        middle = (float(one) + float(other)) / 2
        if middle != budget and np.float32(middle) == np.float32(budget):
            return usd((one + other) / 2)
    exact = lead.measured.get("budget_midpoint_usd") if lead.measured else None
    if exact is None and budget >= _HALF_DOLLARS_BELOW:
        exact = stated_midpoint(history, as_of or utc_now())
    return usd(exact if exact is not None and np.float32(exact) == np.float32(budget) else budget)


def _listing_prices(history: LeadHistory, as_of: datetime | None) -> list[Decimal]:
    if as_of is not None and as_of.tzinfo is None:
        as_of = as_of.replace(tzinfo=UTC)
    prices = [
        touch.listing_price_usd
        for touch in history.interactions
        if touch.listing_price_usd and (as_of is None or touch.occurred_at <= as_of)
    ]
    asked = history.lead.listing_price_usd
    return [*prices, asked] if asked else prices
