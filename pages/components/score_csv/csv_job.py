"""A file while it is being scored, and what came of it."""

from __future__ import annotations

import streamlit as st

from core.services import workspace
from core.services.center import CommandCenter
from core.services.lead_files.files import ScoreJob
from pages.components.job_progress import job_progress
from pages.components.problem import problem
from pages.components.score_csv.csv_result import csv_result
from pages.components.score_csv.csv_upload import CSV


def csv_job(center: CommandCenter) -> None:
    """Show the bar while the job runs, then its result."""
    job: ScoreJob = st.session_state[CSV.job]
    if not job.done:
        job_progress(CSV.job)
        return
    if job.result is not None:
        csv_result(job.result, workspace.tier_edges(center))
    elif job.cancelled:
        st.info("Stopped. The leads that were scored by then are kept; no result file was written.")
    else:
        problem(job.error or "", "The file was not scored")
    st.button("Score another file", on_click=CSV.forget, key="csv_again", icon=":material/upload_file:")
