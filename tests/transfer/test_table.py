"""Tables as files, read back by programs that did not write them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from core.reports.document import cell_words
from core.store.figures.speed import WaitingLead
from core.transfer.table import Kind, Table, TableColumn, as_csv, as_xlsx
from pages.components.advanced_analytics import speed_waiting

COLUMNS = tuple(TableColumn(kind.value.capitalize(), kind) for kind in Kind)
MOMENT = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
MONEY, DAYS = (Decimal("-1234.50"), Decimal("99.01")), (date(2026, 3, 2), date(2026, 3, 1))
ROW = ("=1+1", 3, 2.5, *MONEY, Decimal("0.125"), 0.41, *DAYS, MOMENT, 12.34, 82.49)
TABLE = Table(COLUMNS, [ROW, ("李", *[None] * 11)])


def test_a_workbook_holds_numbers_days_and_text_that_is_no_formula() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE, "By stage: [open]"))).active
    assert sheet.title == "By stage open"
    head, first, second = list(sheet.iter_rows())
    assert [cell.value for cell in head] == [
        *(
            "Text",
            "Count",
            "Number",
            "Money",
            "Ledger",
            "Share",
            "Hours, hours",
            "Day",
            "Month",
            "Moment",
            "Days, days",
            "Score",
        )
    ]
    assert [cell.value for cell in first[:7]] == ["=1+1", 3, 2.5, -1234.5, 99.01, 0.125, 0.41]
    days = [cell.value.isoformat() for cell in first[7:10]]
    assert days == ["2026-03-02T00:00:00", "2026-03-01T00:00:00", "2026-03-02T12:30:00"]
    assert [cell.data_type for cell in first] == ["s", *["n"] * 6, "d", "d", "d", "n", "n"]
    assert [first[place].number_format.split(";")[0] for place in (3, 4)] == ['"$"#,##0', '"$"#,##0.00']
    assert first[5].number_format == "0.0%"
    assert first[8].number_format == "mmm yyyy"
    assert [cell.value for cell in second] == ["李", *[None] * 11]


def test_an_estimate_holds_all_its_digits_and_shows_those_of_the_screen() -> None:
    estimates: list[Decimal | float] = [Decimal("42188.84"), Decimal("0.16"), Decimal(0), -99.4, 100.0]
    table = Table((TableColumn("Expected", Kind.MONEY),), [(one,) for one in estimates])
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table, "Areas"))).active
    cells = [row[0] for row in list(sheet.iter_rows())[1:]]
    assert [cell.value for cell in cells] == [42188.84, 0.16, 0, -99.4, 100]
    to_the_cent = [".00" in cell.number_format for cell in cells]
    assert to_the_cent == [False, True, False, True, False]  # $42,189 $0.16 $0 -$99.40 $100


def test_a_csv_holds_nothing_that_a_spreadsheet_runs() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(TABLE).decode("utf-8-sig"))))
    told = ["'=1+1", "3", "2.5", "-1234.50", "99.01", "0.125", "0.41", "2026-03-02", "2026-03-01"]
    assert rows[1] == [*told, "2026-03-02T12:30:00+00:00", "12.34", "82.49"]
    assert rows[2] == ["李", *[""] * 11]


def test_a_row_that_does_not_fit_the_head_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells; must have 2"):
        Table(COLUMNS[:2], [("a",)])


def test_a_score_leaves_the_screen_as_it_is_and_a_length_of_time_with_its_unit() -> None:
    row = speed_waiting._row(WaitingLead("a", "Ana", None, None, None, 0.8249, None, None))
    assert row[5] == pytest.approx(82.49)
    table = Table((TableColumn("Half within", Kind.DAYS), TableColumn("Score", Kind.SCORE)), [(12.34, row[5])])
    assert as_csv(table).decode("utf-8-sig").splitlines()[0] == '"Half within, days","Score"'
    assert cell_words(row[5], Kind.SCORE, UTC) == "82"
