"""A table of a screen as a file: CSV with cells that no spreadsheet runs, Excel with a type for every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from core.transfer.defuse import defuse

Value = str | int | float | Decimal | date | datetime | None


class Kind(StrEnum):
    """What a column holds.

    ``SHARE`` is in [0, 1], ``MOMENT`` an aware time, written in UTC, ``MONTH`` the first day of one. ``MONEY`` is an
    estimate in US dollars, shown in whole ones; ``LEDGER`` a sum that is exact to the cent. ``SCORE`` is a lead's, of
    100, shown in whole points; ``HOURS`` and ``DAYS`` are lengths of time, shown in words.
    """

    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    MONEY = "money"
    LEDGER = "ledger"
    SHARE = "share"
    HOURS = "hours"
    DAY = "day"
    MONTH = "month"
    MOMENT = "moment"
    DAYS = "days"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The head of a column and what its cells hold."""

    label: str
    kind: Kind = Kind.TEXT

    @property
    def head(self) -> str:
        """The label in a file, where numbers stand without their unit."""
        return f"{self.label}, {self.kind.value}" if self.kind in (Kind.HOURS, Kind.DAYS) else self.label


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; None is an empty cell. Raises ValueError for a row that is longer or shorter than the head."""

    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[Value]]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise ValueError(f"row {number} has {len(row)} cells; must have {len(self.columns)}")


_FORMATS: Final = {
    Kind.COUNT: "#,##0",
    Kind.NUMBER: "#,##0.00",
    Kind.MONEY: '"$"#,##0;[Red]-"$"#,##0',
    Kind.LEDGER: '"$"#,##0.00;[Red]-"$"#,##0.00',
    Kind.SHARE: "0.0%",
    Kind.HOURS: "#,##0.00",
    Kind.DAYS: "#,##0.00",
    Kind.SCORE: "0.0",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MONTH: "mmm yyyy",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
}
_SHEET_CHARACTERS: Final = 31
_MOST_TEXT: Final = 32_767  # of a cell in Excel


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte-order mark, so that Excel reads names right; text that a spreadsheet would run gets a ``'``.

    >>> as_csv(Table((TableColumn("Agent"), TableColumn("GCI", Kind.MONEY)), [("=A1", Decimal("-2.50"))])).decode()
    '\\ufeff"Agent","GCI"\\r\\n"\\'=A1","-2.50"\\r\\n'
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([defuse(column.head) for column in table.columns])
    writer.writerows([_text(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig", "backslashreplace")


def as_xlsx(table: Table, sheet: str) -> bytes:
    """A workbook with one sheet: numbers, money, shares and days as such, text as text and never as a formula."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True}) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({"bold": True, "bottom": 1})
        formats = {kind: book.add_format({"num_format": told}) for kind, told in _FORMATS.items()}
        for place, column in enumerate(table.columns):
            page.write_string(0, place, column.head, bold)
            for line, row in enumerate(table.rows, 1):
                _write(page, line, place, row[place], formats.get(_shown_as(row[place], column.kind)))
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, len(table.rows), max(0, len(table.columns) - 1))
        page.autofit()
    return out.getvalue()


def _text(value: Value) -> str:
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return "" if value is None else str(value)


def _shown_as(value: Value, kind: Kind) -> Kind:
    """Estimates below a hundred dollars have their cents, as on the screen; the cell holds all digits either way."""
    if kind is Kind.MONEY and isinstance(value, int | float | Decimal) and -100 < value < 100 and value:
        return Kind.LEDGER
    return kind


def _write(page: Any, line: int, place: int, value: Value, look: Any) -> None:
    if value is None:
        page.write_blank(line, place, None, look)
    elif isinstance(value, str):
        page.write_string(line, place, value[:_MOST_TEXT])
    elif isinstance(value, datetime):
        page.write_datetime(line, place, value.astimezone(UTC), look)
    elif isinstance(value, date):
        page.write_datetime(line, place, value, look)
    else:
        page.write_number(line, place, value, look)


def _sheet_name(name: str) -> str:
    """What Excel takes as the name of a sheet.

    >>> _sheet_name("By stage: [open]/now")
    'By stage open now'
    """
    plain = "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)
    return " ".join(plain.split())[:_SHEET_CHARACTERS] or "Sheet1"
