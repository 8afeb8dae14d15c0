"""The best hour to call: how often tries are answered by hour and weekday on the viewer's clock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.leads import utc_now
from core.services.access import Right, for_right
from core.store import LeadFilter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.analytics.best_hour import Rate, Slots
    from core.services.center import CommandCenter
    from core.store.figures.best_hour import Tries


class Way(StrEnum):
    """What counts as a try."""

    ALL = "calls and messages"
    CALLS = "calls"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class BestHour:
    """Rates of 24 hours, of 7 weekdays (Monday first) and of each hour of each weekday, of the last ``days``.

    ``leads_of_hours`` and so on: how many leads were tried then. Who was tried twice in an hour counts once.
    """

    days: int
    tries: int
    answered: int
    hours: Slots
    weekdays: Slots
    week: tuple[tuple[Rate, ...], ...]
    leads_of_hours: tuple[int, ...]
    leads_of_weekdays: tuple[int, ...]
    leads_of_week: tuple[tuple[int, ...], ...]


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


@for_right(Right.MONEY)
def tried(
    center: CommandCenter,
    wanted: LeadFilter,
    way: Way,
    zone: ZoneInfo,
    hours: Collection[int] = (),
    weekdays: Collection[int] = (),
) -> tuple[str, ...]:
    """The leads that were tried in one of ``hours`` on one of ``weekdays``; either may be empty: any.

    Raises StoreUnavailable.
    """
    import numpy as np

    found = _tries(center, wanted, utc_now())
    lead, place = _tried_when(found, way, zone)
    inside = np.isin(place % 24, list(hours) or range(24)) & np.isin(place // 24, list(weekdays) or range(7))
    return tuple(found.lead_ids[one] for one in np.unique(lead[inside]).tolist())


def _tried_when(found: Tries, way: Way, zone: ZoneInfo) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each lead that was tried in an hour of the week, with the place of that hour."""
    import numpy as np

    kept = np.ones(len(found.lead), dtype=bool) if way is Way.ALL else found.call == (way is Way.CALLS)
    return found.lead[kept], _hour_of_week(found.hour[kept], zone)


def _hour_of_week(hours: NDArray[np.float64], zone: ZoneInfo) -> NDArray[np.int64]:
    """The place in the week of ``zone`` of each of ``hours`` since 1970: 0 is Monday's first."""
    from core.analytics.clock import hour_of_day, local_hours, weekday

    local = local_hours(hours / 24.0, zone)
    return 24 * weekday(local) + hour_of_day(local)


def _leads_of(lead: NDArray[np.int64], slot: NDArray[np.int64], slots: int) -> tuple[int, ...]:
    """How many leads were tried in each of ``slots``."""
    import numpy as np

    once = np.unique(lead * slots + slot)
    return tuple(np.bincount(once % slots, minlength=slots).tolist())


def _best_hour(center: CommandCenter, wanted: LeadFilter, way: Way, zone: ZoneInfo, now: datetime) -> BestHour | None:
    import numpy as np

    from core.analytics.best_hour import compared, rates_of

    found = _tries(center, wanted, now)
    kept = [one for one in found.hours if way is Way.ALL or one.call is (way is Way.CALLS)]
    if not kept:
        return None
    place = _hour_of_week(np.array([one.hour for one in kept]), zone)
    tries, answered = np.zeros(168, dtype=np.int64), np.zeros(168, dtype=np.int64)
    np.add.at(tries, place, [one.tries for one in kept])
    np.add.at(answered, place, [one.answered for one in kept])
    by_day, answered_by_day = tries.reshape(7, 24), answered.reshape(7, 24)
    hours, weekdays = compared([(answered_by_day.sum(0), by_day.sum(0)), (answered_by_day.sum(1), by_day.sum(1))])
    cells = rates_of(answered, tries)
    week = tuple(cells[24 * day : 24 * day + 24] for day in range(7))
    lead, slot = _tried_when(found, way, zone)
    leads = _leads_of(lead, slot, 168)
    return BestHour(
        found.days, int(tries.sum()), int(answered.sum()), hours, weekdays, week,
        _leads_of(lead, slot % 24, 24), _leads_of(lead, slot // 24, 7),
        tuple(leads[24 * day : 24 * day + 24] for day in range(7)),
    )  # fmt: skip


def _tries(center: CommandCenter, wanted: LeadFilter, now: datetime) -> Tries:
    from core.store.figures.best_hour import tries_by_hour

    key = ("tries", wanted, now.astimezone(UTC).date())
    return center.analysed(key, lambda: tries_by_hour(center.store.database, wanted, now))
