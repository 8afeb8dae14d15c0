"""What the CRM's own words mean: stages of its pipelines, and custom fields."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.leads import Stage
from core.services.center import CommandCenter
from core.services.crm import rules
from core.services.crm.report import custom_fields
from core.transfer.gohighlevel.project import FIELD_TARGETS
from core.transfer.headers import TARGETS
from core.words import counted
from pages.components.problem import attempt

NONE = "no stage of ours"
NOTHING = "not read"
_LABELS = {target.name: target.label for target in TARGETS if target.name in FIELD_TARGETS}


def stage_editor(center: CommandCenter) -> None:
    """Each stage that events named, with what it means; our guess until somebody says."""
    choices = rules.stage_choices(center)
    st.markdown("**Stages of your pipelines**")
    if not choices:
        st.caption("No opportunity has come yet; its stages will stand here, with our guess of what they mean.")
        return
    shown = pd.DataFrame(
        {
            "Stage in the CRM": [choice.name or choice.stage_id for choice in choices],
            "Means": [choice.stage.value if choice.stage else NONE for choice in choices],
            "Guessed": [choice.is_guess for choice in choices],
        }
    )
    options = [NONE, *(stage.value for stage in Stage if stage is not Stage.GENERATED)]
    edited = _table(shown, "Means", options, "crm_stages")
    is_price = rules.rules_of(center).value_is_price
    price = st.checkbox(
        "The value of an opportunity is the price of the sale",
        value=is_price,
        key="crm_value_is_price",
    )
    if st.button("Save stages", key="crm_save_stages"):
        means = {
            choice.stage_id: None if said == NONE else Stage(said)
            for choice, said in zip(choices, edited["Means"], strict=True)
        }
        with attempt():
            if price != is_price:
                rules.set_value_is_price(center, price)
            contacts = rules.set_stages(center, means)
            st.toast(f"Saved; the opportunities of {counted(contacts, 'contact')} were read anew")


def field_editor(center: CommandCenter) -> None:
    """Each custom field that events named, with an example, and what it holds."""
    fields = custom_fields(center)
    if not fields:
        return
    st.markdown("**Custom fields**")
    kept = rules.rules_of(center).fields
    shown = pd.DataFrame(
        {
            "Field in the CRM": [name for name, _ in fields],
            "For example": [example or "" for _, example in fields],
            "Holds": [_LABELS.get(kept.get(name, ""), NOTHING) for name, _ in fields],
        }
    )
    edited = _table(shown, "Holds", [NOTHING, *_LABELS.values()], "crm_fields")
    if st.button("Save fields", key="crm_save_fields"):
        by_label = {label: name for name, label in _LABELS.items()}
        holds = {name: by_label.get(said) for (name, _), said in zip(fields, edited["Holds"], strict=True)}
        with attempt():
            contacts = rules.set_fields(center, holds)
            st.toast(f"Saved; {counted(contacts, 'contact was', 'contacts were')} read anew")


def _table(shown: pd.DataFrame, editable: str, options: list[str], key: str) -> Any:
    return st.data_editor(
        shown,
        key=key,
        hide_index=True,
        disabled=[name for name in shown.columns if name != editable],
        column_config={editable: st.column_config.SelectboxColumn(options=options, required=True, width=260)},
    )
