"""What went wrong, in the error's own words: they may hold text of a file or a lead, so they are never Markdown."""

from __future__ import annotations

import streamlit as st

from core.errors import Unavailable


def problem(error: Exception, headline: str = "That did not work") -> None:
    """Show one card that says what came in and what to do."""
    with st.container(border=True, gap="xsmall"):
        st.badge(headline, color="red", icon=":material/error:")
        st.text(str(error))


def unavailable(error: Unavailable) -> None:
    """The page needs a dependency that is down; the notices above say since when."""
    problem(error, f"This page needs the {NAMES.get(error.dependency, error.dependency)}")


NAMES = {"database": "database", "redis": "live feed", "ml_model": "model"}
