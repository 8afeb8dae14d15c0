"""Why the expected commission is another one than a week ago, and which leads moved it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.analytics.bridge import Moved
from core.charts.pipeline import bridge
from core.services.analyses.missing_words import NOBODY
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.commission.pipeline_words import MOVED
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import figure_table
from pages.components.period_filters import leads_address
from pages.components.pipeline_figures import OPEN
from pages.components.words import dollars, in_markdown


def pipeline_moved(center: CommandCenter, wanted: LeadFilter, today: date) -> None:
    """Show the bridge, its table, and the leads behind the step that is picked."""
    found = pipeline.what_moved(center, wanted, today)
    if not found.steps:
        nothing("Nothing moved in the last week", "No open lead came, closed, was lost, scored anew or changed stage.")
        return
    change = found.after_usd - found.before_usd
    st.subheader("What moved since a week ago", anchor=False)
    st.caption(
        in_markdown(
            f"Expected commission was {dollars(found.before_usd)} and is {dollars(found.after_usd)}: "
            f"{'up' if change >= 0 else 'down'} {dollars(abs(change))}. Then as now at today's rates; "
            "the week begins seven days before today, at midnight UTC. New leads are those first scored since then."
        )
    )
    ways = {MOVED[step.moved]: {**leads_address(wanted), "moved": MOVED[step.moved]} for step in found.steps}
    now = leads_address(wanted, stage=OPEN)
    figure_chart(
        bridge(
            float(found.before_usd),
            [(MOVED[step.moved], step.leads, float(step.change_usd)) for step in found.steps],
            float(found.after_usd),
        ),
        key="bridge",
        alt="From last week's expected commission to this week's, reason by reason, as in the table below",
        ways={**ways, "Now": now},
        click="a step",
    )
    rows = [
        ("A week ago", None, found.before_usd),
        *((MOVED[step.moved], step.leads, step.change_usd) for step in found.steps),
        ("Now", None, found.after_usd),
    ]
    columns = (TableColumn("Reason"), TableColumn("Leads", Kind.COUNT), TableColumn("Change", Kind.MONEY))
    addresses = [None, *ways.values(), now]
    figure_table(Table(columns, rows), key="moved_steps", name="What moved in a week", addresses=addresses)
    why = st.segmented_control(
        "Leads behind",
        [step.moved for step in found.steps],
        default=found.steps[0].moved,
        required=True,
        format_func=MOVED.__getitem__,
        key="why",
    )
    _leads(center, wanted, today, Moved(why))


def _leads(center: CommandCenter, wanted: LeadFilter, today: date, why: Moved) -> None:
    moved = pipeline.moved_leads(center, wanted, today, why)
    columns = (
        TableColumn("Lead"),
        TableColumn("Agent"),
        TableColumn("Stage before"),
        TableColumn("Stage now"),
        TableColumn("Expected before", Kind.MONEY),
        TableColumn("Expected now", Kind.MONEY),
        TableColumn("Change", Kind.MONEY),
    )
    rows = [
        (
            one.name or one.lead_id,
            one.agent or NOBODY,
            None if one.stage_before is None else one.stage_before.value.capitalize(),
            one.stage.value.capitalize(),
            one.before_usd,
            one.after_usd,
            one.change_usd,
        )
        for one in moved
    ]
    figure_table(
        Table(columns, rows),
        key=f"moved_{why.value}",
        name=f"{MOVED[why]} in a week",
        addresses=[{"id": one.lead_id} for one in moved],
        page="lead.py",
    )
    which = "The lead" if len(moved) == 1 else f"The {len(moved):,} leads"
    st.caption(f"{which} that changed most. Click a line to open one.")
