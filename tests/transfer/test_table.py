"""Tables as files, read back by programs that did not write them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.transfer.table import Kind, Table, TableColumn, as_csv, as_xlsx

COLUMNS = tuple(TableColumn(kind.value.capitalize(), kind) for kind in Kind)
MOMENT = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
MONEY, DAYS = (Decimal("-1234.50"), Decimal("99.01")), (date(2026, 3, 2), date(2026, 3, 1))
ROW = ("=1+1", 3, 2.5, *MONEY, Decimal("0.125"), 0.41, *DAYS, MOMENT)
TABLE = Table(COLUMNS, [ROW, ("李", *[None] * 9)])


def test_a_workbook_holds_numbers_days_and_text_that_is_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE, "By stage: [open]"))).active
    assert sheet.title == "By stage open"
    head, first, second = list(sheet.iter_rows())
    assert [cell.value for cell in head] == [
        *("Text", "Count", "Number", "Money", "Ledger", "Share", "Hours, hours", "Day", "Month", "Moment")
    ]
    assert [cell.value for cell in first[:7]] == ["=1+1", 3, 2.5, -1234.5, 99.01, 0.125, 0.41]
    days = [cell.value.isoformat() for cell in first[7:]]
    assert days == ["2026-03-02T00:00:00", "2026-03-01T00:00:00", "2026-03-02T12:30:00"]
    assert [cell.data_type for cell in first] == ["s", *["n"] * 6, "d", "d", "d"]
    assert all(first[place].number_format.startswith('"$"#,##0.00') for place in (3, 4))
    assert first[5].number_format == "0.0%"
    assert first[8].number_format == "mmm yyyy"
    assert [cell.value for cell in second] == ["李", *[None] * 9]


def test_a_csv_holds_nothing_that_a_spreadsheet_runs() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(TABLE).decode("utf-8-sig"))))
    told = ["'=1+1", "3", "2.5", "-1234.50", "99.01", "0.125", "0.41", "2026-03-02", "2026-03-01"]
    assert rows[1] == [*told, "2026-03-02T12:30:00+00:00"]
    assert rows[2] == ["李", *[""] * 9]


def test_a_row_that_does_not_fit_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells; must have 2"):
        Table(COLUMNS[:2], [("a",)])
