"""PowerPoint's own charts: columns for low, middle and high, bars in pairs, and a bridge of stacked columns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from core.charts.palette import HOT, NEUTRAL, PRIMARY
from core.reports.document import BridgeChart, Chart, PairChart, RangeChart, printable
from core.transfer.defuse import defuse

if TYPE_CHECKING:
    from pptx.slide import Slide

_LABEL: Final = 24
_MOST: Final = 12
_LINK: Final = re.compile(r"[a-z]{2,10}://|mailto:|(?:in|ex)ternal:|\{=", re.IGNORECASE)
_LIGHT: Final = "#A9D6CF"
_MONEY, _OTHER = '"$"#,##0', "[>=1000]#,##0;General"  # hours may be less than one


def add_chart(slide: Slide, chart: Chart, box: tuple[float, float, float, float]) -> None:
    """Put the chart into ``box``: left, top, width and height in inches."""
    if isinstance(chart, RangeChart):
        _ranges(slide, chart, box)
    elif isinstance(chart, PairChart):
        _pairs(slide, chart, box)
    else:
        _bridge(slide, chart, box)


def _ranges(slide: Slide, chart: RangeChart, box: tuple[float, float, float, float]) -> None:
    from pptx.enum.chart import XL_CHART_TYPE

    bars = chart.bars[:_MOST]
    series = {"Low": [b.low for b in bars], "Middle": [b.middle for b in bars], "High": [b.high for b in bars]}
    drawn = _chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, [b.label for b in bars], series, box, chart.title)
    _look(drawn, (_LIGHT, PRIMARY, _LIGHT), chart.unit, chart.money)


def _pairs(slide: Slide, chart: PairChart, box: tuple[float, float, float, float]) -> None:
    from pptx.enum.chart import XL_CHART_TYPE

    rows = chart.rows[:_MOST]
    series = {chart.names[0]: [row[1] for row in rows], chart.names[1]: [row[2] for row in rows]}
    drawn = _chart(slide, XL_CHART_TYPE.BAR_CLUSTERED, [row[0] for row in rows], series, box, chart.title)
    _look(drawn, (PRIMARY, _LIGHT), chart.unit, chart.money)
    drawn.category_axis.reverse_order = True
    drawn.plots[0].gap_width = 60


def _bridge(slide: Slide, chart: BridgeChart, box: tuple[float, float, float, float]) -> None:
    from pptx.enum.chart import XL_CHART_TYPE

    labels = [chart.ends[0], *(label for label, _ in chart.steps), chart.ends[1]]
    hidden, ends, more, less = [0.0], [chart.before], [0.0], [0.0]
    level = chart.before
    for _, change in chart.steps:
        hidden.append(max(min(level, level + change), 0.0))
        ends.append(0.0)
        more.append(max(change, 0.0))
        less.append(max(-change, 0.0))
        level += change
    series = {
        "Below": [*hidden, 0.0],
        "Expected": [*ends, chart.after],
        "More": [*more, 0.0],
        "Less": [*less, 0.0],
    }
    drawn = _chart(slide, XL_CHART_TYPE.COLUMN_STACKED, labels, series, box, chart.title)
    _look(drawn, (None, NEUTRAL, PRIMARY, HOT), "Expected commission, USD", True, legend=False)
    drawn.plots[0].gap_width, drawn.plots[0].overlap = 50, 100


def _chart(
    slide: Slide, kind: Any, labels: list[str], series: dict[str, list[float]],
    box: tuple[float, float, float, float], title: str,
) -> Any:  # fmt: skip
    from pptx.chart.data import CategoryChartData
    from pptx.util import Inches, Pt

    data = CategoryChartData()
    data.categories = [_in_a_cell(label) for label in labels]
    for name, values in series.items():
        data.add_series(_in_a_cell(name), values)
    drawn = slide.shapes.add_chart(kind, *(Inches(one) for one in box), data).chart
    drawn.has_title = True
    drawn.chart_title.text_frame.text = printable(title, 90)
    drawn.chart_title.text_frame.paragraphs[0].runs[0].font.size = Pt(14)
    drawn.font.size = Pt(11)
    return drawn


def _in_a_cell(label: str) -> str:
    """A label for the workbook behind a chart, whose writer makes formulas and links of what looks like one."""
    text = printable(label, _LABEL)
    return "'" + text if _LINK.match(text) else defuse(text)


def _look(drawn: Any, colors: tuple[str | None, ...], unit: str, money: bool, legend: bool = True) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    for one, color in zip(drawn.plots[0].series, colors, strict=True):
        if color is None:
            one.format.fill.background()
        else:
            one.format.fill.solid()
            one.format.fill.fore_color.rgb = RGBColor.from_string(color.lstrip("#"))
    axis = drawn.value_axis
    axis.has_title = True
    axis.axis_title.text_frame.text = printable(unit, _LABEL)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(11)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _MONEY if money else _OTHER, False
    axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("DCE3E4")
    drawn.has_legend = legend
    if legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
