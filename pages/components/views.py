"""The switch between two views of a page, kept in the address; only the one that is open runs."""

from __future__ import annotations

import streamlit as st

DRIVERS = "What drives the scores"


def open_view(first: str, key: str) -> str:
    """Show a switch between ``first`` and what drives the scores, ``key`` in the address; return what is open."""
    chosen = st.segmented_control(
        "View",
        [first, DRIVERS],
        default=first,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or first
