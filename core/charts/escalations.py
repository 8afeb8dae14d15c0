"""How many leads were put to Claude, day by day and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go

from core.charts.frame import framed, plain, whole_numbers
from core.charts.palette import CATEGORICAL


def escalations_by_day(days: Sequence[tuple[date, Mapping[str, int]]], labels: Mapping[str, str]) -> go.Figure:
    """Return a stacked bar a day; ``days`` hold counts by reason, ``labels`` name the reasons in their order.

    >>> figure = escalations_by_day([(date(2026, 3, 1), {"requested": 2})], {"requested": "Asked by hand"})
    >>> figure.data[0].name, list(figure.data[0].y)
    ('Asked by hand', [2])
    """
    told = [reason for reason in labels if any(counts.get(reason) for _, counts in days)]
    figure = go.Figure(
        [
            go.Bar(
                x=[day for day, _ in days],
                y=[counts.get(reason, 0) for _, counts in days],
                name=plain(labels[reason]),
                marker={"color": CATEGORICAL[place % len(CATEGORICAL)]},
                hovertemplate=f"%{{x|%b %-d}}: %{{y:,}} {plain(labels[reason]).lower()}<extra></extra>",
            )
            for place, reason in enumerate(labels)
            if reason in told
        ]
    )
    return framed(
        figure,
        height=240,
        barmode="stack",
        bargap=0.25,
        showlegend=len(told) > 1,
        xaxis={"showgrid": False, "nticks": 7, "tickformat": "%b %-d"},
        yaxis={
            "title": "Leads",
            "rangemode": "tozero",
            "nticks": 5,
            **whole_numbers(max((sum(counts.values()) for _, counts in days), default=0)),
        },
    )
