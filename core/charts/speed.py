"""How soon leads are answered by group, and how often they sign by how soon they were answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed, plain, short_names
from core.charts.palette import NEUTRAL, PRIMARY, faded
from core.words import counted, duration


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval (``high`` None: open), the leads behind it and, where it is of tries, those."""

    name: str
    value: float
    low: float
    high: float | None
    leads: int
    tries: int = 0


def answer_times(groups: Sequence[Estimate], by: str) -> go.Figure:
    """Return the median hours until the first answer of each group with its interval; ``by`` names the axis.

    >>> list(answer_times([Estimate("Ana", 1.5, 1.0, 2.0, 90)], "Agent").data[0].y)
    [1.5]
    """
    figure = go.Figure(
        go.Scatter(
            x=[plain(group.name) for group in groups],
            y=[group.value for group in groups],
            mode="markers",
            marker={"size": 10, "color": PRIMARY},
            error_y=_whiskers(groups),
            customdata=[[_told(group), counted(group.leads, "lead")] for group in groups],
            hovertemplate="%{x}: half answered within %{customdata[0]}, %{customdata[1]}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=300,
        yaxis={"title": "Median hours to the first answer", "rangemode": "tozero"},
        xaxis={"title": by, "type": "category", "showgrid": False, **short_names([group.name for group in groups])},
    )


def signed_by_answer(groups: Sequence[Estimate]) -> go.Figure:
    """Return the share in percent that signed of each bucket of answer times, with its interval.

    >>> signed_by_answer([Estimate("to 1 h", 12.0, 8.0, 17.0, 90)]).data[0].error_y.array
    (5.0,)
    """
    figure = go.Figure(
        go.Bar(
            x=[plain(group.name) for group in groups],
            y=[group.value for group in groups],
            width=0.55,
            marker={"color": faded(PRIMARY, 0.75)},
            error_y=_whiskers(groups),
            customdata=[[group.low, group.high, counted(group.leads, "lead"), plain(group.name)] for group in groups],
            hovertemplate="First answer %{customdata[3]}: %{y:.1f} % signed "
            "(%{customdata[0]:.1f} to %{customdata[1]:.1f}), %{customdata[2]}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=300,
        yaxis={"title": "Share that signed", "ticksuffix": " %", "rangemode": "tozero"},
        xaxis={
            "title": "First answer after the arrival",
            "type": "category",
            "showgrid": False,
            "tickvals": [plain(group.name) for group in groups],
            "ticktext": [f"{plain(group.name)}<br>{counted(group.leads, 'lead')}" for group in groups],
        },
    )


def _whiskers(groups: Sequence[Estimate]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0.0 if group.high is None else group.high - group.value for group in groups],
        "arrayminus": [group.value - group.low for group in groups],
        "color": NEUTRAL,
        "thickness": 2,
        "width": 6,
    }


def _told(group: Estimate) -> str:
    end = "no end" if group.high is None else duration(group.high)
    return f"{duration(group.value)} ({duration(group.low)} to {end})"
