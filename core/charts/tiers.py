"""What a tier is worth: the share of its leads that converted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from core.charts.frame import framed
from core.charts.palette import NEUTRAL, TIER_COLORS


@dataclass(frozen=True, slots=True)
class TierShare:
    """Of ``leads`` in ``tier``, ``converted`` signed a contract."""

    tier: str
    leads: int
    converted: int

    @property
    def share(self) -> float | None:
        """Share converted, in [0, 1]; None when the tier has no leads.

        >>> TierShare("hot", 200, 90).share
        0.45
        """
        return self.converted / self.leads if self.leads else None


def tier_shares(shares: Sequence[TierShare]) -> go.Figure:
    """Return one bar a tier, with the share and the counts it stands on written beside it.

    >>> tier_shares([TierShare("hot", 200, 90)]).data[0].text
    ('45 % (90 of 200)',)
    """
    told = [share for share in shares if share.share is not None]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            y=[share.tier.capitalize() for share in told],
            x=[100 * (share.share or 0) for share in told],
            text=[f"{100 * (share.share or 0):.0f} % ({share.converted:,} of {share.leads:,})" for share in told],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [TIER_COLORS.get(share.tier, NEUTRAL) for share in told]},
            hovertemplate="%{y}: %{text} signed<extra></extra>",
        )
    )
    top = max([10.0, *(100 * (share.share or 0) for share in told)])
    return framed(
        figure,
        height=44 * max(len(told), 1) + 40,
        yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "},
        xaxis={"ticksuffix": " %", "range": [0, 1.45 * top], "nticks": 5},
        bargap=0.35,
    )
