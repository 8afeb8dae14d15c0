"""Times are aware and in UTC, and lie in the years in which a lead can have been made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)  # a sender's clock or zone may be off by this much


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


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
