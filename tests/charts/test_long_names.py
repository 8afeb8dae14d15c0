"""A long name on an axis is cut, on the axis alone: what is drawn, hovered and clicked goes by the whole of it."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

from core.charts import Difference, Estimate, answer_times, differences
from core.charts.areas import AreaMark, area_bars
from core.charts.attribution import credit_dots
from core.charts.funnel import GroupRate, group_rates
from core.charts.pipeline import Bar, expected_bars

LONG = "<b>" + "N" * 97
SAID = "&lt;b&gt;" + "N" * 28 + "…"  # 32 signs of the name, then made harmless
FIGURES = [
    credit_dots(["Web", LONG], {"First touch": [3.0, 1.0]}, 4).layout.yaxis,
    area_bars([AreaMark(name, 4, 9.0, None, None, None) for name in ("Web", LONG)]).layout.yaxis,
    expected_bars([Bar(name, 3, 9.0, 6.0) for name in ("Web", LONG)]).layout.yaxis,
    group_rates([GroupRate(name, 62.0, 50.0, 72.0, 60, True) for name in (LONG, "Web")], 48.0).layout.yaxis,
    differences([Difference(name, 1.0, 0.0, 2.0, 60, True) for name in (LONG, "Web")]).layout.yaxis,
    answer_times([Estimate(name, 1.5, 1.0, 2.0, 90) for name in ("Web", LONG)], "Agent").layout.xaxis,
]


@pytest.mark.parametrize("axis", FIGURES)
def test_an_axis_says_the_first_signs_of_a_long_name(axis: go.layout.YAxis) -> None:
    assert list(axis.ticktext) == ["Web", SAID]
    assert list(axis.tickvals) == ["Web", "&lt;b&gt;" + "N" * 97]


def test_short_names_stand_as_plotly_sets_them() -> None:
    assert area_bars([AreaMark("Zilker", 40, 9000.0, None, None, None)]).layout.yaxis.tickvals is None
