"""What the order of the calls is worth."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import NEUTRAL, PRIMARY


def lift_curve(shares: Sequence[float], reached: Sequence[float]) -> go.Figure:
    """Return the share of all successes that the first calls reach, against calling in any order.

    ``shares`` of the calls made and ``reached`` of the successes, both in [0, 1] and rising.

    >>> figure = lift_curve([0.5, 1.0], [0.8, 1.0])
    >>> [trace.name for trace in figure.data]
    ['In any order', 'By score']
    """
    chance = go.Scatter(
        x=[0, 100],
        y=[0, 100],
        mode="lines",
        name="In any order",
        hoverinfo="skip",
        line={"color": NEUTRAL, "dash": "dot"},
    )
    ours = go.Scatter(
        x=[0, *(100 * share for share in shares)],
        y=[0, *(100 * share for share in reached)],
        mode="lines",
        name="By score",
        line={"color": PRIMARY, "width": 2.5},
        hovertemplate="The first %{x:.0f} % of calls reach %{y:.0f} % of the successes<extra></extra>",
    )
    return framed(
        go.Figure([chance, ours]),
        height=320,
        showlegend=True,
        xaxis={"title": "Calls made", "ticksuffix": " %", "range": [0, 104], "dtick": 20},
        yaxis={"title": "Successes reached", "ticksuffix": " %", "range": [0, 102]},
    )
