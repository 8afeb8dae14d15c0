"""The ledger: money is set aside before a call, and the books say what it was afterwards."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, insert, select, update

from core.store.opinions.rows import Limits, Reservation, Spending
from core.store.opinions.schema import claude_spending


def book(connection: Connection, day: date, micro_usd: int, calls: int = 0) -> None:
    """Add to a day's spending; negative gives back what was set aside and not used."""
    row = update(claude_spending).where(claude_spending.c.day == day)
    raised = row.values(micro_usd=claude_spending.c.micro_usd + micro_usd, calls=claude_spending.c.calls + calls)
    if not connection.execute(raised).rowcount:
        connection.execute(insert(claude_spending).values(day=day, micro_usd=micro_usd, calls=calls))


def spent(connection: Connection, day: date) -> Spending:
    """Of a day and of its month up to now."""
    of_month = claude_spending.c.day.between(day.replace(day=1), _last(day))
    query = select(func.coalesce(func.sum(claude_spending.c.micro_usd), 0), func.sum(claude_spending.c.calls))
    month, calls = connection.execute(query.where(of_month)).one()
    today = select(claude_spending.c.micro_usd).where(claude_spending.c.day == day)
    return Spending(connection.execute(today).scalar() or 0, int(month), int(calls or 0))


def fits(connection: Connection, day: date, micro_usd: int, limits: Limits) -> Reservation:
    """Whether ``micro_usd`` more stay within both budgets. Call in the write transaction that then books them."""
    so_far = spent(connection, day)
    if so_far.month_micro_usd + micro_usd > limits.month_micro_usd:
        return Reservation.MONTH_SPENT
    if so_far.day_micro_usd + micro_usd > limits.day_micro_usd:
        return Reservation.DAY_SPENT
    return Reservation.RESERVED


def _last(day: date) -> date:
    """The last day of a month.

    >>> _last(date(2026, 2, 3)), _last(date(2026, 12, 1))
    (datetime.date(2026, 2, 28), datetime.date(2026, 12, 31))
    """
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
