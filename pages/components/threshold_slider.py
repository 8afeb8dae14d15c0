"""The threshold in the sidebar, kept per workspace, with what moving it does."""

from __future__ import annotations

import streamlit as st

from core.services import workspace
from core.services.access import Right
from core.services.center import CommandCenter
from core.services.workspace import ThresholdEffect
from core.words import counted
from pages.components.words import percent

KEY = "confidence_threshold"
BELOW = "Leads below it"
BELOW_HELP = (
    "Of all scored leads, those whose latest confidence is below this threshold as it stands now. For Claude, on other "
    "screens, counts leads as they were marked when they were scored."
)


def threshold_slider(center: CommandCenter) -> float:
    """Show the slider and its effect in the sidebar; return the threshold in [0.50, 0.99]."""
    kept = round(workspace.threshold(center), 2)
    # Only a value that somebody else has set is written into the slider: what a run writes there comes back to the
    # browser after the next press of a key, and would undo it. Streamlit warns of a slider that has both such a value
    # and a default.
    set_elsewhere = round(st.session_state.get(KEY, kept), 2) != kept
    if set_elsewhere:
        st.session_state[KEY] = kept
    with st.sidebar:
        value = st.slider(
            "Threshold",
            workspace.LOWEST_THRESHOLD,
            workspace.HIGHEST_THRESHOLD,
            value=None if set_elsewhere else kept,
            step=0.01,
            key=KEY,
            on_change=_keep,
            args=(center,),
            disabled=not center.actor.may(Right.SETTINGS),
            help="At or above this confidence the model answers alone; below it the lead waits for a second opinion.",
        )
        threshold_effect(workspace.what_moves(center, value))
    return float(value)


def threshold_effect(effect: ThresholdEffect) -> None:
    """Two figures: the leads below the threshold, and how often the model is right on held-out leads above it."""
    chosen = effect.selective
    if effect.total:
        st.metric(BELOW, f"{effect.to_claude:,} of {effect.total:,}", help=BELOW_HELP)
    else:
        st.caption("How many leads are below it shows here from the first lead on.")
    if chosen is None:
        return
    st.metric("Right on the rest", percent(chosen.accuracy, 1) if chosen.answered else "none left")
    if chosen.answered:
        low, high = percent(chosen.accuracy_low, 1), percent(chosen.accuracy_high, 1)
        st.caption(f"Between {low} and {high}, from {chosen.answered:,} of {counted(chosen.total, 'held-out lead')}.")


def _keep(center: CommandCenter) -> None:
    workspace.set_threshold(center, float(st.session_state[KEY]))
