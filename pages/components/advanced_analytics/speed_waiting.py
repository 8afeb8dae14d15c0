"""The hot leads that nobody has answered, dearest first, and what should worry somebody about answers."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analytics.anomalies import Change
from core.leads import utc_now
from core.store import LeadFilter
from core.store.figures.speed import WaitingLead, WaitingLeads
from core.transfer.table import Kind, Table, TableColumn, Value
from core.words import counted, duration
from pages.components.change_alarm import alarm
from pages.components.figure_table import Address, figure_table, leads_link
from pages.components.period_filters import leads_address
from pages.components.words import dollars, in_markdown

COLUMNS = (
    TableColumn("Lead"),
    TableColumn("Agent"),
    TableColumn("Source"),
    TableColumn("Waits"),
    TableColumn("Came in", Kind.MOMENT),
    TableColumn("Score", Kind.SCORE),
    TableColumn("Expected", Kind.MONEY),
)


def waiting(wanted: LeadFilter, found: WaitingLeads, slower: Sequence[Change]) -> None:
    """Show the alarms, then the leads that wait; a click on a line opens the lead."""
    st.subheader("Hot leads that nobody has answered", anchor=False)
    if found.late:
        st.warning(
            in_markdown(f"Together they are expected to bring {dollars(found.late_usd)} of commission."),
            title=f"{counted(found.late, 'hot lead waits', 'hot leads wait')} for more than an hour",
            icon=":material/notification_important:",
        )
    for change in slower:
        alarm(wanted, change)
    if not found.leads:
        st.text("None: no hot lead of this selection waits for an answer.")
        return
    rows = [_row(one) for one in found.leads]
    addresses = [{"id": one.lead_id} for one in found.leads]
    figure_table(Table(COLUMNS, rows), key="waiting", name="Hot leads that wait", addresses=addresses, page="lead.py")
    shown = f"The {len(rows)} dearest of {found.total:,}. " if found.total > len(rows) else ""
    st.caption(
        f"{shown}Before a contract, and without a call or message by a person on record. Ordered by expected "
        "commission: price times side rate times the chance to close. A click opens the lead."
    )
    leads_link(f"Open all that wait: {found.total:,}", _all(wanted))


def _all(wanted: LeadFilter) -> Address:
    return leads_address(wanted, tier=["Hot"], waits="true")


def _row(one: WaitingLead) -> tuple[Value, ...]:
    waits = None if one.arrived_at is None else duration((utc_now() - one.arrived_at).total_seconds() / 3600)
    score = None if one.probability is None else 100 * one.probability
    return one.name or one.lead_id, one.agent, one.source, waits, one.arrived_at, score, one.expected_usd
