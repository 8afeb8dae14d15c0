"""What would raise a lead's score, as sentences to act on."""

from __future__ import annotations

import streamlit as st

from core.leads import OPEN_STAGES
from core.services.center import CommandCenter
from core.services.lead import what_if
from core.services.lead.leads import LeadDetail
from core.services.lead.what_raises import Raise, what_raises
from core.store import StoredScore
from pages.components.empty import nothing
from pages.components.lead.what_if import try_a_change


def what_could_change(center: CommandCenter, detail: LeadDetail) -> None:
    """Beside each other: what would raise the score, and any change to try."""
    stored = detail.latest
    if stored is None:
        return
    if center.model_or_none is None:
        nothing("What would raise this score", "The model has to answer for this, and it does not at the moment.")
        return
    act, play = st.columns([2, 3], gap="medium")
    with act:
        raises(center, detail, stored)
    with play:
        try_a_change(center, detail, stored)


def raises(center: CommandCenter, detail: LeadDetail, stored: StoredScore) -> None:
    """What an agent could do, the most telling first; only ever what an agent can influence."""
    st.subheader("What would raise this score", anchor=False)
    if detail.history.lead.stage not in OPEN_STAGES:
        nothing("Nothing to raise any more", "The lead is closed or lost; steps are for leads that may still sign.")
        return
    found = what_if.scenario(center, detail.history, stored)
    told = what_raises(found.model, found.present.features)
    if not told.single and told.together is None:
        nothing("No step raises it", "Nothing that an agent can do raises this score by a point or more.")
        return
    with st.container(gap="xsmall"):
        for one in told.single:
            _step(one)
        if told.together is not None:
            st.caption("The most that two steps bring together:")
            _step(told.together)
    st.caption(
        "This is what the model learned from leads like this one, not a promise: a ready lead asks for a showing, "
        "but a showing does not make a lead ready. Who the person is never counts here."
    )


def _step(one: Raise) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        st.badge(f"+{round(100 * one.after) - round(100 * one.before)}", color="green")  # of the figures that are shown
        st.text(one.text, width="stretch")
