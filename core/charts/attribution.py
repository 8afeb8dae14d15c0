"""The same closings, shared among channels by several models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import plotly.graph_objects as go

from core.charts.frame import framed, plain, short_names
from core.charts.palette import CATEGORICAL, NEUTRAL, faded

_SYMBOLS: Final = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star", "hexagon")


def credit_dots(channels: Sequence[str], credits_by_model: Mapping[str, Sequence[float]], total: int) -> go.Figure:
    """Return a line a channel, the first on top, with a mark a model; ``total`` closings are shared out.

    The wider a line, the more it matters which model is asked.

    >>> figure = credit_dots(["Web", "Ads"], {"First touch": [3.0, 1.0], "Last touch": [2.0, 2.0]}, 4)
    >>> [(trace.name, list(trace.x)) for trace in figure.data[1:]]
    [('First touch', [3.0, 1.0]), ('Last touch', [2.0, 2.0])]
    >>> figure.data[0].x
    (2.0, 3.0, None, 1.0, 2.0, None)
    """
    labels = [plain(channel) for channel in channels]
    by_channel = list(zip(*credits_by_model.values(), strict=True))
    spans = go.Scatter(
        x=[end for of in by_channel for end in (min(of), max(of), None)],
        y=[label for label in labels for _ in range(3)],
        mode="lines",
        line={"color": faded(NEUTRAL, 0.5), "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    marks = [
        go.Scatter(
            mode="markers",
            cliponaxis=False,
            name=plain(model),
            y=labels,
            x=list(values),
            customdata=[f"{100 * value / total:.1f} %" if total else "none" for value in values],
            marker={
                "color": CATEGORICAL[place % len(CATEGORICAL)],
                "symbol": _SYMBOLS[place % len(_SYMBOLS)],
                "size": 11,
            },
            hovertemplate=f"%{{y}}, {plain(model).lower()}: %{{x:,.1f}} closings, %{{customdata}} of {total:,}"
            "<extra></extra>",
        )
        for place, (model, values) in enumerate(credits_by_model.items())
    ]
    return framed(
        go.Figure([spans, *marks]),
        height=110 + 28 * max(1, len(labels)),
        showlegend=True,
        legend={"traceorder": "normal"},
        yaxis={"autorange": "reversed", "ticksuffix": "  ", "type": "category", **short_names(channels)},
        xaxis={"title": "Closings credited to the channel", "tickformat": ",", "rangemode": "tozero"},
    )
