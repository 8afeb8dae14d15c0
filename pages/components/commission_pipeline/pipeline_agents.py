"""Each agent's year under the plan: how far the cap is, what the next closing does, and how it was computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import streamlit as st

from core.commission import NetToAgent
from core.services.analyses.missing_words import NO_SOURCE, NOBODY
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.commission.agent_outlook import AgentOutlook
from core.services.commission.pipeline import Pipeline
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn, Value
from core.words import counted
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.period_filters import closed_address, leads_address
from pages.components.pipeline_figures import OPEN
from pages.components.undated import undated
from pages.components.words import choice, dollars, in_markdown, percent

COLUMNS = (
    TableColumn("Agent"),
    TableColumn("Year since", Kind.DAY),
    TableColumn("Closings", Kind.COUNT),
    TableColumn("Closed commission", Kind.LEDGER),
    TableColumn("Net of it", Kind.LEDGER),
    TableColumn("Paid to brokerage", Kind.LEDGER),
    TableColumn("Cap", Kind.LEDGER),
    TableColumn("Left until cap", Kind.LEDGER),
)


def pipeline_agents(center: CommandCenter, found: Pipeline, wanted: LeadFilter) -> None:
    """Show the years of all agents, who is about to reach the cap, and the arithmetic of one of them."""
    agents = [one for one in found.agents if one.agent is not None]
    if not agents:
        nothing("No agent yet", "No open lead and no closing names an agent; assign leads in your CRM.")
        return
    if not found.plans.versions:
        st.info("No plan is saved yet: until then the team's commission rate counts, and agents net all of it.")
    told = [words for words in map(next_words, agents) if words]
    if told:
        with st.container(border=True, gap="xsmall"):
            st.caption("What the likeliest closing under contract does")
            for words in told:
                st.text(words)
    st.subheader("The plan's year so far", anchor=False)
    figure_table(
        Table(COLUMNS, [_row(one) for one in agents]),
        key="agent_years",
        name="Agents' plan years",
        addresses=[closed_address(one.year.start_on, found.today, one.agent) for one in agents],
    )
    missing = sum(1 for one in found.closings if one.price_usd is None)
    lacking = (
        f" {counted(missing, 'closing without a price is', 'closings without a price are')} left out."
        if missing
        else ""
    )
    st.caption(f"Every closing with a price counts, whatever is filtered; click a line for the way to them.{lacking}")
    undated(center)
    _computed(center, agents, found.today, wanted)


def next_words(outlook: AgentOutlook) -> str | None:
    """What the likeliest next closing does to the cap; None where there is no cap or nothing under contract.

    A text of ours around names of theirs: show it as plain text.
    """
    lead, following, left = outlook.next_lead, outlook.next, outlook.left_until_cap_usd
    if lead is None or following is None or left is None:
        return None
    who = f"{outlook.agent}: closing {lead.name or lead.lead_id} ({dollars(lead.gci_usd)} commission)"
    if following.crosses_cap:
        return f"{who} reaches the cap; the next one like it nets {dollars(following.more_usd)} more."
    if not left:
        return f"{who} is past the cap and nets {dollars(following.this.agent_net_usd)}."
    after = max(left - following.this.brokerage_usd, Decimal(0))
    return f"{who} leaves {dollars(after)} until the cap."


def _row(one: AgentOutlook) -> tuple[Value, ...]:
    year = one.year
    return (
        one.agent,
        year.start_on,
        len(year.paid),
        year.gci_usd,
        year.net_usd,
        year.so_far.brokerage_usd,
        one.agreement.plan.brokerage_cap_usd,
        one.left_until_cap_usd,
    )


def _computed(center: CommandCenter, agents: list[AgentOutlook], today: date, wanted: LeadFilter) -> None:
    with st.expander("How this was computed", icon=":material/calculate:"):
        by_name = {one.agent or "": one for one in agents}
        name = st.selectbox("Agent", list(by_name), key="computed_for", format_func=choice, width=280)
        one = by_name[name]
        for step in one.steps:
            sources = ", ".join(source or NO_SOURCE for source in step.sources)
            st.text(f"Open leads from {sources}: {step.expected.closings:.2f} closings expected")
            arithmetic(step.net)
        if not one.steps:
            st.caption("No open lead of this agent matches the filters.")
        st.caption(
            "The expected commission is taken through the plan as if it came today, where the year's tiers and caps "
            "stand now; the transaction fee counts once an expected closing."
        )
        _leads(center, name, today, wanted)


def arithmetic(net: NetToAgent) -> None:
    """The sum from commission to net, a line a step."""
    rows = {line.label: f"{line.amount_usd:+,.2f}" for line in net.lines if line.amount_usd}
    bands = "; ".join(
        f"{dollars(band.amount_usd)} at {percent(float(band.agent_share), 1)}" for band in net.split.bands
    )
    rows["Agent's net"] = f"{net.agent_net_usd:,.2f}"
    with st.container(width=460):
        st.table({label: in_markdown(amount) for label, amount in rows.items()}, border="horizontal")
    if bands:
        st.caption(in_markdown(f"Split, in US dollars: the agent's share of {bands}."))


def _leads(center: CommandCenter, agent: str, today: date, wanted: LeadFilter) -> None:
    leads = pipeline.expected_leads(center, replace(wanted, agents=(agent,)), today)
    columns = (
        TableColumn("Lead"),
        TableColumn("Stage"),
        TableColumn("Side"),
        TableColumn("Price", Kind.MONEY),
        TableColumn("Chance to close", Kind.SHARE),
        TableColumn("Commission", Kind.LEDGER),
        TableColumn("Expected", Kind.LEDGER),
    )
    rows = [
        (
            one.name or one.lead_id,
            one.stage.value.capitalize(),
            one.side.value.capitalize(),
            one.price_usd,
            one.chance,
            one.gci_usd,
            one.expected_usd,
        )
        for one in leads
    ]
    figure_table(
        Table(columns, rows),
        key="computed_leads",
        name=f"Expected commission of {agent or NOBODY}",
        addresses=[{"id": one.lead_id} for one in leads],
        page="lead.py",
    )
    st.caption("Price x the side's rate = commission; x chance to close = expected, each half up to the cent.")
    st.page_link(
        "leads.py",
        label="All open leads of this agent",
        icon=":material/group:",
        query_params={**leads_address(replace(wanted, agents=(agent,))), "stage": OPEN},
    )
