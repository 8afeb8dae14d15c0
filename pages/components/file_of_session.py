"""The file that a page works with, from the browser to the disk in chunks: a large one does not stay in memory."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.services.center import CommandCenter

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class FileOfSession:
    """The file of one page in one session, and the work on it, which is kept under ``job``."""

    page: str

    @property
    def job(self) -> str:
        """Where the work on the file is kept in the session."""
        return f"{self.page}_job"

    def chosen(self) -> Path | None:
        """The file that waits in this session."""
        path = st.session_state.get(f"{self.page}_path")
        return path if isinstance(path, Path) and path.exists() else None

    def name(self, otherwise: str) -> str:
        """How the file was called where it came from."""
        return str(st.session_state.get(f"{self.page}_name", otherwise))

    def ask(self, center: CommandCenter, label: str, told: str) -> None:
        """Take a file, spool it to the data folder and go on with it from there; ``told`` says what it needs."""
        count = f"{self.page}_uploads"
        uploads = st.session_state.setdefault(count, 0)
        sent = st.file_uploader(
            label,
            type=["csv", "txt", "tsv"],
            key=f"{self.page}_file_{uploads}",  # a new key lets go of the upload's memory
        )
        st.caption(told)
        if sent is None:
            return
        st.session_state[f"{self.page}_path"] = _spooled(center, sent)
        st.session_state[f"{self.page}_name"] = sent.name
        st.session_state[count] = uploads + 1
        st.rerun()

    def forget(self) -> None:
        """Remove the upload and start over with an empty uploader."""
        path = st.session_state.pop(f"{self.page}_path", None)
        self.forget_job()
        if isinstance(path, Path):
            shutil.rmtree(path.parent, ignore_errors=True)

    def forget_job(self) -> None:
        """Let go of the work; the file stays."""
        st.session_state.pop(self.job, None)


def _spooled(center: CommandCenter, sent: UploadedFile) -> Path:
    """The upload as a file in a folder of its own in the data folder."""
    folder = center.data_dir / "uploads" / uuid4().hex
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"leads{Path(sent.name).suffix[:5] or '.csv'}"
    with path.open("wb") as kept:
        shutil.copyfileobj(sent, kept, CHUNK_BYTES)
    return path
