"""What stands in a report, whatever file it becomes. All text is plain: no format reads it as markup."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from core.charts.forecast import ForecastBar
from core.transfer.table import Kind, Table, Value
from core.words import day_words, dollars, dollars_and_cents, duration, month_words

_ELLIPSIS: Final = "…"
_UNSEEN: Final = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls, turners of the writing direction, halves of a character


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its name, and what it stands on."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RangeChart:
    """Windows with low, middle and high; ``unit`` names the vertical axis, ``money`` says whether it is US dollars."""

    title: str
    unit: str
    money: bool
    bars: tuple[ForecastBar, ...]


@dataclass(frozen=True, slots=True)
class PairChart:
    """Two values for each label, such as this week's and the week before's; ``names`` are theirs."""

    title: str
    unit: str
    money: bool
    names: tuple[str, str]
    rows: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class BridgeChart:
    """From ``before`` by ``steps`` to ``after``, in US dollars; ``ends`` name the two."""

    title: str
    ends: tuple[str, str]
    before: float
    steps: tuple[tuple[str, float], ...]
    after: float


Chart = RangeChart | PairChart | BridgeChart


def has_values(chart: Chart | None) -> bool:
    """Whether there is anything to draw."""
    if isinstance(chart, RangeChart):
        return bool(chart.bars)
    return bool(chart.rows) if isinstance(chart, PairChart) else chart is not None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: sentences, figures, a chart, a table with its name, and in ``note`` how it was made.

    ``missing`` says what is lacking; it may stand alone.
    """

    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    chart: Chart | None = None
    table: Table | None = None
    table_title: str = ""
    note: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """``heading`` tells period and filters; moments are written on the clock of ``zone``."""

    title: str
    heading: tuple[str, ...]
    made_at: datetime
    zone: tzinfo
    sections: tuple[Section, ...]

    @property
    def made(self) -> str:
        """Day and time on the team's clock."""
        seen = self.made_at.astimezone(self.zone)
        return f"{day_words(seen)}, {seen:%H:%M} ({zone_words(self.zone, seen)})"


def zone_words(zone: tzinfo, moment: datetime) -> str:
    """How a zone is called.

    >>> from datetime import UTC
    >>> zone_words(UTC, datetime(2026, 1, 1, tzinfo=UTC))
    'UTC'
    """
    return str(getattr(zone, "key", None) or moment.tzname() or zone)


def printable(text: str, most: int) -> str:
    """``text`` on one line, without what cannot be seen, and at most ``most`` characters long.

    >>> printable("Ana\\n\\u202eLima\\x00", 20), printable("a" * 30, 10)
    ('Ana Lima', 'aaaaaaaaa…')
    """
    seen = "".join(" " if letter.isspace() else letter for letter in text[: 4 * most] if _visible(letter))
    line = " ".join(seen.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + _ELLIPSIS


def _visible(letter: str) -> bool:
    return letter.isspace() or not (unicodedata.category(letter) in _UNSEEN or "\ufe00" <= letter <= "\ufe0f")


def cell_words(value: Value, kind: Kind, zone: tzinfo) -> str:
    """The cell of a table as text; empty where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        seen = value.astimezone(zone)
        return f"{seen:%b} {seen.day}, {seen:%H:%M}"
    if isinstance(value, date):
        return month_words(value) if kind is Kind.MONTH else day_words(value)
    if isinstance(value, str):
        return value
    number = float(value)
    shapes = {
        Kind.MONEY: dollars(number),
        Kind.LEDGER: dollars_and_cents(number),
        Kind.SHARE: f"{100 * number:.1f} %",
        Kind.NUMBER: f"{number:,.1f}",
        Kind.HOURS: duration(number),
        Kind.DAYS: duration(24 * number),
        Kind.SCORE: f"{number:.0f}",
    }
    return shapes.get(kind) or f"{number:,.0f}"


def is_number(kind: Kind) -> bool:
    """Whether a column of this kind is set to the right."""
    return kind in (Kind.COUNT, Kind.NUMBER, Kind.MONEY, Kind.LEDGER, Kind.SHARE, Kind.HOURS, Kind.DAYS, Kind.SCORE)
