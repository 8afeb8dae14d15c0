"""How a lead's chance moved from score to score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import NEUTRAL, TIER_COLORS


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """One score: when (in the zone of who looks), calibrated probability in [0, 1], tier, model."""

    scored_at: datetime
    probability: float
    tier: str
    model_version: str


def score_history(points: Sequence[ScorePoint]) -> go.Figure:
    """Return the calibrated probability over time, each point in the colour of its tier.

    ``points`` are oldest first; a chance holds until the next score, so the line is stepped.

    >>> from datetime import datetime
    >>> figure = score_history([ScorePoint(datetime(2026, 1, 2), 0.4, "hot", "sample-1")])
    >>> figure.data[0].mode
    'lines+markers'
    """
    figure = go.Figure(
        go.Scatter(
            x=[point.scored_at for point in points],
            y=[100 * point.probability for point in points],
            mode="lines+markers",
            line={"shape": "hv", "color": NEUTRAL, "width": 1.5},
            marker={"size": 9, "color": [TIER_COLORS.get(point.tier, NEUTRAL) for point in points]},
            customdata=[[point.tier, plain(point.model_version)] for point in points],
            hovertemplate="%{x|%b %-d, %Y, %H:%M}: %{y:.1f} %, %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=200,
        yaxis={"ticksuffix": " %", "rangemode": "tozero", "nticks": 5},
        xaxis={"showgrid": False, "nticks": 6},
    )
