"""Keeping the present filters under a name."""

from __future__ import annotations

import streamlit as st

from core.services.access import Right
from core.services.analyses import segments
from core.services.center import CommandCenter
from core.store import LeadFilter
from pages.components.problem import attempt, problem
from pages.components.said import say_after_the_rerun
from pages.components.words import choice

SAVED = "segments_saved"


def save_segment(center: CommandCenter, wanted: LeadFilter, closing: str | None = None) -> None:
    """A popover that keeps ``wanted`` (and the expected month) as a segment, new or in place of one that there is."""
    if not center.actor.may(Right.MONEY):  # segments are the team's
        return
    with st.popover("Save as segment", icon=":material/bookmark:"), st.form("segment", border=False):
        known = segments.names(center)
        saved = st.session_state.setdefault(SAVED, 0)  # new keys empty the form
        name = st.text_input("Name", max_chars=segments.MOST_NAME, key=f"segment_name_{saved}")
        instead = st.selectbox(
            "Or put these filters into", known, index=None, key=f"segment_instead_{saved}", format_func=choice,
            placeholder="A segment that there is", disabled=not known,
        )  # fmt: skip
        if not st.form_submit_button("Save segment", type="primary", key="segment_save"):
            return
        told = (name or "").strip() or instead or ""
        if told in known and told != instead:
            problem(f"There is a segment {told!r} already; pick it above to replace its filters.")
            return
        with attempt(otherwise="Not saved"):
            segments.save(center, told, wanted, closing, instead_of=instead)
            st.session_state[SAVED] = saved + 1
            say_after_the_rerun("The segment is saved; see Advanced analytics, Segments")
            st.rerun()
