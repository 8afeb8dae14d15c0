"""Marks with their intervals, one a group, the first on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import plain, short_names
from core.charts.palette import NEUTRAL, PRIMARY
from core.words import counted


@dataclass(frozen=True, slots=True)
class Mark:
    """A group's value with the ends of its interval and its leads; ``stands`` when it is no accident."""

    name: str
    value: float
    low: float
    high: float
    leads: int
    stands: bool


def marks(groups: Sequence[Mark], hover: str, line_at: float, dash: str = "solid", of: str = "lead") -> go.Figure:
    """Return a mark with its interval a group, and a line at a value.

    ``hover`` reads low, high and how many leads there are, each being one ``of``, as customdata.

    >>> list(marks([Mark("Referral", 12.0, 4.0, 20.0, 90, True)], "%{x}", 0.0).data[0].y)
    ['Referral']
    """
    shown = list(reversed(groups))
    figure = go.Figure(
        go.Scatter(
            x=[group.value for group in shown],
            y=[plain(group.name) for group in shown],
            mode="markers",
            marker={"size": 10, "color": [PRIMARY if group.stands else NEUTRAL for group in shown]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [group.high - group.value for group in shown],
                "arrayminus": [group.value - group.low for group in shown],
                "color": NEUTRAL,
            },
            customdata=[[group.low, group.high, counted(group.leads, of)] for group in shown],
            hovertemplate=f"{hover}<extra></extra>",
        )
    )
    figure.add_vline(x=line_at, line={"color": NEUTRAL, "width": 1, "dash": dash})
    figure.update_yaxes(short_names([group.name for group in shown]))
    return figure
