"""How far each feature moves the scores of a selection, up or down, on average."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import PRIMARY

ROW_HEIGHT_PX = 34


def mean_contributions(means: Sequence[tuple[str, float]]) -> go.Figure:
    """Return a bar a feature; ``means`` are (label, mean absolute contribution in [0, 1]), shown in their order.

    >>> mean_contributions([("Budget", 0.042)]).data[0].text
    ('4.2',)
    """
    points = 100 * np.array([mean for _, mean in means], dtype=np.float64)
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=[plain(label) for label, _ in means],
            x=points,
            text=[f"{value:.1f}" for value in points],
            textposition="outside",
            cliponaxis=False,
            marker={"color": PRIMARY},
            hovertemplate="%{y}: %{x:.2f} points on average<extra></extra>",
        )
    )
    return framed(
        figure,
        height=ROW_HEIGHT_PX * max(len(means), 1) + 88,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},  # its rows stand beside those of the beeswarm, which has a legend
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "},
        xaxis={"title": "Points, on average", "range": [0, 1.15 * max([1.0, *points])], "nticks": 5},
        bargap=0.45,
    )
