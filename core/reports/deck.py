"""The report as slides for a meeting: charts are PowerPoint's own, so their numbers can be seen and changed there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from core.charts.palette import NEUTRAL, PRIMARY
from core.reports.document import Figure, Report, Section, cell_words, has_values, is_number, printable
from core.transfer.table import Table

if TYPE_CHECKING:
    from pptx.slide import Slide

MOST_ROWS, MOST_LINES = 12, 9
CELL, LINE, BESIDE, HEAD = 48, 300, 160, 90
_WIDE, _TALL, _MARGIN = 13.333, 7.5, 0.6  # inches
_TEXT, _FAINT = "1F2A2E", "F1F5F5"


def as_deck(report: Report) -> bytes:
    """The bytes of a .pptx file with a slide for each section, and further ones for its table."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_TALL)
    core = deck.core_properties
    core.title, core.author = printable(report.title, HEAD), "Jorge"
    core.created = core.modified = report.made_at.replace(tzinfo=None)
    blank = deck.slide_layouts[5]  # a title, and nothing else
    _front(deck.slides.add_slide(blank), report)
    for section in report.sections:
        table = section.table if section.table is not None and section.table.rows else None
        if table is None or section.figures or has_values(section.chart):
            _first(deck.slides.add_slide(blank), section)
        if table is not None:
            _table(deck.slides.add_slide(blank), section, table, report)
    total = len(deck.slides)
    for number, slide in enumerate(deck.slides, 1):
        foot = f"{printable(report.title, HEAD)} · {report.made}"
        _says(slide, (_MARGIN, 7.05, 10.0, 0.3), [foot], 10, NEUTRAL)
        _says(slide, (_WIDE - 2.6, 7.05, 2.0, 0.3), [f"{number} of {total}"], 10, NEUTRAL, right=True)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _front(slide: Slide, report: Report) -> None:
    _title(slide, report.title, top=2.2, size=40)
    _says(slide, (_MARGIN, 3.4, 12.0, 2.0), [*report.heading, f"Made {report.made}"], 18, NEUTRAL)


def _first(slide: Slide, section: Section) -> None:
    from core.reports.deck_charts import add_chart

    _title(slide, section.title)
    top = 1.25
    lines = [line for line in (section.missing, *section.sentences) if line]
    if section.figures:
        _figures(slide, section.figures, top)
        top += 1.5
    if section.chart is None or not has_values(section.chart):
        _says(slide, (_MARGIN, top, _WIDE - 2 * _MARGIN, 6.4 - top), lines, 16, _TEXT)
    else:
        lines = [printable(line, BESIDE) for line in lines[:MOST_LINES]]
        add_chart(slide, section.chart, (_MARGIN, top, 7.9, 6.5 - top))
        _says(slide, (8.8, top, _WIDE - 8.8 - _MARGIN, 6.4 - top), lines, 13, _TEXT)
    if section.note:
        _says(slide, (_MARGIN, 6.55, _WIDE - 2 * _MARGIN, 0.45), [section.note], 9, NEUTRAL)


def _figures(slide: Slide, figures: tuple[Figure, ...], top: float) -> None:
    shown = figures[:4]
    width = (_WIDE - 2 * _MARGIN) / len(shown)
    for place, one in enumerate(shown):
        box = (_MARGIN + place * width, top, width - 0.15, 1.35)
        frame = _box(slide, box, _FAINT)
        for text, most, size, color, bold in (
            (one.label, 36, 11, NEUTRAL, False),
            (one.value, 26, 20, _TEXT, True),
            (one.note, 80, 10, NEUTRAL, False),
        ):
            _line(frame, printable(text, most), size, color, bold=bold)


def _table(slide: Slide, section: Section, table: Table, report: Report) -> None:
    from pptx.util import Inches, Pt

    alone = not (section.figures or has_values(section.chart))
    _title(slide, section.title if alone else section.table_title or section.title)
    top = 1.3
    if alone and section.sentences:
        _says(slide, (_MARGIN, 1.15, _WIDE - 2 * _MARGIN, 0.4), [" ".join(section.sentences)], 13, _TEXT)
        top = 1.75
    rows = table.rows[:MOST_ROWS]
    shape = slide.shapes.add_table(
        len(rows) + 1, len(table.columns), Inches(_MARGIN), Inches(top), Inches(_WIDE - 2 * _MARGIN), Inches(0.4)
    )
    grid = shape.table
    for place, column in enumerate(table.columns):
        words = [column.label, *(cell_words(row[place], column.kind, report.zone) for row in rows)]
        for line, text in enumerate(words):
            cell = grid.cell(line, place)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            frame = cell.text_frame
            frame.clear()
            _run(frame.paragraphs[0], printable(text, CELL), 11, _TEXT if line else "FFFFFF", bold=not line,
                 right=is_number(column.kind))  # fmt: skip
            cell.fill.solid()
            cell.fill.fore_color.rgb = _rgb(PRIMARY if not line else "FFFFFF" if line % 2 else _FAINT)
    for place, width in enumerate(_shares(table, report, len(rows))):
        grid.columns[place].width = int(Inches(_WIDE - 2 * _MARGIN) * width)
    for row in grid.rows:
        row.height = Pt(22)
    left = len(table.rows) - len(rows)
    told = [f"{left:,} more are in the PDF."] if left else []
    told += [section.note] if alone and section.note else []
    if told:
        _says(slide, (_MARGIN, 6.55, _WIDE - 2 * _MARGIN, 0.4), [" ".join(told)], 9, NEUTRAL)


def _shares(table: Table, report: Report, rows: int) -> list[float]:
    """The width of each column as a share of the whole, by its longest text."""
    sizes = []
    for place, column in enumerate(table.columns):
        longest = max((len(cell_words(row[place], column.kind, report.zone)) for row in table.rows[:rows]), default=0)
        sizes.append(min(34, max(longest, len(column.label) + 2, 9)))
    return [size / sum(sizes) for size in sizes]


def _title(slide: Slide, text: str, top: float = 0.4, size: int = 28) -> None:
    from pptx.util import Inches

    title = slide.shapes.title
    title.left, title.top, title.width, title.height = (Inches(n) for n in (_MARGIN, top, _WIDE - 2 * _MARGIN, 0.8))
    frame = title.text_frame
    frame.clear()
    frame.word_wrap = True
    _run(frame.paragraphs[0], printable(text, HEAD), size, PRIMARY, bold=True)


def _says(
    slide: Slide, box: tuple[float, float, float, float], lines: list[str], size: int, color: str, right: bool = False
) -> None:
    frame = _box(slide, box, None)
    for line in lines:
        _line(frame, printable(line, LINE), size, color, right=right)


def _box(slide: Slide, box: tuple[float, float, float, float], fill: str | None) -> Any:
    from pptx.util import Inches

    shape = slide.shapes.add_textbox(*(Inches(one) for one in box))
    if fill:
        shape.fill.solid()
        shape.fill.fore_color.rgb = _rgb(fill)
    frame = shape.text_frame
    frame.word_wrap = True
    return frame


def _line(frame: Any, text: str, size: int, color: str, *, bold: bool = False, right: bool = False) -> None:
    first = frame.paragraphs[0]
    empty = len(frame.paragraphs) == 1 and not first.runs
    _run(first if empty else frame.add_paragraph(), text, size, color, bold=bold, right=right)


def _run(paragraph: Any, text: str, size: int, color: str, *, bold: bool = False, right: bool = False) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = _rgb(color)
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    paragraph.space_after = Pt(3)


def _rgb(color: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(color.lstrip("#"))
