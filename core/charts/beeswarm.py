"""What each feature brought to every lead of a selection, coloured by the feature's value.

A mark a lead would be 100,000 of them for 10,000 leads, more than a browser draws while somebody waits. So the leads
are stacked into a grid: a column is a narrow range of contributions, the height of its stack says how many leads lie in
it, and each cell has the colour of the leads that fell into it, the lowest values at the bottom. Every lead is in the
picture, and the picture is as large for ten leads as for ten thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import framed, plain
from core.charts.palette import HIGH_VALUE, LOW_VALUE, NEUTRAL, faded

ROW_HEIGHT_PX: Final = 34
EMPTY, NOT_KNOWN, LOWEST, HIGHEST = 0, 1, 2, 102
GAP_LANES: Final = 2
_MANY: Final = 600
_ZERO: Final = {
    "type": "line",
    "yref": "paper",
    "y0": 0,
    "y1": 1,
    "x0": 0,
    "x1": 0,
    "line": {"color": NEUTRAL, "width": 1},
}
_SCALE: Final = [
    [0.0, "rgba(0,0,0,0)"],
    [0.5 / HIGHEST, "rgba(0,0,0,0)"],
    [0.5 / HIGHEST, NEUTRAL],
    [1.5 / HIGHEST, NEUTRAL],
    [1.5 / HIGHEST, LOW_VALUE],
    [1.0, HIGH_VALUE],
]


def beeswarm(
    labels: Sequence[str], contributions: NDArray[np.float64], values: NDArray[np.floating], unknown: float
) -> go.Figure:
    """Return a row a feature, first on top.

    ``contributions`` (probabilities in [-1, 1]) and ``values`` have shape (leads, features); a value that equals
    ``unknown`` gets a colour of its own.

    >>> figure = beeswarm(["Budget"], np.array([[0.1], [-0.1]]), np.array([[5.0], [-1.0]]), unknown=-1.0)
    >>> int((figure.data[0].z > 0).sum())
    2
    """
    columns, lanes = (200, 13) if len(contributions) > _MANY else (110, 9)
    low, high = _reach(contributions)
    edges = np.linspace(low, high, columns + 1)
    rows = [
        _stacked(contributions[:, place], values[:, place] == unknown, values[:, place], edges, lanes)
        for place in range(len(labels))
    ]
    grid = np.concatenate(rows, axis=0) if rows else np.zeros((1, columns), dtype=np.uint8)
    height = lanes + GAP_LANES
    swarm = go.Heatmap(
        z=grid,
        x0=100 * (edges[0] + edges[1]) / 2,
        dx=100 * (edges[1] - edges[0]),
        zmin=EMPTY,
        zmax=HIGHEST,
        colorscale=_SCALE,
        showscale=False,
        zsmooth=False,
        hoverinfo="skip",
    )
    figure = go.Figure([swarm, *_legend()])
    return framed(
        figure,
        height=ROW_HEIGHT_PX * max(len(labels), 1) + 88,
        showlegend=True,
        shapes=[_ZERO],
        yaxis={
            "tickvals": [height * place + (lanes - 1) / 2 for place in range(len(labels))],
            "ticktext": [plain(label) for label in labels],
            "range": [height * max(len(labels), 1) - 0.5, -0.5 - GAP_LANES],
            "showgrid": False,
            "ticksuffix": "  ",
            "ticks": "",
        },
        xaxis={
            "title": "Points, lead by lead",
            "range": [100 * low, 100 * high],
            "nticks": 7,
            "gridcolor": faded(NEUTRAL, 0.2),
        },
    )


def _reach(contributions: NDArray[np.float64]) -> tuple[float, float]:
    """From the lowest to the highest contribution, zero inside, with a little room at both ends."""
    low, high = min(0.0, float(contributions.min(initial=0.0))), max(0.0, float(contributions.max(initial=0.0)))
    room = max(0.02 * (high - low), 0.001)
    return low - room, high + room


def _stacked(
    contribution: NDArray[np.float64],
    not_known: NDArray[np.bool_],
    value: NDArray[np.floating],
    edges: NDArray[np.float64],
    lanes: int,
) -> NDArray[np.uint8]:
    """One feature's part of the grid, shape (lanes + gap, columns): stacks round the middle, high values on top."""
    columns = len(edges) - 1
    column = np.clip(np.searchsorted(edges, contribution, side="right") - 1, 0, columns - 1)
    shade = shades(value, not_known)
    order = np.lexsort((-shade, column))
    column, shade = column[order], shade[order]
    leads = np.bincount(column, minlength=columns)
    stack = np.minimum(leads, np.ceil(lanes * np.sqrt(leads / max(leads.max(), 1)))).astype(np.intp)
    place = np.arange(len(column)) - (np.cumsum(leads) - leads)[column]
    lane = (lanes - stack[column]) // 2 + place * stack[column] // leads[column]
    cell = lane * columns + column
    size = (lanes + GAP_LANES) * columns
    inside = np.bincount(cell, minlength=size)
    known = np.bincount(cell, weights=shade != NOT_KNOWN, minlength=size)
    total = np.bincount(cell, weights=np.where(shade == NOT_KNOWN, 0, shade), minlength=size)
    mean = np.round(total / np.maximum(known, 1))
    grid = np.where(inside == 0, EMPTY, np.where(2 * known >= inside, mean, NOT_KNOWN))
    return grid.reshape(lanes + GAP_LANES, columns).astype(np.uint8)


def shades(value: NDArray[np.floating], not_known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The colour of each value: 2 to 102 by its rank among those that are known, equal values alike; 1 for unknown.

    >>> shades(np.array([5.0, 9.0, 9.0, -1.0]), np.array([False, False, False, True])).tolist()
    [2, 102, 102, 1]
    """
    shade = np.full(len(value), NOT_KNOWN, dtype=np.int64)
    told = value[~not_known]
    if len(told):
        _, which, counts = np.unique(told, return_inverse=True, return_counts=True)
        middle = np.cumsum(counts) - counts / 2
        span = middle[-1] - middle[0]
        share = (middle - middle[0]) / span if span else np.full(len(middle), 0.5)
        shade[~not_known] = np.round(LOWEST + (HIGHEST - LOWEST) * share)[which]
    return shade


def _legend() -> list[go.Scatter]:
    told = (("Low value", LOW_VALUE), ("High value", HIGH_VALUE), ("Not known", NEUTRAL))
    return [
        go.Scatter(
            x=[None], y=[None], mode="markers", name=name, marker={"symbol": "square", "size": 10, "color": color}
        )
        for name, color in told
    ]
