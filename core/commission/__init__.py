"""Money: what a lead would bring, and who gets which part of it."""

from core.commission.estimate import CommissionEstimate, commission_on, estimate_commission, median_usd
from core.commission.net import (
    CommissionPlan,
    Line,
    NetToAgent,
    YearSoFar,
    gross_commission,
    net_to_agent,
)
from core.commission.rates import SideRates
from core.commission.splits import Band, Split, SplitTier, flat_split, split_tiers

__all__ = [
    "Band",
    "CommissionEstimate",
    "CommissionPlan",
    "Line",
    "NetToAgent",
    "SideRates",
    "Split",
    "SplitTier",
    "YearSoFar",
    "commission_on",
    "estimate_commission",
    "flat_split",
    "gross_commission",
    "median_usd",
    "net_to_agent",
    "split_tiers",
]
