"""A file from the browser to the disk, in chunks, so that a large one does not stay in memory."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.services.center import CommandCenter

CHUNK_BYTES = 1 << 20
FILE, NAME, JOB, COUNT = "csv_path", "csv_name", "csv_job", "csv_uploads"


def chosen_file() -> Path | None:
    """The file that waits to be scored in this session."""
    path = st.session_state.get(FILE)
    return path if isinstance(path, Path) and path.exists() else None


def upload(center: CommandCenter) -> None:
    """Take a file, spool it to the data folder and go on with it from there."""
    uploads = st.session_state.setdefault(COUNT, 0)
    sent = st.file_uploader(
        "CSV file, up to 200 MB",
        type=["csv", "txt", "tsv"],
        key=f"csv_file_{uploads}",  # a new key lets go of the upload's memory
    )
    st.caption(
        "Exports of GoHighLevel, Follow Up Boss, HubSpot and Salesforce are recognised. "
        "Any other file with a header works too: you say which column is which."
    )
    if sent is None:
        return
    st.session_state[FILE] = spooled(center, sent)
    st.session_state[NAME] = sent.name
    st.session_state[COUNT] = uploads + 1
    st.rerun()


def spooled(center: CommandCenter, sent: UploadedFile) -> Path:
    """The upload as a file in a folder of its own in the data folder."""
    folder = center.data_dir / "uploads" / uuid4().hex
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"leads{Path(sent.name).suffix[:5] or '.csv'}"
    with path.open("wb") as kept:
        shutil.copyfileobj(sent, kept, CHUNK_BYTES)
    return path


def forget_file() -> None:
    """Remove the upload and start over with an empty uploader."""
    path = st.session_state.pop(FILE, None)
    st.session_state.pop(JOB, None)
    if isinstance(path, Path):
        shutil.rmtree(path.parent, ignore_errors=True)
