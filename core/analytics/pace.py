"""How far a goal is reached for the day that it is."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")
_MONTHS, _MONTHS_OF_QUARTER = 12, 3
_QUARTER: Final = re.compile("[Qq]([1-4])")


@dataclass(frozen=True, slots=True)
class Pace:
    """A goal of ``goal_usd`` from ``start_on`` to ``end_on`` (both of them included), seen on ``today``."""

    goal_usd: Decimal
    closed_usd: Decimal
    start_on: date
    end_on: date
    today: date

    @property
    def days(self) -> int:
        """Days of the period."""
        return (self.end_on - self.start_on).days + 1

    @property
    def days_gone(self) -> int:
        """Days that are over, today counted."""
        return min(max((self.today - self.start_on).days + 1, 0), self.days)

    @property
    def due_usd(self) -> Decimal:
        """The goal's even share for the days gone.

        >>> Pace(Decimal(365_000), Decimal(0), date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 10)).due_usd
        Decimal('10000.00')
        """
        return (self.goal_usd * self.days_gone / self.days).quantize(_CENT, ROUND_HALF_UP)

    @property
    def ahead_usd(self) -> Decimal:
        """Closed less due; negative when behind."""
        return self.closed_usd - self.due_usd

    @property
    def missing_usd(self) -> Decimal:
        """What is still to be closed."""
        return max(self.goal_usd - self.closed_usd, Decimal("0.00"))


def period_of(period: str) -> tuple[date, date]:
    """First and last day of a year (``"2026"``), a quarter (``"2026-Q4"``) or a month (``"2026-11"``).

    Raises ValueError for another text.

    >>> period_of("2026-02")
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    >>> period_of("2026-Q4")
    (datetime.date(2026, 10, 1), datetime.date(2026, 12, 31))
    """
    year, _, part = period.partition("-")
    quarter = _QUARTER.fullmatch(part)
    months = _MONTHS if not part else _MONTHS_OF_QUARTER if quarter else 1
    try:
        first = date(int(year), _MONTHS_OF_QUARTER * int(quarter[1]) - 2 if quarter else int(part or 1), 1)
    except ValueError as error:
        raise ValueError(
            f"period is {period!r}; must be a year such as 2026, a quarter such as 2026-Q4 or a month such as 2026-11"
        ) from error
    last_month = first.month + months - 1
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])


def period_name(period: str) -> str:
    """The one way of writing a period. Raises ValueError as ``period_of``.

    >>> period_name("2026-1"), period_name("2026-11"), period_name("2026-q4"), period_name("2026")
    ('2026-01', '2026-11', '2026-Q4', '2026')
    """
    first, last = period_of(period)
    months = last.month - first.month + 1
    if months == _MONTHS_OF_QUARTER:
        return f"{first:%Y}-Q{last.month // _MONTHS_OF_QUARTER}"
    return f"{first:%Y-%m}" if months == 1 else f"{first:%Y}"


def periods_around(today: date) -> tuple[str, str, str]:
    """The month, the quarter and the year that a day is in.

    >>> periods_around(date(2026, 11, 23))
    ('2026-11', '2026-Q4', '2026')
    """
    quarter = (today.month + _MONTHS_OF_QUARTER - 1) // _MONTHS_OF_QUARTER
    return f"{today:%Y-%m}", f"{today:%Y}-Q{quarter}", f"{today:%Y}"
