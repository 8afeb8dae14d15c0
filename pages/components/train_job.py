"""A training on its way, and what came of it."""

from __future__ import annotations

import streamlit as st

from core.errors import JorgeError
from core.services.center import CommandCenter
from core.services.training import TrainJob
from pages.components.problem import problem
from pages.components.train_report import train_report
from pages.components.train_upload import JOB, forget_file

TICK_S = 0.5


def train_job(center: CommandCenter) -> None:
    """Show the bar while the job runs, then its report."""
    job: TrainJob = st.session_state[JOB]
    if not job.done:
        _progress()
        return
    if job.report is not None:
        train_report(center, job.report)
    elif job.cancelled:
        st.info("Stopped. Nothing was registered, and the present model goes on answering.")
    else:
        problem(JorgeError(job.error or ""), "Nothing could be learned")
    with st.container(horizontal=True):
        st.button("Change the settings", on_click=_again, key="train_back", icon=":material/tune:")
        st.button("Train on another file", on_click=forget_file, key="train_again", icon=":material/upload_file:")


def _again() -> None:
    st.session_state.pop(JOB, None)


@st.fragment(run_every=TICK_S)
def _progress() -> None:
    job: TrainJob = st.session_state[JOB]
    if job.done:
        st.rerun()
    counted = f": {job.count:,}" if job.count else ""
    st.progress(job.share, text=f"{job.step}{counted}")
    if st.button("Stop", key="train_stop", icon=":material/stop:"):
        job.cancel()
