"""Letting a trained version answer, with a question first."""

from __future__ import annotations

import streamlit as st

from core.services.center import CommandCenter
from core.services.model import promotion
from core.training.table.report import Report
from core.words import counted
from pages.components.problem import attempt


def promote_button(center: CommandCenter, report: Report) -> None:
    """The version's name, and a button that asks before it acts; none where the outcomes are too few."""
    version = str(report.version)
    if center.model.version == version:
        st.success(f"{version} answers now.")
        st.page_link(
            "model_status.py",
            label="See all versions, or go back to the one before",
            icon=":material/undo:",
            query_params={"show": "Versions"},
        )
        return
    st.text(f"Registered as {version}. The present model ({center.model.version}) goes on answering.")
    if not report.promotable:
        st.caption("Too few outcomes to replace a model; this version is a report only.")
        return
    if report.files_only:
        st.text(
            "It rests alone on columns that only your files bring: leads that come by themselves would all get the "
            f"same chance. Use it on files, with: jorge score IN.csv --model {version}"
        )
    with st.popover("Let it answer", icon=":material/verified:"):
        st.caption("From now on every new score comes from this model. Stored scores stay as they are.")
        if report.own_columns:
            st.caption(
                f"{counted(report.own_columns, 'of its columns is', 'of its columns are')} your file's own. Leads that "
                "come one by one do not bring them and are scored as if they were unknown: it is at its best on files. "
                "So it is compared with the present model as it would answer such leads, without them."
            )
        reason = st.text_input(
            "Reason, needed when it is for files alone or not as good as the present model", key="train_reason"
        )
        if st.button("Yes, let it answer", type="primary", key="train_promote"):
            _promote(center, version, reason)


def _promote(center: CommandCenter, version: str, reason: str) -> None:
    with attempt(otherwise="It was not promoted"):
        with st.spinner("Comparing it with scikit-learn and shap"):
            promotion.promote(center, version, reason=reason)
        st.rerun()
