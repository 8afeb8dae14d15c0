"""The report as a PDF: Letter pages with their numbers, charts drawn as vectors, text that can be searched."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.charts.palette import NEUTRAL, PRIMARY
from core.reports.document import Figure, Report, Section, cell_words, has_values, is_number, printable
from core.transfer.table import Kind, Table

if TYPE_CHECKING:
    from core.reports.page import Page

FONTS: Final = Path(__file__).parent / "fonts"
CELL, LINE, HEAD = 70, 600, 160  # most characters of a cell, a sentence and a heading
_TEXT: Final = "#1F2A2E"
_FAINT: Final = "#F1F5F5"
_GAP: Final = 3.0


def as_pdf(report: Report) -> bytes:
    """The bytes of the file."""
    from core.reports.page import Page

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # it would write the characters that it lacks into the log
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    page = Page(printable(report.title, HEAD), report.made, report.made_at)
    _front(page, report)
    for section in report.sections:
        _section(page, section, report)
    return page.bytes()


def _front(page: Page, report: Report) -> None:
    page.add_page()
    page.says(report.title, size=20, bold=True, color=PRIMARY, most=HEAD)
    for line in (*report.heading, f"Made {report.made}"):
        page.says(line, size=9.5, color=NEUTRAL, most=LINE)
    page.ln(_GAP)


def _section(page: Page, section: Section, report: Report) -> None:
    page.keep(60 if section.chart or section.figures else 30)
    page.ln(_GAP)
    page.says(section.title, size=14, bold=True, color=_TEXT, most=HEAD)
    page.rule(PRIMARY)
    if section.missing:
        page.says(section.missing, size=9.5, color=_TEXT, most=LINE)
    for sentence in section.sentences:
        page.says(sentence, size=9.5, color=_TEXT, most=LINE)
    if section.figures:
        _figures(page, section.figures)
    if section.chart is not None and has_values(section.chart):
        from core.reports.pdf_charts import draw

        draw(page, section.chart)
    if section.table is not None and section.table.rows:
        _table(page, section.table, section.table_title, report)
    if section.note:
        page.ln(1)
        page.says(section.note, size=7.5, color=NEUTRAL, most=LINE)


def _figures(page: Page, figures: tuple[Figure, ...]) -> None:
    """Boxes side by side, at most four in a line."""
    page.ln(1.5)
    for start in range(0, len(figures), 4):
        line = figures[start : start + 4]
        page.keep(24)
        width, top = page.epw / max(len(line), 3), page.get_y()
        for place, one in enumerate(line):
            left = page.l_margin + place * width
            page.box(left, top, width - 2, 20, _FAINT)
            page.at(left + 2, top + 1.5, one.label, size=7.5, color=NEUTRAL, width=width - 6)
            page.at(left + 2, top + 6, one.value, size=13, bold=True, color=_TEXT, width=width - 6)
            page.at(left + 2, top + 13.5, one.note, size=6.5, color=NEUTRAL, width=width - 6, lines=2)
        page.set_y(top + 22)


def _table(page: Page, table: Table, title: str, report: Report) -> None:
    page.ln(1.5)
    page.keep(25)
    if title:
        page.says(title, size=9.5, bold=True, color=_TEXT, most=HEAD)
    rows = [
        [
            printable(cell_words(value, column.kind, report.zone), CELL)
            for value, column in zip(row, table.columns, strict=True)
        ]
        for row in table.rows
    ]
    head, right = [column.label for column in table.columns], [is_number(column.kind) for column in table.columns]
    page.table_of(head, rows, right, _widths(table, rows))


def _widths(table: Table, rows: list[list[str]]) -> list[float]:
    """A column is as wide as its longest cell asks for, within bounds."""
    widths = []
    for place, column in enumerate(table.columns):
        longest = max((len(row[place]) for row in rows), default=0)
        widths.append(float(min(max(longest, len(column.label), 9), 34 if column.kind is Kind.TEXT else 16)))
    return widths
