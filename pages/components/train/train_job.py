"""A training on its way, and what came of it."""

from __future__ import annotations

import streamlit as st

from core.services.center import CommandCenter
from core.services.model.training import TrainJob
from pages.components.job_progress import job_progress
from pages.components.problem import problem
from pages.components.train.train_report import train_report
from pages.components.train.train_upload import TRAINING


def train_job(center: CommandCenter) -> None:
    """Show the bar while the job runs, then its report."""
    job: TrainJob = st.session_state[TRAINING.job]
    if not job.done:
        job_progress(TRAINING.job)
        return
    if job.result is not None:
        train_report(center, job.result)
    elif job.cancelled:
        st.info("Stopped. Nothing was registered, and the present model goes on answering.")
    else:
        problem(job.error or "", "Nothing could be learned")
    with st.container(horizontal=True):
        st.button("Change the settings", on_click=TRAINING.forget_job, key="train_back", icon=":material/tune:")
        st.button("Train on another file", on_click=TRAINING.forget, key="train_again", icon=":material/upload_file:")
