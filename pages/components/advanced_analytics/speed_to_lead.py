"""How soon leads are answered: first the hot ones that nobody has answered, then who answers how fast."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.charts import Estimate, answer_times
from core.services.analyses import speed
from core.services.analyses.missing_words import NOT_TOLD, named
from core.services.analyses.speed import AUTOMATIC_RULE, Soon, SpeedOf, SpeedToLead
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, duration
from pages.components.advanced_analytics.speed_signed import signed_by_speed
from pages.components.advanced_analytics.speed_waiting import waiting
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table, leads_link
from pages.components.period_filters import leads_address
from pages.components.words import choice, percent, viewer_zone

HOUR = "Hour of arrival"
BY = {"Agent": "agent", "Source": "source", HOUR: "hour"}
DRAWN = 24
ANSWERS_COME = (
    "So nobody can tell how soon leads are answered. Calls and messages come with the CRM's webhooks, through "
    "the API, or are logged on a lead's page; an export of contacts tells none."
)
FEWEST_LEADS = 20  # of fewer, one lead moves every share by more than five points
COLUMNS = (
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Never answered", Kind.COUNT),
    TableColumn("Half within", Kind.HOURS),
    TableColumn("Nine in ten within", Kind.HOURS),
    TableColumn("Within 5 min", Kind.SHARE),
    TableColumn("Within an hour", Kind.SHARE),
    TableColumn("Within a day", Kind.SHARE),
)


def speed_to_lead(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show who waits, then how soon leads were answered, then what became of them."""
    waiting(wanted, speed.hot_and_waiting(center, wanted), speed.slower_agents(center, wanted))
    st.subheader("How soon leads are answered", anchor=False)
    if center.store.lead_count() and not speed.any_answer(center):
        nothing("No call or message of the team is on record", ANSWERS_COME)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control("By", list(BY), default="Agent", required=True, key="by", bind="query-params")
        automatic = st.toggle("Count quick messages as a person's", key="automatic", bind="query-params")
    found = speed.speed_to_lead(center, wanted, viewer_zone(), automatic_too=automatic)
    if found is None:
        nothing("No lead matches", "Loosen a filter, or clear them all.")
        return
    _figures(wanted, found, automatic)
    _groups(wanted, by or "Agent", {"Source": found.by_source, HOUR: found.by_hour}.get(by or "", found.by_agent))
    st.caption(_definition(automatic), help="Times by Kaplan and Meier's estimate, intervals at 95 %.")
    signed_by_speed(wanted, found, automatic)


def _figures(wanted: LeadFilter, found: SpeedToLead, automatic: bool) -> None:
    everyone = found.everyone
    with st.grid(6, min_column_width=130):
        st.metric("Half within", duration(everyone.median))
        st.metric("Nine in ten within", duration(everyone.ninth))
        st.metric("Within 5 minutes", percent(everyone.within[0]))
        st.metric("Within an hour", percent(everyone.within[1]))
        st.metric("Within a day", percent(everyone.within[2]))
        st.metric("Never so far", f"{everyone.never:,} of {everyone.leads:,}")
    if everyone.leads < FEWEST_LEADS:
        st.caption(f"From {counted(everyone.leads, 'lead')}: so few say little about how soon others are answered.")
    with st.container(horizontal=True, vertical_alignment="center"):
        for soon, leads in found.soon.items():
            if leads:
                leads_link(f"{_answered(soon)}: {leads:,}", _so_soon(wanted, soon, automatic))


def _answered(soon: Soon) -> str:
    """How soon in words.

    >>> _answered(Soon.HOUR), _answered(Soon.NEVER)
    ('Answered within an hour', 'Never answered so far')
    """
    return "Never answered so far" if soon is Soon.NEVER else f"Answered {soon}"


def _so_soon(wanted: LeadFilter, soon: Soon, automatic: bool) -> Address:
    told = leads_address(wanted, soon=str(soon))
    return {**told, "quick": "true"} if automatic else told


def _groups(wanted: LeadFilter, by: str, groups: Sequence[SpeedOf]) -> None:
    medians = [
        Estimate(one.name or NOT_TOLD, told.median, told.median_low or 0.0, told.median_high, told.leads)
        for one in groups[:DRAWN]
        for told in (one.speed,)
        if told.median is not None
    ]
    if medians:
        alt = f"Median hours to the first answer by {by.lower()}, with 95 % intervals"
        ways = {one.name or NOT_TOLD: _behind(wanted, by, one) for one in groups}
        figure_chart(answer_times(medians, by), key="answer_times", alt=alt, ways=ways)
    rows = [
        (one.name or NOT_TOLD, one.speed.leads, one.speed.never, one.speed.median, one.speed.ninth, *one.speed.within)
        for one in groups
    ]
    figure_table(
        Table((TableColumn(by), *COLUMNS), rows),
        key=f"speed_{by}",
        name=f"Speed to lead by {by.lower()}",
        addresses=[_behind(wanted, by, one) for one in groups],
    )


def _behind(wanted: LeadFilter, by: str, one: SpeedOf) -> Address:
    kind = BY[by]
    name = one.name or "" if kind == "hour" else named(kind, one.name)
    return {**leads_address(wanted), kind: [choice(name)]}


def _definition(automatic: bool) -> str:
    kind = "every message counts, automatic ones too" if automatic else AUTOMATIC_RULE
    return (
        f"From the arrival to the first call or message of the team. The record does not say who wrote: {kind}; a call "
        "always counts. Shares are of all leads: who still waits counts for as long as it has waited, and who signed "
        "or was lost before an answer was never answered. A time is not reached where too few of all leads ever were."
    )
