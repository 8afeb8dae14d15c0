"""Charts drawn as vectors on a page of the PDF: the same values and colours as on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from core.charts.palette import HOT, NEUTRAL, PRIMARY
from core.reports.axis import short, ticks
from core.reports.document import BridgeChart, Chart, PairChart, RangeChart
from core.reports.page import Page

_GRID: Final = "#DCE3E4"
_LIGHT: Final = "#A9D6CF"  # the primary colour at 45 %, as on the screen
_BARS: Final = 12
_HEIGHT: Final = 52.0
_AXIS: Final = 16.0
_ROW: Final = 8.0


def draw(page: Page, chart: Chart) -> None:
    """Put the chart below what was written."""
    tall = _HEIGHT if not isinstance(chart, PairChart) else 14 + _ROW * max(1, len(chart.rows[:_BARS]))
    page.ln(2)
    page.keep(tall + 12)
    page.at(page.l_margin - 1, page.get_y(), chart.title, size=9.5, bold=True, color="#1F2A2E", width=page.epw)
    top = page.get_y() + 6
    if isinstance(chart, RangeChart):
        _ranges(page, chart, top)
    elif isinstance(chart, PairChart):
        _pairs(page, chart, top)
    else:
        _bridge(page, chart, top)
    page.set_xy(page.l_margin, top + tall + 3)


def _ranges(page: Page, chart: RangeChart, top: float) -> None:
    bars = chart.bars[:_BARS]
    labels = [bar.label for bar in bars]
    place = _frame(page, top, labels, 0.0, max((bar.high for bar in bars), default=0.0), chart.unit, chart.money)
    width = _slot(page, len(bars))
    for number, bar in enumerate(bars):
        middle = page.l_margin + _AXIS + (number + 0.5) * width
        wide = min(0.5 * width, 16)
        page.box(middle - wide / 2, place(bar.middle), wide, place(0) - place(bar.middle), PRIMARY)
        page.stroke(middle, place(bar.low), middle, place(bar.high), NEUTRAL, 0.5)
        for end in (bar.low, bar.high):
            page.stroke(middle - 1.5, place(end), middle + 1.5, place(end), NEUTRAL, 0.5)
        told = short(round(bar.middle), chart.money)
        page.at(middle + wide / 2, place(bar.middle) - 1.5, told, size=7, color="#1F2A2E", width=18)


def _bridge(page: Page, chart: BridgeChart, top: float) -> None:
    labels = [chart.ends[0], *(label for label, _ in chart.steps), chart.ends[1]]
    spans, level = [(0.0, chart.before, NEUTRAL)], chart.before
    for _, change in chart.steps:
        spans.append((level, level + change, PRIMARY if change >= 0 else HOT))
        level += change
    spans.append((0.0, chart.after, NEUTRAL))
    ends = [end for start, stop, _ in spans for end in (start, stop)]
    place = _frame(page, top, labels, min(0.0, *ends), max(ends), "Expected commission, USD", True)
    width = _slot(page, len(spans))
    told = [chart.before, *(change for _, change in chart.steps), chart.after]
    for number, (start, stop, color) in enumerate(spans):
        left, wide = page.l_margin + _AXIS + (number + 0.2) * width, 0.6 * width
        upper, lower = place(max(start, stop)), place(min(start, stop))
        page.box(left, upper, wide, max(lower - upper, 0.2), color)
        sign = "+" if 0 < number < len(spans) - 1 and told[number] >= 0 else ""
        words = sign + short(round(told[number]), True)
        page.at(left - 0.2 * width, upper - 3.6, words, size=7, color="#1F2A2E", width=width, align="C")


def _pairs(page: Page, chart: PairChart, top: float) -> None:
    rows = chart.rows[:_BARS]
    edges = ticks(0.0, max((max(first, second) for _, first, second in rows), default=0.0))
    names, right = 44.0, page.l_margin + page.epw - 14
    left, bottom = page.l_margin + names, top + 6 + _ROW * max(1, len(rows))
    scale = (right - left) / edges[-1]
    for at, (name, color) in enumerate(zip(chart.names, (PRIMARY, _LIGHT), strict=True)):
        page.box(left + 45 * at, top + 0.6, 3, 3, color)
        page.at(left + 45 * at + 3.5, top, name, size=7.5, color=NEUTRAL, width=40)
    for edge in edges:
        page.stroke(left + scale * edge, top + 5, left + scale * edge, bottom, _GRID)
        words = short(edge, chart.money)
        page.at(left + scale * edge - 9, bottom + 0.8, words, size=7, color=NEUTRAL, width=18, align="C")
    page.at(right - 60, bottom + 4, chart.unit, size=7, color=NEUTRAL, width=60, align="R")
    for number, (label, first, second) in enumerate(rows):
        y = top + 6 + number * _ROW
        page.at(page.l_margin, y + 1.2, label, size=7.5, color="#1F2A2E", width=names, align="R")
        page.box(left, y + 0.6, max(scale * first, 0.1), 3.1, PRIMARY)
        page.box(left, y + 3.9, max(scale * second, 0.1), 3.1, _LIGHT)
        for value, below in ((first, 0.4), (second, 3.7)):
            words = short(round(value) if chart.money else round(value, 1), chart.money)  # hours are less than one
            page.at(left + scale * value, y + below, words, size=6.5, color=NEUTRAL, width=16)


def _frame(
    page: Page, top: float, labels: Sequence[str], low: float, high: float, unit: str, money: bool
) -> Callable[[float], float]:
    """Draw grid, scale and labels; return where a value stands."""
    edges = ticks(low, high)
    upper, bottom = top + 6, top + _HEIGHT - 8
    scale = (bottom - upper) / (edges[-1] - edges[0])

    def place(value: float) -> float:
        return bottom - (value - edges[0]) * scale

    page.at(page.l_margin, top, unit, size=7, color=NEUTRAL, width=80)
    for edge in edges:
        page.stroke(page.l_margin + _AXIS, place(edge), page.l_margin + page.epw, place(edge), _GRID)
        page.at(page.l_margin, place(edge) - 1.6, short(edge, money), size=7, color=NEUTRAL, width=_AXIS, align="R")
    width = _slot(page, len(labels))
    for number, label in enumerate(labels):
        left = page.l_margin + _AXIS + number * width
        page.at(left, bottom + 1.5, label, size=7, color=NEUTRAL, width=width, align="C", lines=2)
    return place


def _slot(page: Page, count: int) -> float:
    return (page.epw - _AXIS) / max(1, count)
