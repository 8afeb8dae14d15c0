"""Which leads a clicked bar or point leads to. That the click arrives is tested in a browser."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.charts import TrendPoint, same_months, trend_lines
from core.charts.pipeline import Bar, expected_bars
from core.services.analyses import insights
from core.services.center import CommandCenter
from core.store import LeadFilter
from pages.components.figure_chart import way_of
from pages.components.predictive_insights.forecast_trends import _behind
from tests.pages.conftest import Open


def clicked(figure: Any, curve: int, place: int) -> list[dict[str, Any]]:
    """What the browser tells of a click, as seen there."""
    trace = figure.data[curve]
    point = {"curve_number": curve, "point_index": place, "x": trace.x[place], "y": trace.y[place]}
    return [{key: str(value) if isinstance(value, date) else value for key, value in point.items()}]


def test_a_bar_leads_to_the_leads_of_its_label_whatever_characters_it_has() -> None:
    names = ["Zillow", "<b>A & B</b>", "No source told"]
    figure = expected_bars([Bar(name, 3, 9.0, 6.0) for name in names])
    ways = {name: {"source": [name]} for name in names}
    for place, name in enumerate(names):
        for curve in (0, 1):
            assert way_of(figure, clicked(figure, curve, place), ways) == (name, {"source": [name]})


def test_a_point_of_a_line_leads_to_the_month_of_that_line() -> None:
    march, may = date(2026, 3, 1), date(2026, 5, 1)
    points = [TrendPoint(march, 1.0, 3), TrendPoint(may, 2.0, 4)]
    figure = trend_lines({"Web": points, "All & sundry": points}, "Leads a day")
    ways = {(name, str(month)): {"of": f"{name} {month}"} for name in ("Web", "All & sundry") for month in (march, may)}
    assert way_of(figure, clicked(figure, 1, 1), ways) == ("All & sundry, May 2026", {"of": "All & sundry 2026-05-01"})
    years = same_months([TrendPoint(date(2025, 5, 1), 1.0, 2), *points], "Leads a day")
    season = {("2025", "May"): {"of": "May 2025"}, ("2026", "May"): {"of": "May 2026"}}
    assert way_of(years, clicked(years, 0, 0), season) == ("2025, May", {"of": "May 2025"})
    assert way_of(years, clicked(years, 1, 1), season) == ("2026, May", {"of": "May 2026"})


@pytest.mark.parametrize(
    "points", [[], [{}], [{"curve_number": 0, "x": "gone", "y": 9.0}], [{"curve_number": 0, "x": 9.0, "y": "B"}]]
)
def test_a_click_on_what_is_there_no_more_leads_nowhere(points: list[dict[str, Any]]) -> None:
    figure = expected_bars([Bar("A", 3, 9.0, 6.0)])
    assert way_of(figure, points, {"A": {"source": "A"}, "9.0": {"source": "nine"}, "B": None}) is None


def test_every_drawn_point_of_the_trends_has_its_way(sampled: CommandCenter, open_page: Open) -> None:
    months = insights.trends(sampled, LeadFilter())
    names = list(dict.fromkeys(month.source for month in months if month.source != insights.EVERYONE))
    figure = trend_lines(
        {n: [TrendPoint(m.month, m.per_day, m.leads) for m in months if m.source == n] for n in names}, "Leads a day"
    )
    ways = {(month.source, str(month.month)): _behind(LeadFilter(), month) for month in months}
    for curve, trace in enumerate(figure.data):
        for place in range(len(trace.x)):
            assert way_of(figure, clicked(figure, curve, place), ways)
    app = open_page(sampled, "predictive_insights", show="Trends")
    assert not app.exception
    assert [told.value for told in app.caption].count("Click a bar or a point for the way to its leads.") == 2
