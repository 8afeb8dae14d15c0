"""How many leads an A/B test needs before it can tell a difference from chance."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from core.analytics.ab_test import Design
from core.analytics.confidence_sequence import half_widths

FEWEST_EACH: Final = 20
_MOST: Final = 100_000_000


def leads_for_first(baseline: float, lift: float, ratio: float, power: float, alpha: float) -> float:
    """Leads of the first variant for a two-sided test of two shares; the second gets ``ratio`` times as many.

    The classic formula with the pooled rate under no difference (Fleiss, Levin and Paik, Statistical Methods for Rates
    and Proportions, 2003, 4.19 without continuity correction). From 10 % to 15 %, evenly, 80 % power at 5 %: pooled
    0.125, (1.96 sqrt(2 x 0.125 x 0.875) + 0.8416 sqrt(0.1 x 0.9 + 0.15 x 0.85))^2 / 0.05^2 = 685.6.

    >>> round(leads_for_first(0.10, 0.05, 1.0, 0.8, 0.05), 1)
    685.6
    """
    first, second = baseline, baseline + lift
    pooled = (first + ratio * second) / (1 + ratio)
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    chance = z_alpha * sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    seen = z_power * sqrt(first * (1 - first) + second * (1 - second) / ratio)
    return float((chance + seen) ** 2 / lift**2)


def leads_needed(design: Design) -> int:
    """Leads of all variants until each comparison with the first has its power, by the fixed reading."""
    first = design.shares[0]
    total = max(
        leads_for_first(design.baseline, design.lift, share / first, design.power, design.alpha_each) / first
        for share in design.shares[1:]
    )
    return max(ceil(total), *(ceil(FEWEST_EACH / share) for share in design.shares))


def leads_needed_daily(design: Design) -> int:
    """Leads of all variants until a reading that is looked at daily finds the lift with its power.

    The first number at which the sequence's half width and the power's share of the standard error fit into the lift;
    what was planned for the fixed reading is where the sequence is narrowest.
    """
    fixed, z_power = leads_needed(design), NormalDist().inv_cdf(design.power)
    low, high = fixed, _MOST
    variances = []
    for share in design.shares[1:]:
        both = design.shares[0] + share
        first, second = design.baseline, design.baseline + design.lift
        spread = first * (1 - first) * both / design.shares[0] + second * (1 - second) * both / share
        variances.append((spread, both))
    while low < high:
        n = (low + high) // 2
        if all(_fits(design, v, n * both, fixed * both, z_power) for v, both in variances):
            high = n
        else:
            low = n + 1
    return low


def _fits(design: Design, variance: float, n: float, tightest_at: float, z_power: float) -> bool:
    half = float(half_widths(np.array(variance), np.array(n), design.alpha_each, tightest_at))
    return half + z_power * sqrt(variance / n) <= design.lift
