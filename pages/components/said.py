"""What a change came to, said by the run that follows it: a rerun takes along what was said right before it."""

from __future__ import annotations

import streamlit as st

_SAID = "said_after_the_rerun"


def say_after_the_rerun(words: str) -> None:
    """Keep our own words for the next run of the page."""
    st.session_state[_SAID] = words


def say_what_was_kept() -> None:
    """Say them, once."""
    if words := st.session_state.pop(_SAID, None):
        st.toast(words)
