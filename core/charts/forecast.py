"""What may come, as a bar with the range that eight futures in ten lie in, and what came of such forecasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import NEUTRAL, PRIMARY, WARM, faded


@dataclass(frozen=True, slots=True)
class ForecastBar:
    """One window: the low, middle and high end of what may come, and (None before it is known) what happened."""

    label: str
    low: float
    middle: float
    high: float
    happened: float | None = None


def forecast_bars(bars: Sequence[ForecastBar], unit: str) -> go.Figure:
    """Return a bar a window up to the middle, with a whisker from low to high; ``unit`` names the vertical axis.

    >>> forecast_bars([ForecastBar("May", 4, 6, 9)], "Closings").data[0].error_y.array
    (3,)
    """
    money = unit.endswith("USD")
    shown = "$%{y:,.0f}" if money else "%{y:,.0f}"
    parts = (
        "$%{customdata[0]:,.0f} to $%{customdata[1]:,.0f}"
        if money
        else "%{customdata[0]:,.0f} to %{customdata[1]:,.0f}"
    )
    figure = go.Figure(
        go.Bar(
            x=[plain(bar.label) for bar in bars],
            y=[bar.middle for bar in bars],
            marker={"color": faded(PRIMARY, 0.75)},
            width=0.5,
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [bar.high - bar.middle for bar in bars],
                "arrayminus": [bar.middle - bar.low for bar in bars],
                "color": NEUTRAL,
                "thickness": 2,
                "width": 8,
            },
            customdata=[[bar.low, bar.high] for bar in bars],
            hovertemplate=f"%{{x}}: middle {shown}<br>low to high: {parts}<extra></extra>",
        )
    )
    axis = {"title": unit, "rangemode": "tozero", "nticks": 5, "tickprefix": "$" if money else ""}
    return framed(figure, height=280, yaxis=axis, xaxis={"showgrid": False, "type": "category"})


def forecasts_against_truth(bars: Sequence[ForecastBar], unit: str) -> go.Figure:
    """Return each past forecast as its range with its middle, and a mark at what happened, set apart when outside.

    >>> figure = forecasts_against_truth([ForecastBar("May 1", 4, 6, 9, 12)], "Closings")
    >>> [trace.name for trace in figure.data]
    ['Low to high', 'Middle', 'Happened, inside', 'Happened, outside']
    """
    labels = [plain(bar.label) for bar in bars]
    known = [(label, bar, bar.happened) for label, bar in zip(labels, bars, strict=True) if bar.happened is not None]
    inside = [(label, told) for label, bar, told in known if bar.low <= told <= bar.high]
    outside = [(label, told) for label, bar, told in known if not bar.low <= told <= bar.high]
    figure = go.Figure(
        [
            go.Bar(
                x=labels,
                base=[bar.low for bar in bars],
                y=[bar.high - bar.low for bar in bars],
                name="Low to high",
                marker={"color": faded(PRIMARY, 0.3)},
                customdata=[[bar.low, bar.high] for bar in bars],
                hovertemplate="%{x}: low %{customdata[0]:,.0f}, high %{customdata[1]:,.0f}<extra></extra>",
            ),
            _marks(
                "Middle", [(label, bar.middle) for label, bar in zip(labels, bars, strict=True)], PRIMARY, "line-ew"
            ),
            _marks("Happened, inside", inside, NEUTRAL, "circle"),
            _marks("Happened, outside", outside, WARM, "diamond"),
        ]
    )
    return framed(
        figure,
        height=320,
        showlegend=True,
        yaxis={"title": unit, "rangemode": "tozero"},
        xaxis={"showgrid": False, "type": "category", "title": "Forecast made on"},
    )


def _marks(name: str, points: Sequence[tuple[str, float]], color: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=[label for label, _ in points],
        y=[value for _, value in points],
        mode="markers",
        name=name,
        marker={"color": color, "size": 10, "symbol": symbol, "line": {"color": color, "width": 2}},
        hovertemplate=f"%{{x}}: %{{y:,.0f}}<extra>{name}</extra>",
    )
