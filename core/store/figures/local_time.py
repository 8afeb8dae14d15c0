"""The hour and the weekday that a clock of some place showed, as a part of a query that both databases understand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, case, cast, extract, func, literal, type_coerce

from core.leads import utc_now
from core.leads.clock import day_begun

_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)  # no lead arrived earlier
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_DAY_S, _HOUR_S, _MICROS = 86_400, 3_600, 1_000_000


def local_hour(moment: ColumnElement[Any], zone: str, dialect: str) -> ColumnElement[int]:
    """The hour of the day, 0 to 23, of ``moment`` on the clock of ``zone``; NULL for no moment."""
    return (_local_seconds(moment, zone, dialect) // _HOUR_S) % 24


def local_weekday(moment: ColumnElement[Any], zone: str, dialect: str) -> ColumnElement[int]:
    """The day of the week, 0 for Monday to 6: 1 January 1970 was a Thursday."""
    return (_local_seconds(moment, zone, dialect) // _DAY_S + 3) % 7


def _local_seconds(moment: ColumnElement[Any], zone: str, dialect: str) -> ColumnElement[int]:
    """Seconds since 1970 as the clock shows them. SQLite knows no zones, so the zone's changes are told to both."""
    if dialect == "postgresql":
        seconds: ColumnElement[int] = cast(func.floor(extract("epoch", moment)), BigInteger)
    else:
        seconds = type_coerce(moment, BigInteger) // _MICROS
    first, *changes = _offsets(zone)
    if not changes:
        return seconds + first[1]
    steps = ((moment >= start, literal(offset_s)) for start, offset_s in reversed(changes))  # most leads are young
    return seconds + case(*steps, else_=first[1])


@lru_cache(maxsize=16)
def _offsets_until(zone: str, end: datetime) -> tuple[tuple[datetime, int], ...]:
    """From when on which seconds lie between the clock and UTC, from 2000 until ``end``, oldest first."""
    clock = ZoneInfo(zone)
    day = _FIRST
    found = [(day, _offset_s(day, clock))]
    while day < end:
        after = day + _DAY
        if (offset_s := _offset_s(after, clock)) != found[-1][1]:
            found.append((_change(day, after, clock), offset_s))
        day = after
    return tuple(found)


def _offsets(zone: str) -> tuple[tuple[datetime, int], ...]:
    return _offsets_until(zone, day_begun(utc_now()) + 2 * _DAY)


def _change(before: datetime, after: datetime, clock: ZoneInfo) -> datetime:
    """The first second between two moments with the offset of the later one."""
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        before, after = (before, middle) if _offset_s(middle, clock) == _offset_s(after, clock) else (middle, after)
    return after


def _offset_s(moment: datetime, clock: ZoneInfo) -> int:
    return round((moment.astimezone(clock).utcoffset() or timedelta()).total_seconds())
