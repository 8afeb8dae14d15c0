"""From the base value to the model's raw probability, one bar a feature."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import LOWERS, NEUTRAL, RAISES

ROW_HEIGHT_PX = 26


def waterfall(
    base_value: float,
    contributions: Sequence[tuple[str, float]],
    raw_probability: float,
    most: int = 9,
) -> go.Figure:
    """Return the bars from ``base_value`` over ``contributions`` to ``raw_probability``.

    ``contributions`` are (label, contribution) in any order; the ``most`` largest by absolute value get a bar
    of their own, the others share one, so that the bars always end at the raw probability. All numbers are
    probabilities in [0, 1]. Raises ValueError when they do not add up within 1e-6: their picture would lie.

    >>> figure = waterfall(0.2, [("Budget", 0.25), ("Urgency", -0.05)], 0.4)
    >>> figure.data[0].measure
    ('absolute', 'relative', 'relative', 'total')
    """
    total = base_value + sum(amount for _, amount in contributions)
    if abs(total - raw_probability) > 1e-6:
        raise ValueError(f"the bars end at {total:.6f}; must end at the raw probability {raw_probability:.6f}")
    bars = _largest_first(contributions, most)
    labels = ["Average lead", *(label for label, _ in bars), "This lead"]
    values = np.array([base_value, *(amount for _, amount in bars), raw_probability])
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=[plain(label) for label in labels],
            x=100 * values,
            measure=["absolute", *["relative"] * len(bars), "total"],
            text=[_words(value, relative=0 < place < len(values) - 1) for place, value in enumerate(values)],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{text}<extra></extra>",
            increasing={"marker": {"color": RAISES}},
            decreasing={"marker": {"color": LOWERS}},
            totals={"marker": {"color": NEUTRAL}},
            connector={"line": {"color": NEUTRAL, "width": 1, "dash": "dot"}},
        )
    )
    reach = np.cumsum(np.array([base_value, *(amount for _, amount in bars)])) * 100
    low, high = min(0.0, float(reach.min())), float(max(reach.max(), 100 * raw_probability))
    return framed(
        figure,
        height=ROW_HEIGHT_PX * len(labels) + 56,
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "},
        xaxis={"ticksuffix": " %", "range": [low, high + 0.22 * (high - low)], "nticks": 5},
        waterfallgap=0.35,
    )


def _largest_first(contributions: Sequence[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    told = sorted((pair for pair in contributions if pair[1] != 0), key=lambda pair: -abs(pair[1]))
    shown, rest = told[:most], told[most:]
    if rest:
        shown.append((f"{len(rest)} smaller reason{'s' if len(rest) > 1 else ''}", sum(amount for _, amount in rest)))
    return shown


def _words(value: float, *, relative: bool) -> str:
    return f"{100 * value:+.1f}" if relative else f"{100 * value:.1f} %"
