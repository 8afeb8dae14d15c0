"""What variants did that are held against each other, be they of an A/B test or of a model on trial."""

from __future__ import annotations

from collections.abc import Sequence

from core.analytics.ab_test_reading import Look
from core.charts.ab_tests import DayLook, RateOf
from core.leads.clock import of_days
from core.services.analyses.ab_tests import VariantFigures
from core.transfer.table import Value


def rate_marks(variants: Sequence[VariantFigures]) -> list[RateOf]:
    """The rates with their ends in percent, of the variants that have one."""
    return [
        RateOf(one.name, 100 * one.rate, 100 * one.rate_ends[0], 100 * one.rate_ends[1], one.ripe)
        for one in variants
        if one.rate is not None and one.rate_ends is not None
    ]


def look_marks(looks: Sequence[Look]) -> list[DayLook]:
    """The differences day by day, in points."""
    return [
        DayLook(of_days(look.day).date(), 100 * look.difference, 100 * look.low, 100 * look.high, look.leads)
        for look in looks
    ]


def variant_cells(one: VariantFigures) -> tuple[Value, ...]:
    """Leads assigned, known and successful, the rate with its ends, the difference in points with its ends."""
    low, high = one.rate_ends or (None, None)
    apart = None if one.difference is None else 100 * one.difference
    ends = (None, None) if one.difference_ends is None else tuple(100 * end for end in one.difference_ends)
    return one.assigned, one.ripe, one.successes, one.rate, low, high, apart, *ends
