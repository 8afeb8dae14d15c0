"""Who changed what, searchable, with a file to take along."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from core.services import audit
from core.services.center import CommandCenter
from core.store.audit import AuditEntry
from pages.components.empty import nothing
from pages.components.words import local

SHOWN = 100


def audit_log(center: CommandCenter) -> None:
    """The newest entries, those that hold some words, and all of them as CSV."""
    st.subheader("Audit log", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input("Search", key="audit", placeholder="person, change or version", width=320)
        st.download_button(
            "Save as CSV",
            lambda: audit.audit_as_csv(center, words),
            "audit_log.csv",
            "text/csv",
            icon=":material/download:",
            key="audit_csv",
        )
    found = audit.find(center, words, most=SHOWN)
    if not found:
        nothing("No entries", "Nothing was changed so far." if not words else "No entry holds these words.")
        return
    st.dataframe(
        pd.DataFrame(
            {
                "When": [local(entry.happened_at).replace(tzinfo=None) for entry in found],
                "Who": [entry.actor for entry in found],
                "What": [entry.action for entry in found],
                "Of": [entry.subject for entry in found],
                "Details": [_details(entry) for entry in found],
            }
        ),
        hide_index=True,
        column_config={"When": st.column_config.DatetimeColumn(format="MMM D, YYYY, HH:mm")},
        alt="Audit log, newest first",
    )
    st.caption(f"The newest {len(found):,} of {center.store.audit.count(words):,} entries. None can be changed.")


def _details(entry: AuditEntry) -> str:
    return ", ".join(f"{name}: {_plain(value)}" for name, value in entry.details.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "not set" if value is None else json.dumps(value)
