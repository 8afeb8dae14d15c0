"""What went wrong, in the error's own words: they may hold text of a file or a lead, so they are never Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import JorgeError, Unavailable

HEADLINE = "That did not work"
NAMES = {"database": "database", "redis": "live feed", "ml_model": "model"}


def problem(what: Exception | str, headline: str = HEADLINE) -> None:
    """Show one card that says what came in and what to do: an error, or a sentence."""
    with st.container(border=True, gap="xsmall"):
        st.badge(headline, color="red", icon=":material/error:")
        st.text(str(what))


@contextmanager
def attempt(otherwise: str = HEADLINE) -> Iterator[None]:
    """A change that may be refused: the error then shows under the headline ``otherwise``.

    What follows a change that went stands inside as well, a rerun above all: it would take the problem off the screen.
    """
    try:
        yield
    except JorgeError as error:
        problem(error, otherwise)


@contextmanager
def told(place: str = "This page") -> Iterator[None]:
    """An error that is raised on purpose inside becomes one clear sentence; what stands below goes on."""
    try:
        yield
    except Unavailable as error:
        problem(error, f"{place} needs the {NAMES.get(error.dependency, error.dependency)}")
    except JorgeError as error:
        problem(error)
