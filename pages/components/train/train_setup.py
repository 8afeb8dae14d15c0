"""What success is, when each lead came, and which columns to use; then learning starts."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.errors import FileError
from core.services.center import CommandCenter
from core.services.model.training import Order, TrainJob
from core.training.table.choice import AUTO, BOOSTING, FOREST
from core.training.table.look import TableLook, look_at
from core.training.table.read import Request
from pages.components.fact_row import fact_row
from pages.components.problem import problem
from pages.components.train.train_upload import TRAINING
from pages.components.words import choice

FAMILIES = {AUTO: "The better one", FOREST: "Trees that vote", BOOSTING: "Trees that add up"}
CHOICES = "train_choices"
ASKED = ("train_outcome", "train_positive_", "train_date", "train_columns", "train_family")
AS_UNDERSTOOD, NO_DATE = "As the words say", "No date"


def train_setup(center: CommandCenter, path: Path) -> None:
    """Show what was found in the file and ask the few things that it does not say."""
    try:
        look = look_at(path)
    except FileError as error:
        problem(error, "This file cannot be used")
        st.button("Choose another file", on_click=TRAINING.forget, key="train_other")
        return
    name = TRAINING.name("leads.csv")
    fact_row(
        {
            "File": name,
            "Columns": f"{len(look.columns):,}",
            "Written in": f"{look.dialect.encoding_label}, {look.dialect.separator_label}",
        }
    )
    if not look.outcomes:
        problem("No column holds between two and sixty different words, so none can tell an outcome.")
        st.button("Choose another file", on_click=TRAINING.forget, key="train_other")
        return
    _bring_back(path)
    request = _request(look, path)
    with st.container(horizontal=True):
        if st.button("Train", type="primary", key="train_start", icon=":material/play_arrow:"):
            order = Order(request, None, f"the file {name}")
            st.session_state[TRAINING.job] = TrainJob.start(center, order)
            _keep(path)
            st.rerun()
        st.button("Choose another file", on_click=TRAINING.forget, key="train_other")


def _keep(path: Path) -> None:
    """Set the choices aside beside the file: Streamlit forgets those of a screen that is not shown."""
    told = {str(key): value for key, value in st.session_state.items() if str(key).startswith(ASKED)}
    st.session_state[CHOICES] = (path, told)


def _bring_back(path: Path) -> None:
    """Take up the choices that were made for this file, after a training of it."""
    of_file, told = st.session_state.pop(CHOICES, (None, {}))
    if of_file == path:
        st.session_state.update(told)


def _request(look: TableLook, path: Path) -> Request:
    with st.grid(3, min_column_width=220):
        outcome = st.selectbox(
            "Which column tells the outcome?", look.outcomes, key="train_outcome", format_func=choice, width="stretch"
        )
        positive = _positive(look, outcome)
        date = st.selectbox(
            "When did each lead come?",
            [NO_DATE, *(name for name in look.dates if name != outcome)],
            index=1 if "train_date" not in st.session_state and set(look.dates) - {outcome} else 0,
            key="train_date",
            format_func=choice,
            help="With a date the later leads judge the model, as in real use.",
        )
    others = [column.name for column in look.columns if column.name not in (outcome, date)]
    with st.expander("Choose the columns yourself"):
        st.caption(
            "Left empty, every column that is fit is used, and those that seem to know the outcome are left out."
        )
        chosen = st.multiselect("Columns to learn from", others, key="train_columns", format_func=choice)
    family = st.segmented_control(
        "Which trees?",
        list(FAMILIES),
        default=None if "train_family" in st.session_state else AUTO,
        required=True,
        key="train_family",
        format_func=FAMILIES.__getitem__,
        help="The better one is found on the leads to learn from, by leads that each has not seen. Trees that vote are "
        "the default; trees that add up can be the better ones. Both are explained exactly.",
    )
    return Request(path, outcome, positive, None if date == NO_DATE else date, tuple(chosen), family=family or AUTO)


def _positive(look: TableLook, outcome: str) -> str | None:
    understood = look.understood(outcome)
    values = look.values(outcome)
    found = st.selectbox(
        "Which value is the success?",
        [AS_UNDERSTOOD, *values] if understood else values,
        key=f"train_positive_{outcome}",
        format_func=choice,
        help="All others are failures; rows that tell nothing are left out.",
    )
    return None if found == AS_UNDERSTOOD else found
