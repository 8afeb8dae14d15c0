"""How many leads got which score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.frame import framed, whole_numbers
from core.charts.palette import TIER_COLORS
from core.words import counted


def score_distribution(counts: Sequence[int], hot: float, warm: float) -> go.Figure:
    """Return a bar a count, in the colour of the tier at the middle of its step.

    ``counts`` are the leads in equal steps of probability from 0 to 1; ``hot`` and ``warm`` are the lowest
    probabilities of those tiers.

    >>> figure = score_distribution([2, 0, 0, 1], hot=0.5, warm=0.2)
    >>> figure.data[0].customdata[0].tolist()
    [0.0, 25.0]
    """
    steps = np.linspace(0.0, 100.0, len(counts) + 1)
    middles = (steps[:-1] + steps[1:]) / 2
    tiers = ["hot" if middle >= 100 * hot else "warm" if middle >= 100 * warm else "cold" for middle in middles]
    figure = go.Figure(
        go.Bar(
            x=middles,
            y=np.asarray(counts),
            width=90.0 / max(len(counts), 1),
            marker={"color": [TIER_COLORS[tier] for tier in tiers]},
            customdata=np.column_stack([steps[:-1], steps[1:]]),
            text=[counted(count, "lead") for count in counts],
            textposition="none",
            hovertemplate="%{customdata[0]:.0f} to %{customdata[1]:.0f}: %{text}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=240,
        xaxis={"title": "Score", "range": [0, 100], "showgrid": False},
        yaxis={"title": "Leads", "rangemode": "tozero", "nticks": 5, **whole_numbers(max(counts, default=0))},
        bargap=0,
    )
