"""Moments on a clock of a place: many at once, by the hour."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.analytics.survival import Array
from core.leads.clock import EPOCH


def local_hours(utc_days: Array, zone: ZoneInfo) -> NDArray[np.int64]:
    """Whole hours since 1 January 1970, 0:00, on the clock of ``zone`` of moments in days since 1970 in UTC.

    Of an hour that the clock shows twice, both count as that hour. The clock is read once for each quarter of an hour,
    as no zone's offset changes within one.

    >>> local_hours(np.array([20_514.25]), ZoneInfo("America/Chicago")) - 20_514 * 24  # 6:00 in UTC
    array([0])
    """
    quarters, place = np.unique(np.floor(utc_days * 96.0 + 1e-6).astype(np.int64), return_inverse=True)
    shown = [EPOCH + timedelta(minutes=15 * int(quarter)) for quarter in quarters]
    shift = np.array([(moment.astimezone(zone).utcoffset() or timedelta()).total_seconds() for moment in shown])
    hours = np.floor_divide(quarters * 900 + shift.astype(np.int64), 3600)
    local: NDArray[np.int64] = hours[place]
    return local


def hour_of_day(local: NDArray[np.int64]) -> NDArray[np.int64]:
    """The hour of the day, 0 to 23, of hours of ``local_hours``."""
    return local % 24


def weekday(local: NDArray[np.int64]) -> NDArray[np.int64]:
    """The day of the week, 0 for Monday to 6, of hours of ``local_hours``: 1 January 1970 was a Thursday.

    >>> weekday(np.array([0, 24 * 4]))
    array([3, 0])
    """
    return (local // 24 + 3) % 7
