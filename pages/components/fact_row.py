"""Labelled texts beside each other, in one card."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def fact_row(told: Mapping[str, str]) -> None:
    """Show each text under its label; texts may be other people's, labels are ours."""
    with st.container(border=True), st.grid(len(told), min_column_width=170):
        for label, text in told.items():
            with st.container(gap=None):
                st.caption(label)
                st.text(text)
