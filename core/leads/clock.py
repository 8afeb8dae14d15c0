"""Times are aware and in UTC, and lie in the years in which a lead can have been made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)  # a sender's clock or zone may be off by this much


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def hour_begun(moment: datetime) -> datetime:
    """When the hour of ``moment`` (aware) began, in UTC.

    What is kept for an hour counts to this moment, so that a figure and the list of its leads agree.

    >>> hour_begun(datetime(2026, 1, 2, 3, 45, tzinfo=UTC)).isoformat()
    '2026-01-02T03:00:00+00:00'
    """
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_begun(moment: datetime) -> datetime:
    """When the day of ``moment`` (aware) began, in UTC.

    >>> day_begun(datetime.fromisoformat("2026-01-02T23:30:00-06:00")).isoformat()
    '2026-01-03T00:00:00+00:00'
    """
    return hour_begun(moment).replace(hour=0)


def month_after(day: date) -> date:
    """The first day of the month that follows that of ``day``.

    >>> month_after(date(2026, 1, 31)).isoformat(), month_after(date(2026, 12, 1)).isoformat()
    ('2026-02-01', '2027-01-01')
    """
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def in_days(moment: datetime) -> float:
    """``moment`` (aware) in days since 1970 in UTC, as the analyses count.

    >>> in_days(datetime(1970, 1, 3, 6, tzinfo=UTC))
    2.25
    """
    return (moment - EPOCH) / timedelta(days=1)


def of_days(days: float) -> datetime:
    """The moment, in UTC, that lies ``days`` after the beginning of 1970; the way back from ``in_days``.

    >>> of_days(2.25).isoformat()
    '1970-01-03T06:00:00+00:00'
    """
    return EPOCH + timedelta(days=days)


def in_utc(moment: datetime) -> datetime:
    """Return ``moment`` in UTC; a naive one is taken as UTC. Raises ValueError where UTC leaves the calendar.

    >>> in_utc(datetime.fromisoformat("2026-01-02T03:00:00+01:00")).isoformat()
    '2026-01-02T02:00:00+00:00'
    """
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"is {moment.isoformat()}; must be between 2000-01-01 and now") from error


def in_lead_years(moment: datetime) -> datetime:
    """Return ``moment`` in UTC; a naive one is taken as UTC.

    Raises ValueError before 2000 and more than a day in the future.

    >>> in_lead_years(datetime(2026, 1, 2, 3)).isoformat()
    '2026-01-02T03:00:00+00:00'
    """
    moment = in_utc(moment)
    if not EARLIEST <= moment <= utc_now() + CLOCK_SKEW:
        raise ValueError(f"is {moment.isoformat()}; must be between 2000-01-01 and now")
    return moment


UtcTime = Annotated[datetime, AfterValidator(in_lead_years)]
