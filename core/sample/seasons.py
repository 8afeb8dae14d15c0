"""When leads arrive: a spring peak, week days, hours of the day; all in the team's local time."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from core.sample.dice import Dice, Weighted

LOCAL: Final = timedelta(hours=-6)  # Central Standard Time all year; an hour more or less changes nothing here
MONTH_WEIGHTS: Final = (0.82, 0.95, 1.20, 1.35, 1.38, 1.22, 1.08, 0.98, 0.88, 0.82, 0.70, 0.58)
WEEKDAY_WEIGHTS: Final = (1.08, 1.02, 1.00, 0.95, 0.82, 1.00, 1.12)
GROWTH_A_YEAR: Final = 1.15
DAYS_A_MONTH: Final = 30.4375
_HOURS: Final = (
    (0, 0.5), (1, 0.3), (2, 0.2), (3, 0.1), (4, 0.1), (5, 0.3), (6, 0.8), (7, 1.6), (8, 2.6), (9, 3.4), (10, 3.8),
    (11, 3.9), (12, 4.0), (13, 3.6), (14, 3.4), (15, 3.4), (16, 3.6), (17, 3.9), (18, 4.3), (19, 5.0), (20, 5.2),
    (21, 4.4), (22, 2.6), (23, 1.2),
)  # fmt: skip
HOUR_TABLE: Final = Weighted([(str(hour), weight) for hour, weight in _HOURS])


def season(day: datetime) -> float:
    """How busy the market is on ``day`` against the year's mean of about 1, without steps between months.

    >>> season(datetime(2026, 5, 15)) > 1.3 and season(datetime(2026, 12, 15)) < 0.65
    True
    """
    position = day.month - 1 + (day.day - 15) / 30.0
    before = int(position // 1)
    part = position - before
    return MONTH_WEIGHTS[before % 12] * (1 - part) + MONTH_WEIGHTS[(before + 1) % 12] * part


def waking(day: float, first_hour: float, opens: float, closes: float, late: float) -> float:
    """Move a moment out of the night.

    ``day`` counts days since the arrival, which was at the local hour ``first_hour``; the result is ``day``
    itself or, before ``opens`` or after ``closes``, ``late`` (0 to 1) hours after the next opening.

    >>> waking(0.5, 22.0, 8.0, 20.0, 0.5) == 0.5  # ten in the morning
    True
    >>> waking(0.25, 22.0, 8.0, 20.0, 0.5) * 24  # four in the morning becomes half past eight
    10.5
    """
    hour = (first_hour + day * 24.0) % 24.0
    if opens <= hour <= closes:
        return day
    wait = opens - hour if hour < opens else 24.0 - hour + opens
    return day + (wait + late) / 24.0


class Arrivals:
    """The times at which leads arrive in the ``months`` before ``end``."""

    def __init__(self, end: datetime, months: int) -> None:
        self._end = end
        self._start = end - timedelta(days=months * DAYS_A_MONTH)
        first = (self._start + LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
        count = (end + LOCAL - first).days + 1
        self._days = [first + timedelta(days=number) for number in range(count)]
        self._edges = list(accumulate(self._weight(day, count - number) for number, day in enumerate(self._days)))

    @staticmethod
    def _weight(day: datetime, days_before_end: int) -> float:
        growth = 1.0 - (GROWTH_A_YEAR - 1.0) * days_before_end / 365.25 / 2.0
        return season(day) * WEEKDAY_WEIGHTS[day.weekday()] * max(growth, 0.3)

    def draw(self, dice: Dice) -> datetime:
        """An arrival at or after the start and before ``end``, in UTC, to the second."""
        while True:
            day = self._days[bisect_right(self._edges, dice.uniform() * self._edges[-1])]
            hour = int(dice.weighted(HOUR_TABLE))
            moment = day + timedelta(hours=hour, seconds=dice.whole(0, 3599)) - LOCAL
            if self._start <= moment < self._end:
                return moment.astimezone(UTC)
