"""A feature's value in as few words as a control or an axis has room for."""

from __future__ import annotations

from core.features.catalog import CATALOG, INDEX, UNKNOWN
from core.scoring.statements import statement

NOT_KNOWN = "not known"
_HOURS_A_DAY = 24.0


def value_words(feature: str, value: float) -> str:
    """Say ``value`` with its unit; a level in the words of an agent.

    >>> value_words("response_time_hours", 2.0), value_words("budget_midpoint_usd", 625_000)
    ('2 h', '$625k')
    >>> value_words("pre_approval", 2.0), value_words("response_rate", 0.5), value_words("response_rate", UNKNOWN)
    ('Pre-approved or paying cash', '50 %', 'not known')
    """
    if value == UNKNOWN:
        return NOT_KNOWN
    match CATALOG[INDEX[feature]].unit:
        case "level":
            return statement(feature, value)
        case "hours":
            return _hours(value)
        case "days":
            return f"{_short(value)} day{'' if value == 1 else 's'}"
        case "share":
            return f"{100 * value:.0f} %"
        case "usd":
            return f"${value / 1e6:.3g}M" if value >= 1e6 else f"${value / 1e3:.0f}k"
        case _:
            return _short(value)


def _hours(value: float) -> str:
    if value < 1:
        return f"{60 * value:.0f} min"
    return f"{_short(value)} h" if value < 2 * _HOURS_A_DAY else f"{_short(value / _HOURS_A_DAY)} days"


def _short(value: float) -> str:
    """At most one decimal, and none that is zero."""
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"
