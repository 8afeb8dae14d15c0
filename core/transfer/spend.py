"""A file of what lead sources cost: channel, month, amount in US dollars; what cannot be used is said row by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.errors import FileError
from core.leads import utc_now
from core.leads.text import LINE_CHARACTERS, storable
from core.transfer.amounts import parse_line, parse_money, shown
from core.transfer.dates import DateReader, prefers_day_first
from core.transfer.dialect import Dialect, sniff
from core.transfer.headers import plain
from core.transfer.reading import read_rows
from core.transfer.records import Unreadable

NAMES: Final = {
    "channel": ("channel", "source", "leadsource", "campaignsource", "utmsource"),
    "month": ("month", "date", "period"),
    "amount": ("amountusd", "amount", "spend", "spendusd", "cost", "costusd", "usd", "adspend"),
}
MOST_ROWS: Final = 20_000
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{4})")
_NAMED: Final = re.compile(r"[A-Za-z]{3,9}\.? +\d{4}")


@dataclass(frozen=True, slots=True)
class SpendRow:
    """``amount_usd`` for ``channel`` in ``month`` (its first day), from row ``number`` of the file."""

    number: int
    channel: str
    month: date
    amount_usd: Decimal


@dataclass(frozen=True, slots=True)
class SpendFile:
    """What can be used of a file, and a sentence for each row that cannot; ``blank`` rows have no amount."""

    rows: tuple[SpendRow, ...]
    problems: tuple[str, ...]
    blank: int


def read_spend(path: Path) -> SpendFile:
    """Read the file. Raises FileError for one that is no CSV with the three columns."""
    dialect = sniff(path)
    places = {name: _place(dialect.columns, known, name) for name, known in NAMES.items()}
    rows: dict[tuple[str, date], SpendRow] = {}
    problems: list[str] = []
    blank = 0
    filled = list(_filled(path, dialect, places))
    day_first = prefers_day_first(told["month"] for _, told in filled if not isinstance(told, Unreadable)) or False
    for number, told in filled:
        if isinstance(told, Unreadable):
            problems.append(f"row {number}: {told.reason}")
            continue
        if not told["amount"]:
            blank += bool(told["channel"])
            continue
        try:
            row = _row(number, told, day_first)
        except ValueError as error:
            problems.append(f"row {number}: {error}. Correct the row.")
            continue
        twin = rows.setdefault((row.channel, row.month), row)
        if twin is not row:
            problems.append(
                f"row {number}: {shown(row.channel)} in {row.month:%Y-%m} stands in row {twin.number} too. Add them up."
            )
    return SpendFile(tuple(rows.values()), tuple(problems), blank)


def _filled(
    path: Path, dialect: Dialect, places: Mapping[str, int]
) -> Iterator[tuple[int, dict[str, str] | Unreadable]]:
    """Number and cells by name of each row. Raises FileError for too many."""
    for number, cells in read_rows(path, dialect):
        if number > MOST_ROWS:
            raise FileError(f"The file has more than {MOST_ROWS:,} rows; a row is a channel and a month.")
        if isinstance(cells, Unreadable):
            yield number, cells
        else:
            yield number, {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}


def parse_month(text: str, day_first: bool = False) -> date:
    """The first day of a month; ``day_first`` as in ``DateReader``. Raises ValueError saying what is allowed.

    >>> [str(parse_month(text)) for text in ("2026-03", "3/2026", "March 2026", "2026-03-15")]
    ['2026-03-01', '2026-03-01', '2026-03-01', '2026-03-01']
    """
    found = _YEAR_FIRST.fullmatch(text)
    other = _MONTH_FIRST.fullmatch(text)
    try:
        if found:
            day = date(int(found[1]), int(found[2]), 1)
        elif other:
            day = date(int(other[2]), int(other[1]), 1)
        else:
            words = text.replace(".", "").split() if _NAMED.fullmatch(text) else []
            day = DateReader(day_first)(f"{words[0]} 1 {words[1]}" if words else text).date().replace(day=1)
    except ValueError:
        raise ValueError(f"month is {shown(text)}; must be a month such as 2026-03") from None
    if not date(2000, 1, 1) <= day <= utc_now().date():
        raise ValueError(f"month is {shown(text)}; must be from 2000-01 to this month")
    return day


def _row(number: int, told: Mapping[str, str], day_first: bool) -> SpendRow:
    if not told["channel"]:
        raise ValueError("channel is empty; name a lead source")
    channel = _named(told["channel"])
    try:
        amount = parse_money(told["amount"])
    except ValueError as error:
        raise ValueError(f"amount {error}") from None
    return SpendRow(number, channel, parse_month(told["month"], day_first), amount)


def _named(channel: str) -> str:
    try:
        return storable(parse_line(channel, LINE_CHARACTERS))
    except ValueError as error:
        raise ValueError(f"channel {error}") from None


def _place(columns: Sequence[str], known: Sequence[str], name: str) -> int:
    for place, column in enumerate(columns):
        if plain(column) in known:
            return place
    had = ", ".join(shown(column) for column in columns[:6])
    raise FileError(f"The file has no column {name!r} (it has {had}); its columns must be channel, month, amount_usd.")
