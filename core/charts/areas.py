"""Areas: as a map without tiles, and as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt
from typing import Any, Final

import plotly.graph_objects as go

from core.charts.frame import framed, plain, short_names
from core.charts.label_places import label_places
from core.charts.palette import NEUTRAL, PRIMARY, faded
from core.words import counted

MOST_BARS: Final = 20
_LARGEST: Final = 46.0
_PLOT_PX: Final = (205.0, 360.0)  # width and height of the map itself on a phone
_NAME_PX: Final = 11
_SHARES: Final = ((0.0, faded(NEUTRAL, 1.0)), (1.0, PRIMARY))


@dataclass(frozen=True, slots=True)
class AreaMark:
    """An area; ``share`` of its decided leads signed (per cent, with ends), None while none is decided.

    ``latitude`` and ``longitude`` are None where nobody has said where it lies.
    """

    name: str
    leads: int
    expected_usd: float
    share: float | None
    low: float | None
    high: float | None
    latitude: float | None = None
    longitude: float | None = None


def area_map(marks: Sequence[AreaMark]) -> go.Figure:
    """Return the placed areas, north up, at one scale; a circle's size is its leads, its colour the share.

    >>> made = area_map([AreaMark("Zilker", 40, 9000.0, 20.0, 12.0, 31.0, 30.27, -97.77)])
    >>> list(made.data[0].x), made.layout.yaxis.scaleanchor
    ([-97.77], 'x')
    """
    placed = [mark for mark in marks if mark.latitude is not None and mark.longitude is not None]
    most = max((mark.leads for mark in placed), default=1)
    middle = sum(mark.latitude or 0.0 for mark in placed) / max(1, len(placed))
    narrower = max(0.05, cos(radians(middle)))  # how long a degree of longitude is, in degrees of latitude
    sizes = [10 + _LARGEST * sqrt(mark.leads / most) for mark in placed]
    positions = _positions(placed, sizes, narrower)
    known = [mark.share for mark in placed if mark.share is not None]
    figure = go.Figure(
        go.Scatter(
            x=[mark.longitude for mark in placed],
            y=[mark.latitude for mark in placed],
            mode="markers+text",
            text=[plain(mark.name) for mark in placed],
            textposition=[position or "middle center" for position in positions],
            textfont={"size": [_NAME_PX if position else 1 for position in positions]},  # a click goes by the text
            cliponaxis=False,
            marker={
                "size": sizes,
                "color": [mark.share if mark.share is not None else 0.0 for mark in placed],
                "colorscale": _SHARES,
                "cmin": 0,
                "cmax": max([*known, 1.0]),
                "opacity": 0.75,
                "colorbar": {"title": {"text": "Signed, %"}, "thickness": 10},
            },
            customdata=_told(placed),
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )
    span = {"showticklabels": True, "ticksuffix": "\u00b0", "nticks": 5}
    return framed(
        figure,
        height=460,
        xaxis={"title": "Longitude", **span},
        yaxis={"title": "Latitude", "scaleanchor": "x", "scaleratio": 1 / narrower, **span},
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
    )


def _positions(placed: Sequence[AreaMark], sizes: Sequence[float], narrower: float) -> list[str]:
    """Where each name stands, empty for those that would not be read on a phone."""
    right = [(mark.longitude or 0.0) * narrower for mark in placed]
    up = [mark.latitude or 0.0 for mark in placed]
    spans = [1.15 * (max(all_of) - min(all_of)) if placed else 0.0 for all_of in (right, up)]
    pixels = min((size / span for size, span in zip(_PLOT_PX, spans, strict=True) if span), default=1.0)
    centers = [(x * pixels, y * pixels) for x, y in zip(right, up, strict=True)]
    return label_places(centers, sizes, [mark.name for mark in placed])


def area_bars(marks: Sequence[AreaMark]) -> go.Figure:
    """Return the expected commission of each area, the largest on top, at most 20.

    >>> list(area_bars([AreaMark("Zilker", 40, 9000.0, None, None, None)]).data[0].x)
    [9000.0]
    """
    drawn = sorted(marks, key=lambda mark: -mark.expected_usd)[:MOST_BARS]
    figure = go.Figure(
        go.Bar(
            orientation="h",
            x=[mark.expected_usd for mark in drawn],
            y=[plain(mark.name) for mark in drawn],
            marker={"color": PRIMARY},
            customdata=_told(drawn),
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )
    return framed(
        figure,
        height=70 + 24 * max(3, len(drawn)),
        xaxis={"title": "Expected commission of open leads, US dollars", "tickprefix": "$", "tickformat": ",.3~s"},
        yaxis={
            "autorange": "reversed",
            "showgrid": False,
            "type": "category",
            "ticksuffix": "  ",
            **short_names([mark.name for mark in drawn]),
        },
    )


def _told(marks: Sequence[AreaMark]) -> list[list[Any]]:
    return [[_words(mark)] for mark in marks]


def _words(mark: AreaMark) -> str:
    leads = f"{plain(mark.name)}: {counted(mark.leads, 'lead')}, ${mark.expected_usd:,.0f} expected"
    if mark.share is None:
        return f"{leads}, none decided yet"
    return f"{leads}, {mark.share:.1f} % signed ({mark.low:.1f} to {mark.high:.1f} %)"
