"""The day's counters."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.leads import utc_now
from core.services import live
from core.services.center import CommandCenter
from pages.components.problem import told
from pages.components.words import FOR_CLAUDE, local

REFRESH_S = 8


@st.fragment(run_every=REFRESH_S)
def today(center: CommandCenter) -> None:
    """Scored, hot, for Claude and come again unchanged since the viewer's midnight; refreshed on its own."""
    with told("The day's counters"):
        counts = live.snapshot(center, since=midnight(), most=1).counts
        with st.grid(4, min_column_width=130):
            st.metric("Scored today", counts.scored, border=True, format="localized")
            st.metric("Hot", counts.hot, border=True, format="localized")
            st.metric("For Claude", counts.escalated, border=True, format="localized", help=FOR_CLAUDE)
            st.metric(
                "Came unchanged",
                counts.cache_hits,
                border=True,
                format="localized",
                help="Sent again with nothing new: the score of before was given at once.",
            )


def midnight() -> datetime:
    """When the day began for who is looking, in UTC."""
    return local(utc_now()).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
