"""A chart whose bars and points lead to the leads behind them, as the lines of its table do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.charts.frame import CONFIG
from core.words import month_words
from pages.components.figure_table import LEADS, Address
from pages.components.words import choice

if TYPE_CHECKING:
    import plotly.graph_objects as go

BOTH = 2
Ways = Mapping[str, Address | None] | Mapping[tuple[str, str], Address | None]


@st.fragment
def figure_chart(figure: go.Figure, *, key: str, alt: str, ways: Ways, click: str = "a bar or a point") -> None:
    """Show ``figure``; a click on what ``click`` says brings the way to its leads, without the rest of the page.

    ``ways`` are the addresses by what an axis says at the point, by what both say, by the name of its line and what an
    axis says, by the point's own words, or by the name of its line alone.
    """
    if not any(ways.values()) or _on_a_phone():
        st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
        return
    chosen = st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, on_select="rerun", selection_mode="points")
    found = way_of(figure, chosen["selection"]["points"], ways)
    if found is None:
        st.caption(f"Click {click} for the way to its leads.")
        return
    label, address = found
    words = choice(f"Open the leads: {label}")
    st.page_link(LEADS, label=words, icon=":material/group:", query_params=dict(address))


def _on_a_phone() -> bool:
    """There a chart that can be clicked would stop the finger that scrolls over it; the table leads to the leads."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def way_of(figure: go.Figure, points: list[dict[str, Any]], ways: Ways) -> tuple[str, Address] | None:
    """What the first of the clicked points is called, and its address; None where none leads anywhere.

    It goes by what the point says, not by its place: a click of before a filter was changed must not open others.
    """
    addresses: Mapping[Any, Address | None] = ways
    for point in points[:1]:
        name = unescape(str(getattr(figure.data[int(point.get("curve_number", 0))], "name", None) or ""))
        for key, words in _keys(name, point):
            address = addresses.get(key)
            if address:
                return words, address
    return None


def _keys(name: str, point: Mapping[str, Any]) -> Iterator[tuple[str | tuple[str, str], str]]:
    """What the addresses of a point of the line ``name`` may stand under, each with how a person says it."""
    told = [unescape(point[axis]) for axis in ("x", "y") if isinstance(point.get(axis), str)]
    if len(told) == BOTH:
        yield (told[1], told[0]), f"{_said(told[1])}, {_said(told[0])}"
    for label in told:
        yield (name, label), f"{name}, {_said(label)}"
        yield label, _said(label)
    own = point.get("text")
    if isinstance(own, str) and own:
        yield unescape(own), unescape(own)
    yield name, name


def _said(label: str) -> str:
    """What an axis of months holds as a person reads it.

    >>> _said("2026-03-01"), _said("Zillow")
    ('Mar 2026', 'Zillow')
    """
    return month_words(date.fromisoformat(label)) if re.fullmatch(r"\d{4}-\d\d-01", label) else label
