"""Of when the figures of a page are; the screens of managers stay open all day while leads come in."""

from __future__ import annotations

import streamlit as st

from core.services.center import CommandCenter
from core.services.running.kept import Seen
from pages.components.problem import told
from pages.components.words import clock

LOOK_EVERY_S = 60


def as_of(center: CommandCenter) -> None:
    """Say of when the figures below are and, once the record has gone on, offer to bring them up to date."""
    if center.store.version():  # of an empty workspace there are no figures
        _line(center, center.seen())


@st.fragment(run_every=LOOK_EVERY_S)
def _line(center: CommandCenter, seen: Seen) -> None:
    newer = False
    with told("This time"):
        newer = center.store.version() != seen.version
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="as_of"):
        st.caption(f"Figures as of {clock(seen.at)}." + (" The record has changed since." if newer else ""))
        if newer and st.button("Bring up to date", type="tertiary", icon=":material/refresh:", key="bring_up_to_date"):
            center.kept.look_again()
            st.rerun()
