"""Money: what a lead would bring, and who gets which part of it."""

from core.commission.agreement import Agreement, SourceTerms, agreement_of
from core.commission.estimate import CommissionEstimate, commission_on, estimate_commission, median_usd
from core.commission.expected import Expected, ExpectedNet, expected_net, net_at_least, shared_out
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
from core.commission.year import Closing, NextClosing, Paid, PlanYear, after, next_closing, plan_year

__all__ = [
    "Agreement",
    "Band",
    "Closing",
    "CommissionEstimate",
    "CommissionPlan",
    "Expected",
    "ExpectedNet",
    "Line",
    "NetToAgent",
    "NextClosing",
    "Paid",
    "PlanYear",
    "SideRates",
    "SourceTerms",
    "Split",
    "SplitTier",
    "YearSoFar",
    "after",
    "agreement_of",
    "commission_on",
    "estimate_commission",
    "expected_net",
    "flat_split",
    "gross_commission",
    "median_usd",
    "net_at_least",
    "net_to_agent",
    "next_closing",
    "plan_year",
    "shared_out",
    "split_tiers",
]
