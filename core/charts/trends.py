"""How sources move from month to month, the same months of different years, and groups against all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.intervals import Mark, marks
from core.charts.palette import CATEGORICAL
from core.words import counted

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month (its first day), the value (None: nothing to tell) and the number of leads behind it."""

    month: date
    value: float | None
    leads: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A group's share less that of all others, in points, with its interval; ``stands`` when it is no accident."""

    name: str
    points: float
    low: float
    high: float
    leads: int
    stands: bool


def trend_lines(lines: Mapping[str, Sequence[TrendPoint]], unit: str, suffix: str = "") -> go.Figure:
    """Return a line a source over the months; ``unit`` names the vertical axis.

    >>> [trace.name for trace in trend_lines({"Web": [TrendPoint(date(2026, 1, 1), 3.0, 90)]}, "Leads a day").data]
    ['Web']
    """
    figure = go.Figure(
        [
            go.Scatter(
                x=[point.month for point in points],
                y=[point.value for point in points],
                mode="lines+markers",
                name=plain(name),
                line={"color": CATEGORICAL[place % len(CATEGORICAL)], "width": 2},
                marker={"size": 6},
                customdata=[counted(point.leads, "lead") for point in points],
                hovertemplate=f"%{{x|%b %Y}}: %{{y:.2f}}{suffix}, %{{customdata}}<extra>{plain(name)}</extra>",
            )
            for place, (name, points) in enumerate(lines.items())
        ]
    )
    return framed(
        figure,
        height=360,
        showlegend=True,
        yaxis={"title": unit, "rangemode": "tozero", "ticksuffix": suffix},
        xaxis={"showgrid": False, "title": "Month of arrival", "tickformat": "%b %Y"},
    )


def same_months(points: Sequence[TrendPoint], unit: str, suffix: str = "") -> go.Figure:
    """Return a line a year over the twelve months, so that a season shows as lines of one shape.

    >>> figure = same_months([TrendPoint(date(year, 5, 1), 3.0, 9) for year in (2025, 2026)], "Leads a day")
    >>> [trace.name for trace in figure.data]
    ['2025', '2026']
    """
    years = sorted({point.month.year for point in points})
    figure = go.Figure(
        [
            go.Scatter(
                x=[_MONTHS[point.month.month - 1] for point in points if point.month.year == year],
                y=[point.value for point in points if point.month.year == year],
                mode="lines+markers",
                name=str(year),
                line={"color": CATEGORICAL[place % len(CATEGORICAL)], "width": 2},
                customdata=[counted(point.leads, "lead") for point in points if point.month.year == year],
                hovertemplate=f"%{{x}} {year}: %{{y:.2f}}{suffix}, %{{customdata}}<extra></extra>",
            )
            for place, year in enumerate(years)
        ]
    )
    months = {"categoryorder": "array", "categoryarray": list(_MONTHS), "range": [-0.5, 11.5], "showgrid": False}
    axis = {"title": unit, "rangemode": "tozero", "ticksuffix": suffix}
    return framed(figure, height=260, showlegend=True, yaxis=axis, xaxis={"title": "Month of arrival", **months})


def differences(groups: Sequence[Difference]) -> go.Figure:
    """Return each group's difference from all others with its interval, the first on top.

    >>> list(differences([Difference("Referral", 12.0, 4.0, 20.0, 90, True)]).data[0].y)
    ['Referral']
    """
    drawn = [Mark(one.name, one.points, one.low, one.high, one.leads, one.stands) for one in groups]
    hover = "%{y}: %{x:+.1f} points (%{customdata[0]:+.1f} to %{customdata[1]:+.1f}), %{customdata[2]}"
    figure = marks(drawn, hover, 0.0, of="decided lead")
    return framed(
        figure,
        height=60 + 30 * max(3, len(drawn)),
        xaxis={"title": "Share that signs, points above others"},
        yaxis={"showgrid": False},
    )
