"""The connection to the CRM on the settings page: what comes in, what it means, and what is written back."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from core.services.center import CommandCenter
from core.services.crm import rules, writing
from core.services.crm.intake import try_again
from core.services.crm.report import CrmReport, report
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.figure_table import figure_table
from pages.components.problem import attempt
from pages.components.said import say_after_the_rerun
from pages.components.settings.crm_meaning import field_editor, stage_editor
from pages.components.words import when

PATH = "/api/v1/webhooks/gohighlevel"
TOLD = {"waiting": "Waiting", "done": "Done", "ignored": "Means nothing here", "failed": "Failed"}


def crm(center: CommandCenter) -> None:
    """GoHighLevel: on or off, how it goes, what its words mean, and writing back."""
    with st.container(border=True):
        st.subheader("CRM", anchor=False)
        st.caption("GoHighLevel tells of contacts, messages, opportunities and appointments as they change.")
        if not center.settings.jorge_ghl_webhook_keys:
            st.caption("Not connected: set JORGE_GHL_WEBHOOK_KEYS to the key that signs its webhooks, and start again.")
            if center.store.crm.last_event() is None:
                return
        else:
            _switch(center)
            st.caption("Paste this address into the CRM:")
            st.code(_address(), language=None, wrap_lines=True)
        found = report(center)
        _state(center, found)
        stage_editor(center)
        field_editor(center)
        _writing(center)


def _switch(center: CommandCenter) -> None:
    on = rules.is_on(center)  # in the key, so that a tab that shows an older value never writes it back
    if st.toggle("Take events", value=on, key=f"crm_on_{on}") != on:
        with attempt():
            rules.set_on(center, not on)
            st.rerun()


def _address() -> str:
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}{PATH}" if parts.netloc else PATH


def _state(center: CommandCenter, found: CrmReport) -> None:
    if found.last is None:
        st.caption("No event has come yet.")
    else:
        st.text(f"Last event: {found.last.event_type}, {when(found.last.received_at)}")
    if found.counts:
        columns = (TableColumn("Event"), TableColumn("Became"), TableColumn("Events", Kind.COUNT),
                   TableColumn("Last", Kind.MOMENT))  # fmt: skip
        rows = [(one.event_type, TOLD[one.state], one.n, one.last_at) for one in found.counts]
        figure_table(Table(columns, rows), key="crm_counts", name="CRM events of the last 7 days")
    if found.refused:
        st.text("Refused in 7 days: " + ", ".join(f"{reason} {n:,}" for reason, n in found.refused))
    if found.failures:
        heads = (TableColumn("When", Kind.MOMENT), TableColumn("Event"), TableColumn("Why it failed"))
        failed = [(one.received_at, one.event_type, one.reason) for one in found.failures]
        figure_table(Table(heads, failed), key="crm_failures", name="CRM events that failed")
        if st.button("Try the failed ones again", key="crm_again"):
            with attempt():
                say_after_the_rerun(f"{counted(try_again(center), 'event is', 'events are')} tried again")
                st.rerun()


def _writing(center: CommandCenter) -> None:
    st.markdown("**Writing back**")
    fields = writing.fields_of(center)
    if not writing.can_write(center):
        st.caption(
            "Off: set JORGE_GHL_API_TOKEN and the id of a field, such as JORGE_GHL_SCORE_FIELD, and start again."
        )
        return
    on = writing.is_on(center)
    label = f"Write {' and '.join(fields)} into the CRM's fields"
    if st.toggle(label, value=on, key=f"crm_write_on_{on}") != on:
        with attempt():
            writing.set_on(center, not on)
            st.rerun()
    counts = writing.counts(center)
    since = f", last {when(counts.last_at)}" if counts.last_at else ""
    waiting = f"{counts.waiting:,} waiting, {counts.failing:,} of them after a failure"
    st.text(f"{counted(counts.written, 'contact is', 'contacts are')} told{since}; {waiting}.")
    trouble = writing.problem(center) if on else None
    if trouble is not None:
        st.badge(f"Stopped until {when(trouble[1])}", color="orange", icon=":material/pause_circle:")
        st.text(trouble[0])
