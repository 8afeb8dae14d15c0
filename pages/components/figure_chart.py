"""A chart whose bars and points lead to the leads behind them, as the lines of its table do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.charts.frame import CONFIG
from pages.components.figure_table import LEADS, Address
from pages.components.words import choice

if TYPE_CHECKING:
    import plotly.graph_objects as go

Ways = Mapping[str, Address | None] | Mapping[tuple[str, str], Address | None]


@st.fragment
def figure_chart(figure: go.Figure, *, key: str, alt: str, ways: Ways) -> None:
    """Show ``figure``; a click on a bar or point brings the way to its leads, without the rest of the page.

    ``ways`` are the addresses by what the axis says at the point, or by the name of its line and that.
    """
    if not any(ways.values()) or _on_a_phone():
        st.plotly_chart(figure, key=key, config=CONFIG, alt=alt)
        return
    chosen = st.plotly_chart(figure, key=key, config=CONFIG, alt=alt, on_select="rerun", selection_mode="points")
    found = way_of(figure, chosen["selection"]["points"], ways)
    if found is None:
        st.caption("Click a bar or a point for the way to its leads.")
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
        for label in (unescape(point[axis]) for axis in ("x", "y") if isinstance(point.get(axis), str)):
            for key, words in (((name, label), f"{name}, {_said(label)}"), (label, _said(label))):
                address = addresses.get(key)
                if address:
                    return words, address
    return None


def _said(label: str) -> str:
    """What an axis of months holds as a person reads it.

    >>> _said("2026-03-01"), _said("Zillow")
    ('Mar 2026', 'Zillow')
    """
    return f"{date.fromisoformat(label):%b %Y}" if re.fullmatch(r"\d{4}-\d\d-01", label) else label
