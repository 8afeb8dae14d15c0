"""How soon leads are answered: first the hot ones that nobody has answered, then who answers how fast."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.leads import utc_now
from core.services import speed
from core.services.center import CommandCenter
from core.services.speed import NOT_TOLD, SpeedOf, SpeedToLead
from core.store import LeadFilter
from core.store.answers import WaitingLead
from core.transfer.table import Kind, Table, TableColumn
from pages.components.empty import no_leads_yet, nothing
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.words import choice, percent

BY = {"Agent": "agent", "Source": "source"}


def speed_to_lead(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show who waits, then how soon leads were answered."""
    if not center.store.lead_count():
        no_leads_yet(center)
        return
    _waiting(*speed.hot_and_waiting(center, wanted))
    st.subheader("How soon leads are answered", anchor=False)
    by = st.segmented_control("By", list(BY), default="Agent", required=True, key="by", bind="query-params")
    automatic = st.toggle(
        "Count messages of the first five minutes as a person's too", key="automatic", bind="query-params"
    )
    found = speed.speed_to_lead(center, wanted, automatic_too=automatic)
    if found is None:
        nothing("No lead matches", "Loosen a filter, or clear them all.")
        return
    _figures(found)
    _table(wanted, by or "Agent", found.by_source if by == "Source" else found.by_agent)
    st.caption(
        "From the arrival to the first call or message of the team. The record does not say who wrote: a call counts "
        "at once, a message from five minutes on, as what goes out sooner is most likely automatic. Who still waits "
        "counts for as long as it has waited (Kaplan and Meier), until it signs or is lost."
    )


def _waiting(total: int, leads: Sequence[WaitingLead]) -> None:
    st.subheader("Hot leads that nobody has answered", anchor=False)
    if not leads:
        st.text("None: every hot lead of this selection has been answered.")
        return
    columns = (
        TableColumn("Lead"),
        TableColumn("Agent"),
        TableColumn("Source"),
        TableColumn("Waits, hours", Kind.NUMBER),
        TableColumn("Came in", Kind.MOMENT),
        TableColumn("Score", Kind.NUMBER),
        TableColumn("Expected commission", Kind.MONEY),
    )
    now = utc_now()
    rows = [
        (
            one.name or one.lead_id,
            one.agent,
            one.source,
            None if one.arrived_at is None else (now - one.arrived_at).total_seconds() / 3600,
            one.arrived_at,
            None if one.probability is None else 100 * one.probability,
            one.expected_usd,
        )
        for one in leads
    ]
    addresses = [{"id": one.lead_id} for one in leads]
    figure_table(Table(columns, rows), key="waiting", name="Hot leads that wait", addresses=addresses, page="lead.py")
    shown = f"The {len(leads)} dearest of {total:,}. " if total > len(leads) else ""
    st.caption(f"{shown}Ordered by expected commission: price times side rate times the chance to close.")


def _figures(found: SpeedToLead) -> None:
    everyone = found.everyone
    with st.grid(4, min_column_width=160):
        st.metric("Half are answered within", hours(everyone.median))
        st.metric("Nine in ten within", hours(everyone.ninth))
        st.metric("Within an hour", percent(everyone.within[1]))
        st.metric("Never answered so far", f"{everyone.never:,} of {everyone.leads:,}")


def hours(value: float | None) -> str:
    """Hours in the unit that a person would use.

    >>> hours(0.05), hours(5.25), hours(60.0), hours(None)
    ('3 min', '5.2 h', '2.5 days', 'not reached')
    """
    if value is None:
        return "not reached"
    if value < 1:
        return f"{60 * value:.0f} min"
    return f"{value:.1f} h" if value < 48 else f"{value / 24:.1f} days"


def _table(wanted: LeadFilter, by: str, groups: Sequence[SpeedOf]) -> None:
    columns = (
        TableColumn(by),
        TableColumn("Leads", Kind.COUNT),
        TableColumn("Never answered", Kind.COUNT),
        TableColumn("Median, hours", Kind.NUMBER),
        TableColumn("90 %, hours", Kind.NUMBER),
        TableColumn("In 5 minutes", Kind.SHARE),
        TableColumn("In an hour", Kind.SHARE),
        TableColumn("In a day", Kind.SHARE),
    )
    rows = [
        (one.name or NOT_TOLD, one.speed.leads, one.speed.never, one.speed.median, one.speed.ninth, *one.speed.within)
        for one in groups
    ]
    figure_table(
        Table(columns, rows),
        key=f"speed_{by}",
        name=f"Speed to lead by {by.lower()}",
        addresses=[_behind(wanted, by, one) for one in groups],
    )


def _behind(wanted: LeadFilter, by: str, one: SpeedOf) -> Address | None:
    return None if one.name is None else {**leads_address(wanted), BY[by]: [choice(one.name)]}
