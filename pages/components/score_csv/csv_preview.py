"""How a file was read, before it is scored: format, columns, first rows, and what each column holds."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from core.errors import InputError
from core.services.center import CommandCenter
from core.services.lead_files import files
from core.services.lead_files.files import FilePreview, ScoreJob
from core.transfer import TARGETS, Mapping
from core.transfer.formats import GENERIC
from pages.components.fact_row import fact_row
from pages.components.problem import problem
from pages.components.score_csv.csv_upload import CSV

LEFT_OUT = "Leave out"
LABELS = dict(TARGETS)
TARGET_OF = {label: target for target, label in TARGETS}


def csv_preview(center: CommandCenter, path: Path) -> None:
    """Show what was recognised; let the columns be mapped by hand; start on a click."""
    try:
        preview = files.inspect(center, path)
    except InputError as error:
        problem(error, "This file cannot be used")
        st.button("Choose another file", on_click=CSV.forget, key="csv_other")
        return
    _facts(preview)
    mapping = _mapping(preview)
    why_not = files.not_kept_because(center)
    if why_not is not None:
        st.caption(f"These leads go into the result file alone: {why_not}.")
    with st.container(horizontal=True):
        if st.button("Score this file", type="primary", key="csv_start", icon=":material/play_arrow:"):
            st.session_state[CSV.job] = ScoreJob.start(
                center, path, mapping, save=why_not is None, dialect=preview.dialect
            )
            st.rerun()
        st.button("Choose another file", on_click=CSV.forget, key="csv_other")
    st.subheader("First rows", anchor=False)
    wide = len(preview.columns)
    st.dataframe(
        pd.DataFrame([[*row, *[""] * wide][:wide] for row in preview.rows], columns=list(preview.columns)),
        hide_index=True,
        alt="The first rows of the file as they were read",
    )


def _facts(preview: FilePreview) -> None:
    fact_row(
        {
            "File": CSV.name("leads.csv"),
            "Recognised as": preview.format,
            "Columns read": f"{len(preview.mapping.fields)} of {len(preview.columns)}",
            "Written in": f"{preview.encoding}, {preview.separator}",
        }
    )
    for trouble in preview.problems:
        st.text(trouble)


def _mapping(preview: FilePreview) -> Mapping:
    """The mapping as guessed, or as edited in a table of one row a column."""
    mapping = preview.mapping
    with st.expander("Which column is what", expanded=mapping.format == GENERIC):
        st.caption("Change a cell under Read as where our guess is wrong.")
        edited = st.data_editor(
            pd.DataFrame(
                {
                    "Column": list(preview.columns),
                    "Read as": [LABELS.get(mapping.fields.get(name, ""), LEFT_OUT) for name in preview.columns],
                    "Example": [_example(preview, place) for place in range(len(preview.columns))],
                }
            ),
            key="csv_mapping",
            hide_index=True,
            disabled=["Column", "Example"],
            column_config={
                "Read as": st.column_config.SelectboxColumn(
                    options=[LEFT_OUT, *TARGET_OF], required=True, width="medium"
                )
            },
            alt="What each column of the file is read as",
        )
    for column, label in zip(edited["Column"], edited["Read as"], strict=True):
        target = TARGET_OF.get(label)
        if target != mapping.fields.get(column):
            mapping = mapping.with_field(column, target)
    return mapping


def _example(preview: FilePreview, place: int) -> str:
    cells = (row[place] for row in preview.rows if place < len(row))
    return next((cell for cell in cells if cell.strip()), "")
