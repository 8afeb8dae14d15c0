"""A file while it is being scored, and what came of it."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from core.errors import JorgeError
from core.services import workspace
from core.services.center import CommandCenter
from core.services.files import ScoreJob
from pages.components.csv_result import csv_result
from pages.components.csv_upload import JOB, forget_file
from pages.components.problem import problem

TICK_S = 0.5
STARTED = "csv_started"


def csv_job(center: CommandCenter) -> None:
    """Show the bar while the job runs, then its result."""
    job: ScoreJob = st.session_state[JOB]
    if not job.done:
        st.session_state.setdefault(STARTED, monotonic())
        _progress()
        return
    st.session_state.pop(STARTED, None)
    if job.result is not None:
        csv_result(job.result, workspace.tier_edges(center))
    elif job.cancelled:
        st.info("Stopped. The leads that were scored by then are kept; no result file was written.")
    else:
        problem(JorgeError(job.error or ""), "The file was not scored")
    st.button("Score another file", on_click=forget_file, key="csv_again", icon=":material/upload_file:")


@st.fragment(run_every=TICK_S)
def _progress() -> None:
    job: ScoreJob = st.session_state[JOB]
    if job.done:
        st.rerun()
    progress = job.progress
    seconds = max(monotonic() - st.session_state[STARTED], 0.001)
    total = f" of {progress.rows_total:,}" if progress.rows_total else ""
    speed = f", {progress.rows_done / seconds:,.0f} a second" if progress.rows_done else ""
    st.progress(progress.share or 0.0, text=f"{progress.phase}: {progress.rows_done:,}{total} rows{speed}")
    if st.button("Stop", key="csv_stop", icon=":material/stop:"):
        job.cancel()
