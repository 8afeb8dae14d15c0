"""The page of a list that this session looks at, where the list may become shorter meanwhile."""

from __future__ import annotations

import streamlit as st


def page_of(key: str, pages: int) -> int:
    """The page, from 1, that the pager ``key`` shall show of ``pages``; called before the pager is drawn.

    A pager whose page is gone would go back to its first, with the rows of the last above it.
    """
    asked = int(st.session_state.get(key, 1))
    if asked > pages:
        st.session_state[key] = pages
    return min(asked, pages)
