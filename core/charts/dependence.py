"""What one feature brings, by its value: a column for each group of values, a dot a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.charts.frame import framed, plain
from core.charts.palette import NEUTRAL, PRIMARY, WARM
from core.words import counted

MOST_DOTS: Final = 2_000
_ZERO: Final = {
    "type": "line",
    "xref": "paper",
    "x0": 0,
    "x1": 1,
    "y0": 0,
    "y1": 0,
    "line": {"color": NEUTRAL, "width": 1},
}
_COLUMN: Final = 0.72  # width of a column of dots, where 1 is the distance between two


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """``leads`` whose value is ``label``, and what the feature brought to them on average, in [-1, 1].

    ``known`` is False for the group of those of whom the value is not known.
    """

    label: str
    leads: int
    mean: float
    known: bool = True


def dependence(
    groups: Sequence[ValueGroup],
    group: NDArray[np.intp],
    values: NDArray[np.floating],
    contributions: NDArray[np.float64],
) -> go.Figure:
    """Return the contributions over the groups, in their order; ``group`` says in which one each lead is.

    ``group``, ``values`` and ``contributions`` have shape (leads,). Inside a column the dots stand in the order of
    their values. At most 2,000 dots are drawn, evenly from all; the means are the groups' own.

    >>> group, values, brought = np.array([0, 0]), np.array([1, 2]), np.array([0.04, 0.06])
    >>> figure = dependence([ValueGroup("under 3", 2, 0.05)], group, values, brought)
    >>> figure.data[-1].y.round(6).tolist()
    [5.0]
    """
    known = np.array([one.known for one in groups], dtype=np.bool_)
    drawn = _even(len(group), MOST_DOTS)
    x = _places(group[drawn], values[drawn]).astype(np.float32)
    y = (100 * contributions[drawn]).astype(np.float32)
    told = known[group[drawn]]
    dots = [_dots(x[mask], y[mask], color) for mask, color in ((told, PRIMARY), (~told, NEUTRAL))]
    means = 100 * np.array([one.mean for one in groups], dtype=np.float64)
    figure = go.Figure([*dots, _bars(means), _hover(groups, means)])
    return framed(
        figure,
        height=340,
        shapes=[_ZERO],
        xaxis={
            "tickvals": np.arange(len(groups)),
            "ticktext": ["<br>".join(wrap(plain(one.label), 16)) for one in groups],
            "range": [-0.6, len(groups) - 0.4],
            "showgrid": False,
        },
        yaxis={"title": "Points", "nticks": 6},
    )


def _bars(means: NDArray[np.float64]) -> go.Scatter:
    """A bar across each column at its mean; a gap parts it from the next."""
    middle = np.arange(len(means))
    x = np.stack([middle - _COLUMN / 2, middle + _COLUMN / 2, np.full(len(means), np.nan)], axis=1).ravel()
    return go.Scatter(x=x, y=np.repeat(means, 3), mode="lines", line={"color": WARM, "width": 3}, hoverinfo="skip")


def _hover(groups: Sequence[ValueGroup], means: NDArray[np.float64]) -> go.Scatter:
    """What the pointer tells of each column."""
    return go.Scatter(
        x=np.arange(len(groups)),
        y=means,
        mode="markers",
        marker={"size": 22, "opacity": 0},
        customdata=[[plain(one.label), counted(one.leads, "lead")] for one in groups],
        hovertemplate="%{customdata[0]}: %{y:+.1f} points on average<br>%{customdata[1]}<extra></extra>",
    )


def _dots(x: NDArray[np.float32], y: NDArray[np.float32], color: str) -> go.Scatter:
    return go.Scatter(x=x, y=y, mode="markers", marker={"size": 4, "opacity": 0.5, "color": color}, hoverinfo="skip")


def _even(count: int, most: int) -> NDArray[np.intp]:
    """Positions of at most ``most`` of ``count``, evenly spread."""
    return np.unique(np.linspace(0, max(count - 1, 0), min(count, most)).astype(np.intp)) if count else np.arange(0)


def _places(group: NDArray[np.intp], values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Where each dot stands: in its group's column, by the rank of its value among the drawn ones of the group."""
    order = np.lexsort((values, group))
    counts = np.bincount(group)
    starts = np.cumsum(counts) - counts
    rank = np.empty(len(group))
    rank[order] = np.arange(len(group)) - starts[group[order]]
    share = (rank + 0.5) / counts[group]
    return np.asarray(group + _COLUMN * (share - 0.5))
