"""What every figure shares: one template, made once, and text that Plotly does not read as markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Final

import pandas  # noqa: F401 - Plotly looks into pandas where it is loaded; half loaded, by another thread, it would fail
import plotly.graph_objects as go

from core.charts.palette import CATEGORICAL, NEUTRAL, faded

_GRID: Final = faded(NEUTRAL, 0.25)
_AXIS: Final[dict[str, Any]] = {"gridcolor": _GRID, "zeroline": False, "automargin": True, "fixedrange": True}

TEMPLATE: Final = go.layout.Template(
    layout={
        "colorway": list(CATEGORICAL),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": False,
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    }
)

FEW_STEPS: Final = 5
LONGEST_NAME: Final = 32
CONFIG: Final = {"displayModeBar": False, "responsive": True}


def framed(figure: go.Figure, *, height: int, **layout: Any) -> go.Figure:
    """Give ``figure`` the common look and a ``height`` in pixels; further layout keys win."""
    figure.update_layout(template=TEMPLATE, height=height, **layout)
    return figure


def whole_numbers(largest: int) -> dict[str, int]:
    """What an axis of counts needs where it is so short that Plotly would halve its steps: there is no half lead.

    >>> whole_numbers(3), whole_numbers(400)
    ({'dtick': 1}, {})
    """
    return {"dtick": 1} if largest < FEW_STEPS else {}


def cell_marks(cells: Sequence[tuple[Any, Any, str]], hover: str) -> go.Scatter:
    """Return unseen marks on the cells of a field, (x, y, what it tells) each: a field itself answers no click.

    >>> cell_marks([("09", "Monday", "40 %")], "%{customdata[0]}").customdata
    (['40 %'],)
    """
    unseen = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=[cell[0] for cell in cells],
        y=[cell[1] for cell in cells],
        customdata=[[cell[2]] for cell in cells],
        mode="markers",
        marker={"size": 26, "symbol": "square", "opacity": 0},
        selected=unseen,
        unselected=unseen,
        hovertemplate=hover,
        hoverlabel={"bgcolor": "#102A27", "font": {"color": "#FFFFFF"}},  # read on light and dark pages
        showlegend=False,
    )


def plain(text: str) -> str:
    """Return ``text`` so that Plotly, which reads a subset of HTML everywhere, shows it as it is.

    >>> plain('<img src=x onerror=alert(1)>')
    '&lt;img src=x onerror=alert(1)&gt;'
    """
    return escape(text, quote=False)


def short_names(names: Sequence[str]) -> dict[str, Any]:
    """What an axis of other people's names needs so that a long one leaves room for the chart; a hover tells it whole.

    >>> short_names(["Ana", "Bo"]), short_names(["A" * 40])["ticktext"]
    ({}, ['AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…'])
    """
    if all(len(name) <= LONGEST_NAME for name in names):
        return {}
    said = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in names]
    return {"tickmode": "array", "tickvals": [*map(plain, names)], "ticktext": [*map(plain, said)]}
