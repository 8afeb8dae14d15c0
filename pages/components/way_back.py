"""The browser's way back to the view that was left, filters and all."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "way_back", html="<span></span>", js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
)


def way_back() -> None:
    """Keep the history of the browser whole; nothing is seen of it."""
    _mount(key="way_back", height=1)
