"""How many leads got which score."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from core.charts.frame import framed
from core.charts.palette import TIER_COLORS

BINS = 25


def score_distribution(probabilities: ArrayLike, hot: float, warm: float) -> go.Figure:
    """Return the counts of leads in 25 equal steps of probability, coloured by the tier of a step's middle.

    ``probabilities`` lie in [0, 1]; ``hot`` and ``warm`` are the lowest probabilities of those tiers.

    >>> figure = score_distribution([0.05, 0.06, 0.9], hot=0.5, warm=0.2)
    >>> int(sum(figure.data[0].y))
    3
    """
    counts, steps = np.histogram(np.asarray(probabilities, dtype=np.float64), bins=BINS, range=(0.0, 1.0))
    middles = (steps[:-1] + steps[1:]) / 2
    tiers = ["hot" if middle >= hot else "warm" if middle >= warm else "cold" for middle in middles]
    figure = go.Figure(
        go.Bar(
            x=100 * middles,
            y=counts,
            width=100 / BINS * 0.9,
            marker={"color": [TIER_COLORS[tier] for tier in tiers]},
            customdata=np.column_stack([100 * steps[:-1], 100 * steps[1:]]),
            hovertemplate="%{customdata[0]:.0f} to %{customdata[1]:.0f}: %{y:,} leads<extra></extra>",
        )
    )
    return framed(
        figure,
        height=240,
        xaxis={"title": "Score", "range": [0, 100], "showgrid": False},
        yaxis={"title": "Leads", "rangemode": "tozero", "nticks": 5},
        bargap=0,
    )
