"""What open leads are expected to bring, and why it is another sum than before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from core.charts.frame import framed, plain, short_names
from core.charts.palette import HOT, NEUTRAL, PRIMARY, faded
from core.words import counted, dollars

MOST_BARS: Final = 15
_AMOUNT_PX: Final = 84  # room for an amount beside the longest bar


@dataclass(frozen=True, slots=True)
class Bar:
    """Money in US dollars of the leads that ``label`` names."""

    label: str
    leads: int
    expected_usd: float
    net_usd: float


def expected_bars(bars: Sequence[Bar]) -> go.Figure:
    """Return two bars a label: expected commission, and the agents' net of it. At most 15 labels are drawn.

    >>> list(expected_bars([Bar("Contract", 3, 9000.0, 6000.0)]).data[1].x)
    [6000.0]
    """
    drawn = bars[:MOST_BARS]
    labels = [plain(bar.label) for bar in drawn]
    leads = [counted(bar.leads, "lead") for bar in drawn]
    parts = (
        ("Expected commission", [bar.expected_usd for bar in drawn], faded(PRIMARY, 0.45)),
        ("Agents' net", [bar.net_usd for bar in drawn], PRIMARY),
    )
    figure = go.Figure(
        [
            go.Bar(
                orientation="h",
                name=name,
                y=labels,
                x=values,
                customdata=leads,
                marker={"color": color},
                hovertemplate=f"%{{y}}: %{{x:$,.0f}} {name.lower()}, %{{customdata}}<extra></extra>",
            )
            for name, values, color in parts
        ]
    )
    return framed(
        figure,
        height=100 + 36 * max(1, len(drawn)),
        barmode="group",
        bargap=0.3,
        showlegend=True,
        legend={"traceorder": "normal"},
        yaxis={
            "autorange": "reversed",
            "showgrid": False,
            "ticksuffix": "  ",
            "type": "category",
            **short_names([bar.label for bar in drawn]),
        },
        xaxis={"title": "US dollars", "tickprefix": "$", "tickformat": ",.3~s", "nticks": 6},
    )


def bridge(before_usd: float, steps: Sequence[tuple[str, int, float]], after_usd: float) -> go.Figure:
    """Return a waterfall from ``before_usd`` to ``after_usd``; a step is its label, number of leads and change.

    Its bars lie, so that an amount has its whole line beside them, on a phone too.

    >>> list(bridge(100.0, [("New leads", 2, 20.0)], 120.0).data[0].x)
    [100.0, 20.0, 120.0]
    """
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            y=["A week ago", *(plain(label) for label, _, _ in steps), "Now"],
            x=[before_usd, *(change for _, _, change in steps), after_usd],
            measure=["absolute", *("relative" for _ in steps), "total"],
            text=[dollars(before_usd), *(_signed(change) for _, _, change in steps), dollars(after_usd)],
            textposition="outside",
            constraintext="none",
            cliponaxis=False,
            customdata=["", *(f", {counted(leads, 'lead')}" for _, leads, _ in steps), ""],
            hovertemplate="%{y}: %{text}%{customdata}<extra></extra>",
            increasing={"marker": {"color": PRIMARY}},
            decreasing={"marker": {"color": HOT}},
            totals={"marker": {"color": NEUTRAL}},
            connector={"line": {"color": faded(NEUTRAL, 0.5), "width": 1}},
        )
    )
    return framed(
        figure,
        height=60 + 34 * (len(steps) + 2),
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  ", "type": "category"},
        xaxis={"title": "Expected commission", "tickprefix": "$", "tickformat": ",.3~s", "nticks": 5},
        margin={"l": 8, "r": _AMOUNT_PX, "t": 8, "b": 8},
    )


def _signed(change: float) -> str:
    return "$0" if abs(change) < 0.005 else f"{'+' if change > 0 else '-'}{dollars(abs(change))}"
