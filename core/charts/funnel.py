"""How many leads reached each stage, and what became of those that did not go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed, plain, whole_numbers
from core.charts.intervals import Mark, marks
from core.charts.palette import HOT, PRIMARY, WARM, faded


@dataclass(frozen=True, slots=True)
class FunnelBar:
    """The leads that reached ``stage``: those that went on, stand there (``stuck`` among them too long), were lost."""

    stage: str
    went_on: int
    open: int
    stuck: int
    lost: int

    @property
    def reached(self) -> int:
        """All of them."""
        return self.went_on + self.open + self.stuck + self.lost


@dataclass(frozen=True, slots=True)
class GroupRate:
    """A group's share that goes on from a stage, in percent, with its interval; ``stands`` when it is no accident."""

    group: str
    share: float
    low: float
    high: float
    leads: int
    stands: bool


def funnel_bars(bars: Sequence[FunnelBar]) -> go.Figure:
    """Return a bar a stage, the first on top, each split by what became of its leads.

    >>> figure = funnel_bars([FunnelBar("Generated", 6, 2, 1, 1), FunnelBar("Closed", 6, 0, 0, 0)])
    >>> [list(trace.x) for trace in figure.data]
    [[6, 6], [2, 0], [1, 0], [1, 0]]
    """
    parts = (
        ("went on", [bar.went_on for bar in bars], PRIMARY),
        ("there now", [bar.open for bar in bars], faded(PRIMARY, 0.4)),
        ("stuck there", [bar.stuck for bar in bars], WARM),
        ("lost there", [bar.lost for bar in bars], faded(HOT, 0.75)),
    )
    stages = [plain(bar.stage) for bar in bars]
    figure = go.Figure(
        [
            go.Bar(
                orientation="h",
                name=name.capitalize(),
                y=stages,
                x=values,
                customdata=[[_share(value, bar.reached), bar.reached] for value, bar in zip(values, bars, strict=True)],
                marker={"color": color},
                hovertemplate=f"%{{y}}: %{{x:,}} {name}, %{{customdata[0]}} of %{{customdata[1]:,}}<extra></extra>",
            )
            for name, values, color in parts
        ]
    )
    return framed(
        figure,
        height=80 + 46 * max(1, len(bars)),
        barmode="stack",
        bargap=0.25,
        showlegend=True,
        legend={"traceorder": "normal"},
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  ", "type": "category"},
        xaxis={
            "title": "Leads that reached the stage",
            "tickformat": ",",
            **whole_numbers(max((bar.reached for bar in bars), default=0)),
        },
    )


def group_rates(groups: Sequence[GroupRate], team: float) -> go.Figure:
    """Return each group's share with its interval, the first on top, and a line at the share of all (percent).

    >>> list(group_rates([GroupRate("Referral", 62.0, 50.0, 72.0, 60, True)], 48.0).data[0].x)
    [62.0]
    """
    drawn = [Mark(one.group, one.share, one.low, one.high, one.leads, one.stands) for one in groups]
    hover = "%{y}: %{x:.1f} % (%{customdata[0]:.1f} to %{customdata[1]:.1f}), %{customdata[2]}"
    figure = marks(drawn, hover, team, dash="dot")
    return framed(
        figure,
        height=70 + 28 * max(3, len(drawn)),
        xaxis={"title": "Share that goes on (dotted: all leads)", "ticksuffix": " %"},
        yaxis={"showgrid": False, "type": "category"},
    )


def _share(value: int, reached: int) -> str:
    return f"{100 * value / reached:.1f} %" if reached else "none"
