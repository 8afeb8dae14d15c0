"""How far work in a thread is, with a button that stops it where it can be stopped."""

from __future__ import annotations

import streamlit as st

from core.services.running.job import Job

TICK_S = 0.5


@st.fragment(run_every=TICK_S)
def job_progress(kept_as: str) -> None:
    """Show the bar of the job that the session keeps under ``kept_as``; the page runs anew when it has ended."""
    job: Job[object] = st.session_state[kept_as]
    if job.done:
        st.rerun()
    st.progress(job.share, text=job.told)
    if job.can_stop and st.button("Stop", key=f"{kept_as}_stop", icon=":material/stop:"):
        job.cancel()
