"""Dates as exports write them, several styles in one column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from core.leads.clock import CLOCK_SKEW, EARLIEST, utc_now
from core.transfer.amounts import shown

_MONTHS = {
    name: number for number, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), start=1)
}
_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "akst": -9, "akdt": -8, "hst": -10,
}  # fmt: skip
_NUMERIC: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:(?:,? +| ?T)(.+))?")
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_NAMED_FIRST: Final = re.compile(rf"([A-Za-z]{{3,9}})\.?[ -]+{_DAY},?[ -]+(\d{{4}})(?:,? +(?:at +)?(.+))?")
_DAY_FIRST: Final = re.compile(rf"{_DAY}\.?[ -]+([A-Za-z]{{3,9}})\.?,?[ -]+(\d{{4}}|\d{{2}})(?:,? +(?:at +)?(.+))?")
_WEEKDAY: Final = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? +", re.IGNORECASE)
_TIME: Final = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"(?: ?([AaPp])\.?[Mm]\.?)? ?(?:([A-Za-z]{1,4})|([+-]\d{2}):?(\d{2}))?"
)
_SERIAL_START = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's day 0, on the clock of whoever keeps it


class DateReader:
    """Reads the dates of one column.

    ``day_first`` decides what 03/04/2026 is; where only one reading is possible, that one is taken. A date without
    a zone is taken as one of ``zone``. ``latest`` is the last moment allowed (by default a day from now).
    """

    def __init__(self, day_first: bool = False, latest: datetime | None = None, zone: tzinfo = UTC) -> None:
        self.day_first, self.zone = day_first, zone
        self.latest = latest or utc_now() + CLOCK_SKEW

    def __call__(self, text: str) -> datetime:
        """Return an aware UTC moment from 2000 to ``latest``. Raises ValueError saying what is allowed.

        >>> read = DateReader(latest=datetime(2026, 12, 1, tzinfo=UTC))
        >>> [read(text).isoformat()[:16] for text in ("2026-06-08T10:28:39-07:00", "Jul 22 2026 02:09 PM")]
        ['2026-06-08T17:28', '2026-07-22T14:09']
        >>> [read(text).date().isoformat() for text in ("7/22/2026", "22.07.2026", "1784700000000", "46225")]
        ['2026-07-22', '2026-07-22', '2026-07-22', '2026-07-22']
        >>> read("7/22/1926")
        Traceback (most recent call last):
        ValueError: is '7/22/1926'; must be a date from 2000-01-01 to now
        """
        try:
            moment = self._parse(text)
            moment = (moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment).astimezone(UTC)
        except (ValueError, OverflowError, OSError, KeyError):
            raise ValueError(f"is {shown(text)}; must be a date such as 2026-07-22 or 7/22/2026") from None
        if not EARLIEST <= moment <= self.latest:
            raise ValueError(f"is {shown(text)}; must be a date from 2000-01-01 to now")
        return moment

    def _parse(self, text: str) -> datetime:
        if text[4:5] == "-":
            try:
                return datetime.fromisoformat(text)
            except ValueError:
                pass  # "2026-07-22 10:28 PM", "2026-07-22 10:28 UTC"
        if text.replace(".", "", 1).isdecimal():
            return _from_number(text)
        if found := _NUMERIC.fullmatch(text):
            return self._numeric(*found.groups())
        text = _WEEKDAY.sub("", text, count=1)
        if found := _NAMED_FIRST.fullmatch(text):
            month, day, year, time = found.groups()
        elif found := _DAY_FIRST.fullmatch(text):
            day, month, year, time = found.groups()
        else:
            raise ValueError(text)
        return _moment(int(year), _MONTHS[month[:3].lower()], int(day), time)

    def _numeric(self, first: str, mark: str, second: str, third: str, time: str | None) -> datetime:
        if len(first) == 4:
            return _moment(int(first), int(second), int(third), time)
        a, b = int(first), int(second)
        if len(first) > 2:
            raise ValueError(first)
        day_first = a > 12 or (b <= 12 and (self.day_first or mark == "."))
        day, month = (a, b) if day_first else (b, a)
        return _moment(int(third), month, day, time)


def prefers_day_first(values: Iterable[str]) -> bool | None:
    """Whether the dates among ``values`` that can be read one way only have the day first; None: no such date.

    >>> prefers_day_first(["3/4/2026", "25/4/2026"]), prefers_day_first(["3/4/2026"])
    (True, None)
    """
    votes: Counter[bool] = Counter()
    for value in values:
        found = _NUMERIC.fullmatch(value.strip())
        if found and len(found[1]) <= 2 and found[2] != ".":
            a, b = int(found[1]), int(found[3])
            if (a > 12) != (b > 12):
                votes[a > 12] += 1
    return votes[True] > votes[False] if votes else None


def _from_number(text: str) -> datetime:
    """Milliseconds or seconds since 1970, YYYYMMDD, or a spreadsheet's day number."""
    whole = text.partition(".")[0]
    if len(whole) == 13:
        return datetime.fromtimestamp(int(whole) / 1000, UTC)
    if len(whole) == 10:
        return datetime.fromtimestamp(int(whole), UTC)
    if len(whole) == 8:
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:]))  # noqa: DTZ001
    if len(whole) == 5 and len(text) < 30:
        return _SERIAL_START + timedelta(days=float(text))
    raise ValueError(text)


def _moment(year: int, month: int, day: int, time: str | None) -> datetime:
    year += 2000 if year < 100 else 0
    if not time:
        return datetime(year, month, day)  # noqa: DTZ001
    found = _TIME.fullmatch(time.strip())
    if found is None:
        raise ValueError(time)
    hour, minute, second, half, zone, hours, minutes = found.groups()
    clock = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    told = None
    if zone:
        told = timezone(timedelta(hours=_ZONES[zone.lower()]))
    elif hours:
        told = timezone(timedelta(hours=int(hours), minutes=int(hours[0] + minutes)))
    return datetime(year, month, day, clock, int(minute), int(second or 0), tzinfo=told)
