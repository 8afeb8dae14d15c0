"""The same closings, shared among channels by several models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from core.charts.frame import framed, plain
from core.charts.palette import CATEGORICAL


def credit_bars(channels: Sequence[str], credits_by_model: Mapping[str, Sequence[float]], total: int) -> go.Figure:
    """Return a bar a channel and model, the first channel on top; ``total`` closings are shared out.

    >>> figure = credit_bars(["Web", "Ads"], {"First touch": [3.0, 1.0], "Last touch": [2.0, 2.0]}, 4)
    >>> [(trace.name, list(trace.x)) for trace in figure.data]
    [('First touch', [3.0, 1.0]), ('Last touch', [2.0, 2.0])]
    """
    labels = [plain(channel) for channel in channels]
    figure = go.Figure(
        [
            go.Bar(
                orientation="h",
                name=plain(model),
                y=labels,
                x=list(values),
                customdata=[f"{100 * value / total:.1f} %" if total else "none" for value in values],
                marker={"color": CATEGORICAL[place % len(CATEGORICAL)]},
                hovertemplate=f"%{{y}}, {plain(model).lower()}: %{{x:,.1f}} closings, %{{customdata}} of {total:,}"
                "<extra></extra>",
            )
            for place, (model, values) in enumerate(credits_by_model.items())
        ]
    )
    return framed(
        figure,
        height=110 + max(1, len(labels)) * (16 + 9 * max(1, len(credits_by_model))),
        barmode="group",
        bargap=0.25,
        showlegend=True,
        legend={"traceorder": "normal"},
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  ", "type": "category"},
        xaxis={"title": "Closings credited to the channel", "tickformat": ","},
    )
