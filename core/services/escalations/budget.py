"""What may be spent on Claude, what is spent, and when asking goes on after a budget is used up. Days are UTC days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from core.errors import InputError
from core.leads import utc_now
from core.leads.clock import day_begun
from core.services import audit
from core.services.access import Right, for_right
from core.store.opinions import Limits, Reservation

if TYPE_CHECKING:
    from core.services.center import CommandCenter

DAILY = "claude_daily_budget_usd"
MICRO = Decimal(1_000_000)  # micro-dollars in a dollar


@dataclass(frozen=True, slots=True)
class BudgetState:
    """Dollars set aside or spent of each budget; ``calls`` of this month.

    ``stopped_until`` is when asking goes on once a budget had no room for the next question; None while it has.
    """

    day_usd: Decimal
    day_limit_usd: Decimal
    month_usd: Decimal
    month_limit_usd: Decimal
    calls: int
    stopped_until: datetime | None = None


def limits(center: CommandCenter) -> Limits:
    """The budgets in force, rounded down to a millionth of a dollar; the day's is never above the month's."""
    month = _micro(center.settings.jorge_claude_monthly_budget_usd)
    kept = center.setting(DAILY)
    day = _micro(kept if isinstance(kept, str) else center.settings.jorge_claude_daily_budget_usd)
    return Limits(day_micro_usd=min(day, month), month_micro_usd=month)


@for_right(Right.SETTINGS)
def set_daily(center: CommandCenter, usd: Decimal) -> None:
    """Keep a daily budget for the workspace. Raises InputError below 0 and above a million."""
    if not (usd.is_finite() and 0 <= usd <= 1_000_000):
        raise InputError(f"daily budget is {usd}; must be from 0 to 1,000,000 dollars")
    audit.set_and_note(center, DAILY, str(usd))


def state(center: CommandCenter, stopped: Reservation | None = None) -> BudgetState:
    """How the budgets stand; ``stopped`` is which one refused the last question. Raises StoreUnavailable."""
    now, allowed = utc_now(), limits(center)
    spent = center.store.opinions.spending(now)
    if spent.month_micro_usd >= allowed.month_micro_usd:
        stopped = Reservation.MONTH_SPENT
    elif spent.day_micro_usd >= allowed.day_micro_usd and stopped is not Reservation.MONTH_SPENT:
        stopped = Reservation.DAY_SPENT
    return BudgetState(
        day_usd=spent.day_micro_usd / MICRO,
        day_limit_usd=allowed.day_micro_usd / MICRO,
        month_usd=spent.month_micro_usd / MICRO,
        month_limit_usd=allowed.month_micro_usd / MICRO,
        calls=spent.calls,
        stopped_until=None if stopped is None else goes_on_at(stopped, now),
    )


def goes_on_at(stopped: Reservation, now: datetime) -> datetime:
    """The first moment of the next day or month, in UTC.

    >>> from datetime import UTC
    >>> goes_on_at(Reservation.MONTH_SPENT, datetime(2026, 12, 30, 23, tzinfo=UTC)).isoformat()
    '2027-01-01T00:00:00+00:00'
    """
    day = day_begun(now)
    if stopped is Reservation.DAY_SPENT:
        return day + timedelta(days=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _micro(usd: float | str) -> int:
    return int((Decimal(str(usd)) * MICRO).to_integral_value(ROUND_FLOOR))
