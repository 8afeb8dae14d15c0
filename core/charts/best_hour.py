"""How often tries are answered, by hour and through the week."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.frame import cell_marks, framed, plain
from core.charts.palette import NEUTRAL, PRIMARY, faded, shades, words_on_shades
from core.charts.speed import Estimate
from core.words import counted


def answer_rates(slots: Sequence[Estimate], mean: float, named: str, best: Sequence[str]) -> go.Figure:
    """Return the rate in percent of each slot with its interval, the mean as a line, and the ``best`` set apart.

    >>> answer_rates([Estimate("09", 40.0, 35.0, 45.0, 300)], 30.0, "Hour", ["09"]).data[0].x
    ('09',)
    """
    figure = go.Figure(
        go.Scatter(
            x=[plain(slot.name) for slot in slots],
            y=[slot.value for slot in slots],
            mode="markers",
            marker={"size": 10, "color": [PRIMARY if slot.name in best else NEUTRAL for slot in slots]},
            error_y={
                "type": "data",
                "symmetric": False,
                "array": [(slot.high or slot.value) - slot.value for slot in slots],
                "arrayminus": [slot.value - slot.low for slot in slots],
                "color": faded(NEUTRAL, 0.8),
                "thickness": 2,
                "width": 5,
            },
            customdata=[[slot.low, slot.high, _tries(slot)] for slot in slots],
            hovertemplate="%{x}: %{y:.1f} % answered (%{customdata[0]:.1f} to %{customdata[1]:.1f}), "
            "%{customdata[2]}<extra></extra>",
        )
    )
    figure.add_hline(y=mean, line={"color": NEUTRAL, "width": 1, "dash": "dash"})
    return framed(
        figure,
        height=280,
        yaxis={"title": "Answered within 24 hours", "ticksuffix": " %", "range": _range(slots, mean)},
        xaxis={"title": named, "type": "category", "showgrid": False},
    )


def week_field(days: Sequence[str], rows: Sequence[Sequence[Estimate | None]], theme: str | None = None) -> go.Figure:
    """Return a row a weekday and a column an hour, with the rate in percent; empty where there were too few tries.

    ``theme`` is that of the page, light or dark.

    >>> figure = week_field(["Mon"], [[None] * 9 + [Estimate("09", 40.0, 35.0, 45.0, 300)] + [None] * 14])
    >>> figure.data[0].z[0][9], figure.data[0].z[0][8]
    (40.0, None)
    """
    told = [hour for row in rows for hour, cell in enumerate(row) if cell is not None]
    figure = go.Figure(
        go.Heatmap(
            z=[[None if cell is None else cell.value for cell in row] for row in rows],
            x=[f"{hour:02}" for hour in range(24)],
            y=list(days),
            text=[["" if cell is None else f"{cell.value:.0f}" for cell in row] for row in rows],
            texttemplate="%{text}",
            textfont=words_on_shades(theme),
            hoverinfo="skip",
            colorscale=shades(PRIMARY),
            xgap=2,
            ygap=2,
            showscale=False,  # the numbers stand in the field
        )
    )
    cells = [
        (f"{hour:02}", day, _told(cell))
        for day, row in zip(days, rows, strict=True)
        for hour, cell in enumerate(row)
        if cell is not None
    ]
    figure.add_trace(cell_marks(cells, "%{y}, %{x}:00: %{customdata[0]}<extra></extra>"))
    return framed(
        figure,
        height=290,
        xaxis={
            "title": "Hour of the day, your clock",
            "type": "category",
            "showgrid": False,
            "range": [min(told, default=0) - 0.5, max(told, default=23) + 0.5],
        },
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category"},
    )


def _range(slots: Sequence[Estimate], mean: float) -> list[float]:
    """At least ten points to both sides of the mean, so that small differences look small."""
    low = min((slot.low for slot in slots), default=mean)
    high = max((slot.high or slot.value for slot in slots), default=mean)
    return [max(0.0, min(low - 1, mean - 10)), min(100.0, max(high + 1, mean + 10))]


def _told(cell: Estimate) -> str:
    return f"{cell.value:.1f} % ({cell.low:.1f} to {cell.high or 0:.1f}), {_tries(cell)}"


def _tries(slot: Estimate) -> str:
    return f"{counted(slot.tries, 'try', 'tries')} with {counted(slot.leads, 'lead')}"
