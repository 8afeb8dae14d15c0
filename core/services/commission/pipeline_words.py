"""How the commission pipeline calls months, reasons and people."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from core.analytics.bridge import Moved
from core.analytics.closing_month import LATER, PAST, UNKNOWN, closing_months
from core.words import counted, month_words

if TYPE_CHECKING:
    from core.services.commission.pipeline import Pipeline

MOVED: Final = {
    Moved.ARRIVED: "New leads",
    Moved.REOPENED: "Opened again",
    Moved.STAGED: "Stage changes",
    Moved.SCORED: "Chance changes",
    Moved.PRICED: "Price changes",
    Moved.CLOSED: "Closed",
    Moved.LOST: "Lost",
}
_MONTHS: Final = {PAST: "Past the usual time", LATER: "Later", UNKNOWN: "Not known yet"}


def net_words(found: Pipeline) -> tuple[str, str]:
    """What the agents' net is called, and what it is."""
    from core.commission import net_at_least

    if net_at_least((one.agreement, one.steps) for one in found.agents):
        return "Agents' net of it, at least", (
            "after fees, splits and caps, of the mean; closings that come in heaps reach a cap or tier sooner, so on "
            "average it is this or more"
        )
    return "Agents' net of it", "after fees, splits and caps"


def undated_words(leads: int) -> str:
    """Why closed leads count as no closing.

    >>> undated_words(1)[:59]
    'Not counted: 1 lead that a file called closed without a day'
    """
    return (
        f"Not counted: {counted(leads, 'lead')} that a file called closed without a day. Score the file again with its "
        "close dates, or record the outcome with its day on the lead's own screen or through the API, and it counts."
    )


def month_label(key: str) -> str:
    """An expected month as a person reads it.

    >>> month_label("2026-11"), month_label("past")
    ('Nov 2026', 'Past the usual time')
    """
    return _MONTHS.get(key) or month_words(date.fromisoformat(f"{key}-01"))


def month_labels(today: date) -> dict[str, str]:
    """Every expected month as of ``today``, by its key."""
    return {month.key: month_label(month.key) for month in closing_months({}, today)}
