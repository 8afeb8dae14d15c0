"""Does it happen as often as the model says?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import NEUTRAL, PRIMARY
from core.words import counted


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Leads with about the same predicted probability: what was said, what happened, of how many.

    ``predicted`` is the mean probability, ``observed`` the share that converted, both in [0, 1]; ``low`` and
    ``high`` bound a 95 % interval round ``observed``.
    """

    predicted: float
    observed: float
    count: int
    low: float
    high: float


def calibration_curve(bins: Sequence[CalibrationBin], whose: str = "Held-out leads") -> go.Figure:
    """Return said against happened, with the diagonal of a perfect model and the count at each point.

    >>> figure = calibration_curve([CalibrationBin(0.1, 0.12, 200, 0.08, 0.17)])
    >>> [trace.name for trace in figure.data]
    ['As said', 'Held-out leads']
    """
    top = 100 * max([0.1, *(max(group.high, group.predicted) for group in bins)])
    diagonal = go.Scatter(
        x=[0, top],
        y=[0, top],
        mode="lines",
        name="As said",
        hoverinfo="skip",
        line={"color": NEUTRAL, "dash": "dot"},
    )
    measured = go.Scatter(
        x=[100 * group.predicted for group in bins],
        y=[100 * group.observed for group in bins],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [100 * (group.high - group.observed) for group in bins],
            "arrayminus": [100 * (group.observed - group.low) for group in bins],
            "thickness": 1.2,
            "width": 3,
        },
        mode="lines+markers",
        name=whose,
        line={"color": PRIMARY, "width": 2},
        marker={"size": 8},
        customdata=[[counted(group.count, "lead")] for group in bins],
        hovertemplate="Said %{x:.1f} %, happened %{y:.1f} %<br>%{customdata[0]}<extra></extra>",
    )
    return framed(
        go.Figure([diagonal, measured]),
        height=320,
        showlegend=True,
        xaxis={"title": "What the model said", "ticksuffix": " %", "range": [0, top]},
        yaxis={"title": "What happened", "ticksuffix": " %", "range": [0, top]},
    )
