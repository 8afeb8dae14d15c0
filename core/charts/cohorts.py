"""Cohorts: a field of shares by age, and curves of what has happened by an age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import cell_marks, framed, plain
from core.charts.palette import CATEGORICAL, NEUTRAL, PRIMARY, faded, shades, words_on_shades
from core.words import counted


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A share in percent with its interval and count; ``partly`` reached where not all leads are that old."""

    share: float
    low: float
    high: float
    reached: int
    partly: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A cohort of ``leads`` and its cells by age, None where nobody is that old."""

    name: str
    leads: int
    cells: Sequence[HeatCell | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares in percent that are reached at ages (in the unit of the axis), with the ends of their intervals."""

    name: str
    ages: Sequence[float]
    share: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    leads: int


def cohort_field(rows: Sequence[HeatRow], unit: str, theme: str | None = None) -> go.Figure:
    """Return a row a cohort and a column an age; empty where nobody is that old, ``~`` where only some are.

    ``theme`` is that of the page, light or dark.

    >>> rows = [HeatRow("Mar 2026", 40, [HeatCell(5.0, 1.0, 9.0, 40, False), HeatCell(7.0, 2.0, 12.0, 9, True), None])]
    >>> list(cohort_field(rows, "month").data[0].text[0])
    ['5', '~7', '']
    """
    ages = max((len(row.cells) for row in rows), default=0)
    figure = go.Figure(
        go.Heatmap(
            z=[[None if cell is None else cell.share for cell in row.cells] for row in rows],
            x=list(range(1, ages + 1)),
            y=[f"{plain(row.name)} ({row.leads:,})" for row in rows],
            text=[[_text(cell) for cell in row.cells] for row in rows],
            texttemplate="%{text}",
            textfont=words_on_shades(theme),
            hoverinfo="skip",
            colorscale=shades(PRIMARY),
            zmin=0,
            zmax=max([1.0, *(cell.share for row in rows for cell in row.cells if cell is not None)]),
            xgap=2,
            ygap=2,
            colorbar={"title": {"text": "Signed, %"}, "thickness": 10},
        )
    )
    told = [
        (age, f"{plain(row.name)} ({row.leads:,})", _told(cell, row.leads))
        for row in rows
        for age, cell in enumerate(row.cells, start=1)
        if cell is not None
    ]
    figure.add_trace(cell_marks(told, f"%{{y}}, by {unit} %{{x}}: %{{customdata[0]}}<extra></extra>"))
    return framed(
        figure,
        height=90 + 28 * max(3, len(rows)),
        hoverdistance=70,  # few ages make wide cells
        xaxis={"title": f"Age in {unit}s", "dtick": 1, "showgrid": False},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category"},
    )


def curves_by_age(curves: Sequence[Curve], unit: str) -> go.Figure:
    """Return a step line with its band for each curve, the first in a colour of its own.

    >>> figure = curves_by_age([Curve("All", [0, 1, 4], [0, 2, 9], [0, 1, 7], [0, 4, 12], 90)], "month")
    >>> [trace.name for trace in figure.data if trace.name]
    ['All']
    """
    figure = go.Figure()
    for place, curve in enumerate(curves):
        color = NEUTRAL if place == 0 else CATEGORICAL[(place - 1) % (len(CATEGORICAL) - 1)]
        for values, fill in ((curve.high, None), (curve.low, "tonexty")):
            figure.add_scatter(
                x=curve.ages, y=values, fill=fill, fillcolor=faded(color, 0.14),
                line={"width": 0, "shape": "hv"}, mode="lines", hoverinfo="skip", showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=curve.ages,
            y=curve.share,
            mode="lines+markers",  # a line alone answers no click
            marker={"size": 9, "opacity": 0},
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
            name=plain(curve.name),
            line={"color": color, "width": 3 if place == 0 else 2, "shape": "hv"},
            customdata=[
                [low, high, counted(curve.leads, "lead")] for low, high in zip(curve.low, curve.high, strict=True)
            ],
            hovertemplate=f"{unit.capitalize()} %{{x:.1f}}: %{{y:.1f}} % (%{{customdata[0]:.1f}} to "
            f"%{{customdata[1]:.1f}}), %{{customdata[2]}}<extra>{plain(curve.name)}</extra>",
        )
    return framed(
        figure,
        height=340,
        showlegend=True,
        xaxis={"title": f"Age in {unit}s", "rangemode": "tozero", "showgrid": False},
        yaxis={"title": "Share that has signed", "ticksuffix": " %", "rangemode": "tozero"},
    )


def _text(cell: HeatCell | None) -> str:
    return "" if cell is None else f"{'~' if cell.partly else ''}{cell.share:.0f}"


def _told(cell: HeatCell | None, leads: int) -> str:
    if cell is None:
        return ""
    so_far = (
        f", estimated: {cell.reached:,} of {leads:,} leads are that old"
        if cell.partly
        else f", {counted(leads, 'lead')}"
    )
    return f"{cell.share:.1f} % signed ({cell.low:.1f} to {cell.high:.1f}){so_far}"
