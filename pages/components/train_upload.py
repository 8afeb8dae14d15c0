"""The file to learn from, from the browser to the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

import streamlit as st

from core.services.center import CommandCenter
from pages.components.csv_upload import spooled

FILE, NAME, JOB, COUNT = "train_path", "train_name", "train_job", "train_uploads"


def chosen_file() -> Path | None:
    """The file that waits to be learned from in this session."""
    path = st.session_state.get(FILE)
    return path if isinstance(path, Path) and path.exists() else None


def upload(center: CommandCenter) -> None:
    """Take a file and say what it needs."""
    uploads = st.session_state.setdefault(COUNT, 0)
    sent = st.file_uploader(
        "CSV file with the outcome of each lead, up to 200 MB", type=["csv", "txt", "tsv"], key=f"train_file_{uploads}"
    )
    st.caption(
        "One column must tell what became of each lead: Won and Lost, Closed, yes and no, 1 and 0. Columns of your CRM "
        "are recognised; any others are used as they are. 30 successes are needed before a model can take over; with "
        "fewer you get a first look. Nothing changes for your leads until you let the new model answer."
    )
    if sent is None:
        return
    st.session_state[FILE] = spooled(center, sent)
    st.session_state[NAME] = sent.name
    st.session_state[COUNT] = uploads + 1
    st.rerun()


def forget_file() -> None:
    """Remove the upload and start over."""
    path = st.session_state.pop(FILE, None)
    st.session_state.pop(JOB, None)
    if isinstance(path, Path):
        shutil.rmtree(path.parent, ignore_errors=True)
