"""The funnel: what became of the leads of each stage, and the step whose repair would bring most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from core.charts.funnel import FunnelBar, funnel_bars
from core.leads import Stage
from core.services.analyses import funnel
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.advanced_analytics.funnel_segments import funnel_segments
from pages.components.advanced_analytics.funnel_words import (
    LOST,
    STAGES,
    STEP_COLUMNS,
    STUCK,
    THERE,
    WENT_ON,
    Cells,
    parts_of,
    reached_address,
    step_cells,
)
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table

if TYPE_CHECKING:
    from core.analytics.funnel import Step


def funnel_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the funnel of the leads of a filter, then the segments and the repairs."""
    found = funnel.funnel(center, wanted)
    if not found:
        nothing("No lead fits the filters", "Widen the period or clear a filter.")
        return
    st.subheader("What became of the leads of each stage", anchor=False)
    figure_chart(
        funnel_bars([*map(_bar, STAGES, found), FunnelBar("Closed", found[-1].went_on, 0, 0, 0)]),
        key="funnel_bars",
        alt="Leads that reached each stage, split into those that went on, stand there, are stuck there, were lost",
        ways=_ways(wanted, found),
    )
    _table(wanted, found)
    st.caption(
        "A stage that was skipped counts as passed. The rate is of all that reached the stage, so far; in the end, "
        "more of those still there will go on. Half within: by then half of those who ever go on have done so; "
        "leads that are still there count as such, and lost ones never go on. Stuck: there for longer than nine in ten "
        "of those who went on took.",
        help="Times by Aalen and Johansen's estimate.",
    )
    _untimed(found)
    _behind(wanted, found)
    funnel_segments(center, wanted)


def _bar(stage: Stage, step: Step) -> FunnelBar:
    return FunnelBar(stage.value.capitalize(), step.went_on, step.open - step.stuck, step.stuck, step.lost)


def _ways(wanted: LeadFilter, found: Sequence[Step]) -> dict[tuple[str, str], Address]:
    """The addresses of the parts of the bars, by the name of the part and the stage."""
    parts = {
        (part, stage.value.capitalize()): address
        for place, stage in enumerate(STAGES[: len(found)])
        for part, address in parts_of(wanted, place).items()
    }
    return {**parts, (WENT_ON, "Closed"): reached_address(wanted, len(found))}


def _table(wanted: LeadFilter, found: Sequence[Step]) -> None:
    rows: list[Cells] = [
        (stage.value.capitalize(), *step_cells(step)) for stage, step in zip(STAGES, found, strict=False)
    ]
    rows.append(("Closed", found[-1].went_on, *(None,) * (len(STEP_COLUMNS) - 1)))
    addresses = [reached_address(wanted, place) for place in range(len(STAGES))]
    table = Table((TableColumn("Stage"), *STEP_COLUMNS), rows)
    figure_table(table, key="funnel_table", name="Funnel", addresses=addresses)


def _untimed(found: Sequence[Step]) -> None:
    untimed = max(step.untimed for step in found)
    if untimed:
        st.caption(
            f"Times leave out up to {counted(untimed, 'lead')} a stage: it was skipped, or nobody told its date."
        )


def _behind(wanted: LeadFilter, found: Sequence[Step]) -> None:
    """The parts of the bars as lines, each with the way to its leads."""
    columns = (
        TableColumn("Stage"), TableColumn("What"), TableColumn("Leads", Kind.COUNT),
        TableColumn("Longer than", Kind.DAYS),
    )  # fmt: skip
    rows: list[Cells] = []
    addresses: list[Address] = []
    for place, (stage, step) in enumerate(zip(STAGES, found, strict=False)):
        counts = {WENT_ON: step.went_on, THERE: step.open - step.stuck, STUCK: step.stuck, LOST: step.lost}
        for part, address in parts_of(wanted, place).items():
            if counts[part]:
                usual = step.usual_days if part == STUCK else None
                rows.append((stage.value.capitalize(), part, counts[part], usual))
                addresses.append(address)
    if rows:
        with st.expander("What became of them as numbers; a click opens the leads", icon=":material/group:"):
            figure_table(Table(columns, rows), key="funnel_left", name="Where leads leave", addresses=addresses)
