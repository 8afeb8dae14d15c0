"""Reports read back: what they say, and that nothing in a name breaks or escapes."""

from __future__ import annotations

import io
from datetime import UTC, date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from core.reports.axis import ticks
from core.reports.deck import as_deck
from core.reports.document import PairChart, Report, Section, cell_words, is_number, printable
from core.reports.pdf import as_pdf
from core.transfer.table import Kind
from tests.reports.made import HOSTILE, MADE_AT, report


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def shapes(content: bytes) -> list[Any]:
    return [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]


def deck_text(content: bytes) -> str:
    found = []
    for shape in shapes(content):
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.fixture(scope="module")
def hostile_pdf() -> bytes:
    return as_pdf(report(rows=6))


@pytest.fixture(scope="module")
def hostile_deck() -> bytes:
    return as_deck(report(rows=6))


def test_every_page_says_its_number_and_the_report_its_day(hostile_pdf: bytes) -> None:
    pages = PdfReader(io.BytesIO(hostile_pdf)).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page.extract_text()
    assert "Made Nov 23, 2026, 07:05 (America/Chicago)" in pages[0].extract_text()  # 13:05 UTC less six hours


def test_the_number_of_a_page_ends_at_its_right_edge(hostile_pdf: bytes) -> None:
    page = PdfReader(io.BytesIO(hostile_pdf)).pages[0]
    starts: list[float] = []
    page.extract_text(visitor_text=lambda text, _, at, *__: starts.append(at[4]) if "Page 1 of" in text else None)
    # Letter is 612 points wide, the margin 16 mm = 45; twelve letters of 7.5 points are about 48 wide
    assert starts
    assert 612 - 45 - 60 < starts[0] < 612 - 45 - 36


def test_text_of_others_stands_in_the_pdf_as_it_is(hostile_pdf: bytes) -> None:
    text = pdf_text(hostile_pdf)
    assert "<b>bold</b> **stars** [link](javascript:alert(1)) {nb}" in text
    for name in ("שלום", "李小龙 김민수 山田", '=HYPERLINK("http://example.org")'):
        assert name in text
    assert "\u202e" not in text
    reader = PdfReader(io.BytesIO(hostile_pdf))
    assert not any("/Annots" in page for page in reader.pages)  # no link came of it
    assert "ไทย" not in text  # neither font has Thai: a mark stands for each letter
    assert "\ufffd" in text


def test_the_head_of_a_table_comes_again_on_its_next_page(hostile_pdf: bytes) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(hostile_pdf)).pages]
    assert sum("Agent\nSeen" in page or "Agent Seen" in page for page in pages) >= 2


def test_nothing_on_a_slide_reaches_beyond_it(hostile_deck: bytes) -> None:
    deck = Presentation(io.BytesIO(hostile_deck))
    for shape in shapes(hostile_deck):
        assert shape.left >= 0
        assert shape.top >= 0
        assert shape.left + shape.width <= deck.slide_width
        assert shape.top + shape.height <= deck.slide_height


def test_slides_hold_text_of_others_as_text(hostile_deck: bytes) -> None:
    text = deck_text(hostile_deck)
    assert "<b>bold</b> **stars** [link](javascript:alert(1)) {nb}" in text
    assert "שלום עולם" in text
    assert "1 of 6" in text
    assert max(len(line) for line in text.splitlines()) <= 300


def test_the_charts_of_the_slides_hold_the_numbers(hostile_deck: bytes) -> None:
    ranges, pairs, bridge = (shape.chart for shape in shapes(hostile_deck) if shape.has_chart)
    assert [(one.name, one.values[0]) for one in ranges.plots[0].series] == [
        ("Low", 1000),
        ("Middle", 2500),
        ("High", 4000),
    ]
    assert [(one.name, one.values[0]) for one in pairs.plots[0].series] == [("This week", 7.0), ("Before", 3.0)]
    # 900, +100 -100 +100 -100 +100 -100, 900: what hides under each column, then what is seen of it
    hidden, ends, more, less = (list(one.values) for one in bridge.plots[0].series)
    assert hidden == [0, 900, 900, 900, 900, 900, 900, 0]
    assert (ends[0], ends[-1], more, less) == (900, 900, [0, 100, 0, 100, 0, 100, 0, 0], [0, 0, 100, 0, 100, 0, 100, 0])


RUN_BY_A_SHEET = (
    '=HYPERLINK("http://a.b")', "=cmd|'/C calc'!A0", "{=1+1}", "+1-555", "@SUM(1)", "-2+3", "http://a.b/c",
    "HTTPS://a.b", "ftp://a.b", "file://a.b/c", "mailto:a@b.co", "internal:Sheet1!A1", "external:c.xlsx",
)  # fmt: skip


def test_the_workbooks_behind_the_charts_hold_no_formula_and_no_link() -> None:
    content = as_deck(report(names=RUN_BY_A_SHEET))
    charts = [shape.chart for shape in shapes(content) if shape.has_chart]
    assert len(charts) == 3
    for chart in charts:
        sheet = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert [cell.value for cell in cells if cell.hyperlink is not None] == []
    labels = [str(label) for label in charts[0].plots[0].categories]
    assert labels == [f"'{name if len(name) <= 24 else name[:23] + '…'}" for name in RUN_BY_A_SHEET[:12]]


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (Decimal("42188.84"), Kind.MONEY, "$42,189"),
        (Decimal("0.16"), Kind.MONEY, "$0.16"),
        (Decimal("1234.50"), Kind.LEDGER, "$1,234.50"),
        (-1200, Kind.LEDGER, "-$1,200.00"),
        (0.41, Kind.HOURS, "25 min"),  # 60 x 0.41 = 24.6
        (30.0, Kind.HOURS, "30 h"),
        (date(2026, 3, 1), Kind.MONTH, "Mar 2026"),
        (None, Kind.HOURS, ""),
    ],
)
def test_a_cell_of_a_report_says_what_the_table_of_a_page_says(value: Any, kind: Kind, told: str) -> None:
    assert cell_words(value, kind, UTC) == told
    assert is_number(kind) == (kind is not Kind.MONTH)


def test_times_below_an_hour_stand_beside_their_bars() -> None:
    times = PairChart("Hours to the first answer", "Hours", False, ("Now", "Before"), (("Ana", 0.4, 2.75),))
    one = Report("Weekly report", (), MADE_AT, UTC, (Section("Part", chart=times),))
    words = pdf_text(as_pdf(one)).split()
    assert "0.4" in words
    assert "2.8" in words
    (chart,) = (shape.chart for shape in shapes(as_deck(one)) if shape.has_chart)
    assert chart.value_axis.tick_labels.number_format.endswith("General")  # its steps are halves of an hour


def test_a_report_without_parts_and_charts_without_values_are_files_too() -> None:
    bare = Report("Weekly report", (), MADE_AT, MADE_AT.tzinfo, ())  # type: ignore[arg-type]
    none = PairChart("Nothing", "Leads", False, ("Now", "Before"), ())
    empty = Report("Weekly report", (), MADE_AT, MADE_AT.tzinfo, (Section("Part", chart=none),))  # type: ignore[arg-type]
    for one in (bare, empty):
        assert "Weekly report" in pdf_text(as_pdf(one))
        assert "Weekly report" in deck_text(as_deck(one))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(1, 40))
def test_printable_is_one_short_line_that_xml_takes(text: str, most: int) -> None:
    line = printable(text, most)
    assert len(line) <= most
    assert not any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in line)
    assert printable(line, most) == line


@given(st.floats(-1e9, 0), st.floats(0, 1e9))
def test_ticks_hold_the_values_in_few_even_steps(low: float, high: float) -> None:
    edges = ticks(low, high)
    slack = 1e-6 * max(1.0, high - low)
    assert 2 <= len(edges) <= 9
    assert edges[-1] >= high - slack
    assert edges[0] <= low + slack


def test_hostile_names_are_as_hostile_as_said() -> None:
    assert max(len(name) for name in HOSTILE) == 2_000
