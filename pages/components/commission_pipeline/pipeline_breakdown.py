"""Open leads by stage, agent, source or expected month: a chart, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from core.analytics.closing_month import FEWEST_FOR_A_WAIT
from core.analytics.contract_chance import FEWEST_CLOSINGS
from core.charts.pipeline import MOST_BARS, Bar, expected_bars
from core.leads import OPEN_STAGES
from core.services.analyses.missing_words import named
from core.services.commission.pipeline import Pipeline, Sums
from core.services.commission.pipeline_words import month_label
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn, Value
from core.words import counted
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.pipeline_figures import OPEN

STAGE, AGENT, SOURCE, MONTH = WAYS = ("Stage", "Agent", "Source", "Expected month")
_FIGURES: Final = (
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Counted", Kind.COUNT),
    TableColumn("Closings expected", Kind.NUMBER),
    TableColumn("If all close", Kind.MONEY),
    TableColumn("Expected commission", Kind.MONEY),
    TableColumn("Agents' net", Kind.MONEY),
)


def pipeline_breakdown(found: Pipeline, wanted: LeadFilter) -> None:
    """Show the open leads one way; the way is kept in the address."""
    chosen = st.segmented_control(
        "By", WAYS, default=STAGE, required=True, key="by", bind="query-params", label_visibility="collapsed"
    )
    way = chosen or STAGE
    lines = _lines(found, wanted, way)
    st.subheader(f"Expected commission by {way.lower()}", anchor=False)
    if sum(sums.expected_usd > 0 for _, sums, _ in lines) > 1:  # one bar compares nothing
        figure_chart(
            expected_bars([_bar(label, sums) for label, sums, _ in lines]),
            key=f"expected_by_{way}",
            alt="Expected commission and the agents' net of it, as in the table below",
            ways={label: address for label, _, address in lines},
        )
    if len(lines) > MOST_BARS:
        st.caption(f"The first {MOST_BARS} of {len(lines):,} are drawn; the table has them all.")
    figure_table(
        Table((TableColumn(way), *_FIGURES), [(label, *_figures(sums)) for label, sums, _ in lines]),
        key=f"pipeline_by_{way.split()[-1].lower()}",
        name=f"Pipeline by {way.lower()}",
        addresses=[address for _, _, address in lines],
    )
    if way == MONTH:
        _month_rule(found)
    st.caption(
        "Click a line for the way to its leads. Every column adds up to the figures above; the files hold the cents. "
        + _contract_rule(found)
    )


def _lines(found: Pipeline, wanted: LeadFilter, way: str) -> list[tuple[str, Sums, Address | None]]:
    opened = leads_address(wanted)
    if way == STAGE:
        stages = found.by_stage.items()
        return [(one.value.capitalize(), sums, {**opened, "stage": one.value.capitalize()}) for one, sums in stages]
    if way == MONTH:
        months = found.by_month.items()
        return [(month_label(key), sums, {**opened, "closing": month_label(key)}) for key, sums in months]
    if way == AGENT:
        return _people(found.by_agent, "agent", lambda name: leads_address(replace(wanted, agents=(name,))))
    return _people(found.by_source, "source", lambda name: leads_address(replace(wanted, sources=(name,))))


def _people(
    groups: Mapping[str | None, Sums], kind: str, address: Callable[[str | None], Address]
) -> list[tuple[str, Sums, Address | None]]:
    return [(named(kind, name), sums, {**address(name), "stage": OPEN}) for name, sums in groups.items()]


def _figures(sums: Sums) -> tuple[Value, ...]:
    return sums.leads, sums.counted, sums.closings, sums.gci_usd, sums.expected_usd, sums.net_usd


def _bar(label: str, sums: Sums) -> Bar:
    return Bar(label, sums.leads, float(sums.expected_usd), float(sums.net_usd))


def _contract_rule(found: Pipeline) -> str:
    if not found.contracts_known:
        return (
            "A lead counts at its score's chance to close; in contract by how yours ended, once "
            f"{FEWEST_CLOSINGS} closed of which the contract's day was told."
        )
    return (
        "A lead counts at its score's chance to close; in contract by how the team's contracts ended that were open as "
        "long, as in the forecast of Predictive insights."
    )


def _month_rule(found: Pipeline) -> None:
    told = []
    for stage in OPEN_STAGES:
        wait = found.waits.get(stage)
        closings = 0 if wait is None else wait.closings
        if wait is None or not wait.known:
            told.append(f"{stage.value}: not known yet, {closings} of {FEWEST_FOR_A_WAIT} closings needed")
        else:
            told.append(f"{stage.value}: {counted(round(wait.days), 'day')} ({counted(closings, 'closing')})")
    st.caption(
        "A lead is expected to close as long after it reached its stage as half of your own closings took from there. "
        f"{'; '.join(told).capitalize()}. A lead that waited longer is past its usual time."
    )
