"""The best hour to call: how often tries are answered by hour and weekday on the viewer's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.leads import utc_now
from core.services.access import Right, for_right
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.best_hour import Rate, Slots
    from core.services.center import CommandCenter
    from core.store.best_hour import Tries


class Way(StrEnum):
    """What counts as a try."""

    ALL = "calls and messages"
    CALLS = "calls"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class BestHour:
    """Rates of 24 hours, of 7 weekdays (Monday first) and of each hour of each weekday, of the last ``days``."""

    days: int
    tries: int
    answered: int
    hours: Slots
    weekdays: Slots
    week: tuple[tuple[Rate, ...], ...]


@for_right(Right.MONEY)
def best_hour(
    center: CommandCenter, wanted: LeadFilter, way: Way, zone: ZoneInfo, now: datetime | None = None
) -> BestHour | None:
    """How often tries were answered; None without a try. Kept until the data or the day changes.

    Raises StoreUnavailable.
    """
    moment = now or utc_now()
    key = ("best hour", wanted, way, zone.key, moment.astimezone(UTC).date())
    return center.analysed(key, lambda: _best_hour(center, wanted, way, zone, moment))


def _best_hour(center: CommandCenter, wanted: LeadFilter, way: Way, zone: ZoneInfo, now: datetime) -> BestHour | None:
    import numpy as np

    from core.analytics.best_hour import compared, rates_of
    from core.analytics.clock import hour_of_day, local_hours, weekday

    found = _tries(center, wanted, now)
    kept = [one for one in found.hours if way is Way.ALL or one.call is (way is Way.CALLS)]
    if not kept:
        return None
    local = local_hours(np.array([one.hour for one in kept]) / 24.0, zone)
    place = 24 * weekday(local) + hour_of_day(local)
    tries, answered = np.zeros(168, dtype=np.int64), np.zeros(168, dtype=np.int64)
    np.add.at(tries, place, [one.tries for one in kept])
    np.add.at(answered, place, [one.answered for one in kept])
    by_day, answered_by_day = tries.reshape(7, 24), answered.reshape(7, 24)
    hours, weekdays = compared([(answered_by_day.sum(0), by_day.sum(0)), (answered_by_day.sum(1), by_day.sum(1))])
    cells = rates_of(answered, tries)
    week = tuple(cells[24 * day : 24 * day + 24] for day in range(7))
    return BestHour(found.days, int(tries.sum()), int(answered.sum()), hours, weekdays, week)


def _tries(center: CommandCenter, wanted: LeadFilter, now: datetime) -> Tries:
    from core.store.best_hour import tries_by_hour

    key = ("tries", wanted, now.astimezone(UTC).date())
    return center.analysed(key, lambda: tries_by_hour(center.store.database, wanted, now))
