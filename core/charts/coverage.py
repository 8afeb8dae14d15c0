"""The trade behind the threshold: how many leads the model answers alone, and how often it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import NEUTRAL, PRIMARY, WARM, faded


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """At ``threshold``: the share answered alone, and how often that was right (None: nothing answered).

    All in [0, 1]; ``low`` and ``high`` bound a 95 % interval round ``accuracy``.
    """

    threshold: float
    coverage: float
    accuracy: float | None
    low: float | None
    high: float | None


def coverage_curve(points: Sequence[CoveragePoint], threshold: float) -> go.Figure:
    """Return coverage and selective accuracy over the threshold, with the present ``threshold`` marked.

    >>> figure = coverage_curve([CoveragePoint(0.85, 0.75, 0.96, 0.95, 0.97)], 0.85)
    >>> [trace.name for trace in figure.data if trace.name]
    ['Right on those', 'Answered alone']
    """
    answered = [point for point in points if point.accuracy is not None]
    places = [point.threshold for point in answered]
    band = go.Scatter(
        x=[*places, *reversed(places)],
        y=[100 * (point.high or 0) for point in answered] + [100 * (point.low or 0) for point in reversed(answered)],
        fill="toself",
        fillcolor=faded(PRIMARY, 0.18),
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )
    right = go.Scatter(
        x=places,
        y=[100 * (point.accuracy or 0) for point in answered],
        mode="lines",
        name="Right on those",
        line={"color": PRIMARY, "width": 2.5},
        hovertemplate="At %{x:.2f}: right on %{y:.1f} %<extra></extra>",
    )
    share = go.Scatter(
        x=[point.threshold for point in points],
        y=[100 * point.coverage for point in points],
        mode="lines",
        name="Answered alone",
        line={"color": WARM, "width": 2.5, "dash": "dash"},
        hovertemplate="At %{x:.2f}: answers %{y:.1f} % alone<extra></extra>",
    )
    figure = go.Figure([band, right, share])
    figure.add_vline(x=threshold, line={"color": NEUTRAL, "width": 1.5})
    return framed(
        figure,
        height=340,
        showlegend=True,
        xaxis={"title": "Threshold on confidence", "range": [0.5, 0.995], "tickformat": ".2f"},
        yaxis={"ticksuffix": " %", "range": [0, 102]},
    )
