"""What an A/B test says: the rate of each variant, and the difference day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import CATEGORICAL, NEUTRAL, PRIMARY, faded
from core.words import counted


@dataclass(frozen=True, slots=True)
class RateOf:
    """A share in per cent of ``leads`` with the ends of its interval."""

    name: str
    rate: float
    low: float
    high: float
    leads: int


@dataclass(frozen=True, slots=True)
class DayLook:
    """A difference in points after the leads that arrived until ``day``, with ends that hold at every look at once."""

    day: date
    difference: float
    low: float
    high: float
    leads: int


def rates(variants: Sequence[RateOf], what: str) -> go.Figure:
    """Return each variant's rate with its interval, the first on top; ``what`` names the rate.

    >>> list(rates([RateOf("As ever", 30.0, 25.0, 36.0, 200)], "Answered").data[0].x)
    [30.0]
    """
    figure = go.Figure(
        go.Scatter(
            x=[one.rate for one in variants],
            y=[plain(one.name) for one in variants],
            mode="markers",
            marker={"size": 11, "color": [CATEGORICAL[place % len(CATEGORICAL)] for place in range(len(variants))]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [one.high - one.rate for one in variants],
                "arrayminus": [one.rate - one.low for one in variants],
                "color": NEUTRAL,
            },
            customdata=[[one.low, one.high, counted(one.leads, "lead")] for one in variants],
            hovertemplate="%{y}: %{x:.1f} % (%{customdata[0]:.1f} to %{customdata[1]:.1f} %), "
            "%{customdata[2]}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=70 + 34 * max(2, len(variants)),
        xaxis={"title": f"{what}, share of leads", "ticksuffix": " %"},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "ticksuffix": "  "},
    )


def day_by_day(looks: Sequence[DayLook]) -> go.Figure:
    """Return the difference from the first variant with its band, over the days on which leads arrived.

    >>> list(day_by_day([DayLook(date(2026, 3, 1), 4.0, -2.0, 10.0, 120)]).data[1].y)
    [4.0]
    """
    days = [look.day for look in looks]
    band = go.Scatter(
        x=[*days, *reversed(days)],
        y=[*(look.high for look in looks), *(look.low for look in reversed(looks))],
        fill="toself",
        fillcolor=faded(PRIMARY, 0.2),
        line={"width": 0},
        hoverinfo="skip",
    )
    line = go.Scatter(
        x=days,
        y=[look.difference for look in looks],
        mode="lines+markers" if len(looks) < 40 else "lines",
        line={"color": PRIMARY, "width": 2},
        customdata=[[look.low, look.high, counted(look.leads, "lead")] for look in looks],
        hovertemplate="%{x|%b %-d, %Y}: %{y:+.1f} points (%{customdata[0]:+.1f} to %{customdata[1]:+.1f}), "
        "%{customdata[2]}<extra></extra>",
    )
    figure = go.Figure([band, line])
    figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1})
    return framed(
        figure,
        height=240,
        xaxis={"title": "Leads that arrived until", "tickformat": "%b %-d"},
        yaxis={"title": "Difference, points"},
    )
