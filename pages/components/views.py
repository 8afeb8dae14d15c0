"""The switch between the views of a page, kept in the address; only the one that is open runs."""

from __future__ import annotations

import streamlit as st

DRIVERS = "What drives the scores"


def open_view(first: str, key: str, *further: str) -> str:
    """Show a switch between ``first``, ``further`` and what drives the scores; return what is open.

    What is open stands under ``key`` in the address.
    """
    chosen = st.segmented_control(
        "View",
        [first, *further, DRIVERS],
        default=first,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen or first
