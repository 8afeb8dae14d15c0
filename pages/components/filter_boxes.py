"""The boxes of which the filters of the list of leads are made: kept in the address, and each change begins anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from pages.components.words import DATE_FIELD

EARLIEST = date(2000, 1, 1)


def first_page() -> None:
    """Begin anew, as the leads of the view are others."""
    st.session_state["page"] = 1


def some_of(
    label: str, key: str, options: Sequence[Any], say: Callable[[Any], str], told: str | None = None
) -> tuple[Any, ...]:
    """Those of ``options`` that are picked, none by default; ``say`` names one, ``told`` is the help."""
    return tuple(
        st.multiselect(
            label, options, key=key, format_func=say, help=told, bind="query-params", on_change=first_page
        )
    )  # fmt: skip


def one_of(
    label: str, key: str, options: Sequence[Any], say: Callable[[Any], str], told: str, unset: str = "Any"
) -> Any | None:
    """The one of ``options`` that is picked; None, which the box calls ``unset``, by default."""
    return st.selectbox(
        label, options, index=None, key=key, format_func=say, placeholder=unset, help=told, bind="query-params",
        on_change=first_page,
    )  # fmt: skip


def whether(label: str, key: str, told: str | None = None) -> bool:
    """Whether a switch is on; it is off by default."""
    return st.toggle(label, key=key, help=told, bind="query-params", on_change=first_page)


def days(label: str, key: str) -> Any:
    """No day by default, then the first, or the first and the last of a span."""
    return st.date_input(
        label, [], EARLIEST, key=key, bind="query-params", on_change=first_page, format=DATE_FIELD
    )  # fmt: skip
