"""How far a goal is reached for the day that it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


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
    """First and last day of a year (``"2026"``) or a month (``"2026-11"``). Raises ValueError for another text.

    >>> period_of("2026-02")
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    year, _, month = period.partition("-")
    try:
        first = date(int(year), int(month or 1), 1)
    except ValueError as error:
        raise ValueError(f"period is {period!r}; must be a year such as 2026 or a month such as 2026-11") from error
    if not month:
        return first, date(first.year, 12, 31)
    later = first.replace(day=28) + timedelta(days=4)
    return first, later.replace(day=1) - timedelta(days=1)
