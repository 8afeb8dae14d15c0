"""Cohorts by week or month of arrival: how many signed by which age, as a field, as curves and as numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from core.analytics.kaplan_meier import HappenedByAge
from core.charts import Curve, HeatCell, HeatRow, cohort_field, curves_by_age
from core.services.analyses.cohorts import Cohorts, DatedCohort, Unit, cohorts
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, day_words, month_words
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.words import viewer_zone

EVERYONE = "All leads"
FEWEST_DRAWN, DRAWN, MOST_POINTS = 20, 3, 200


def cohorts_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the field, the curves and the numbers."""
    unit = Unit(
        st.segmented_control(
            "Arrived in the same", list(Unit), default=Unit.MONTH, required=True, key="span",
            format_func=str.capitalize, bind="query-params",
        )
        or Unit.MONTH
    )  # fmt: skip
    found = cohorts(center, wanted, unit, viewer_zone())
    if found is None:
        nothing("No lead matches", "Loosen a filter, or clear them all.")
        return
    st.subheader("Share of each cohort that has signed by its age", anchor=False)
    rows = [_row(one, unit) for one in found.cohorts]
    if all(cell is None for row in rows for cell in row.cells):
        nothing(f"No lead is a {unit} old yet", f"A cohort's share stands here from its first {unit} on.")
        return
    alt = f"Share that signed by age, a row for each {unit} of arrival"
    figure = cohort_field(rows, unit, st.context.theme.type)
    behind = {cohort_name(one, unit): _behind(wanted, one) for one in found.cohorts}
    ways = {f"{row.name} ({row.leads:,})": behind[row.name] for row in rows}
    figure_chart(figure, key="cohort_field", alt=alt, ways=ways, click="a cell")
    earlier = (
        f" {counted(found.earlier, 'earlier cohort is', 'earlier cohorts are')} left out." if found.earlier else ""
    )
    st.caption(
        f"In percent of all leads that came in, in brackets how many. A {unit} of age has {unit.days:.0f} days. Empty: "
        "no lead is that old yet. With ~: only some are, so the share is an estimate that counts each lead for as "
        f"long as it has been here, and more may join.{earlier}{_undated(found.undated)}",
        help="By Kaplan and Meier's estimate.",
    )
    _curves(wanted, found, behind)
    _table(wanted, found)


def _undated(leads: int) -> str:
    if not leads:
        return ""
    who = counted(leads, "lead has", "leads have")
    return (
        f" {who} signed nobody knows when, or before they came in: the lists of leads show them, these figures leave "
        "them out."
    )


def _curves(wanted: LeadFilter, found: Cohorts, behind: Mapping[str, Address]) -> None:
    st.subheader("How the share grows with age", anchor=False)
    if found.leads < FEWEST_DRAWN:
        few = counted(found.leads, "lead")
        nothing(f"{few} so far; {FEWEST_DRAWN} are needed", "Of fewer a curve jumps with every lead that signs.")
        return
    named = {cohort_name(one, found.unit): one for one in found.cohorts}
    told = {label for label, one in named.items() if 2 * one.cohort.complete >= found.ages}
    usual = [label for label, one in named.items() if label in told and one.cohort.leads >= FEWEST_DRAWN][-DRAWN:]
    chosen = st.multiselect(
        "Cohorts",
        list(named),
        usual,
        key=f"cohorts_{found.unit}",
        bind="query-params",
        max_selections=7,
        placeholder="Choose cohorts to set beside all leads",
    )
    curves = [_curve(EVERYONE, found.everyone, found.leads, found)]
    curves += [_curve(one, named[one].cohort.curve, named[one].cohort.leads, found) for one in chosen]
    alt = "Share that has signed by age, with 95 % bands"
    figure = curves_by_age(curves, found.unit)
    ways = {**behind, EVERYONE: {"came_in": ["2000-01-01", str(found.cohorts[-1].last)], **leads_address(wanted)}}
    figure_chart(figure, key="cohort_curves", alt=alt, ways=ways, click="a line")
    st.caption("Bands hold the share at each age with 95 % (Greenwood). Where they overlap, cohorts may well be alike.")


def _curve(label: str, curve: HappenedByAge, leads: int, found: Cohorts) -> Curve:
    """The steps of a curve, thinned to what a screen can show, from 0 to the last age that was watched."""
    unit = found.unit.days
    last = min(curve.longest, found.ages * unit)
    steps = curve.age[curve.age <= last]
    thinned = steps[np.unique(np.linspace(0, len(steps) - 1, min(len(steps), MOST_POINTS)).astype(int))]
    ages = [0.0, *thinned.tolist(), last]
    ends = [curve.interval_by(age) for age in ages]
    return Curve(
        label,
        [age / unit for age in ages],
        [100 * curve.by(age) for age in ages],
        [100 * low for low, _ in ends],
        [100 * high for _, high in ends],
        leads,
    )


def _row(one: DatedCohort, unit: Unit) -> HeatRow:
    cells = [
        None
        if cell is None
        else HeatCell(100 * cell.share, 100 * cell.low, 100 * cell.high, cell.reached, not cell.complete)
        for cell in one.cohort.cells
    ]
    return HeatRow(cohort_name(one, unit), one.cohort.leads, cells)


def cohort_name(one: DatedCohort, unit: Unit) -> str:
    """What a cohort is called: its month, or the Monday of its week."""
    if unit is Unit.MONTH:
        return month_words(one.first)
    return day_words(one.first)


def _table(wanted: LeadFilter, found: Cohorts) -> None:
    columns = (
        TableColumn("Arrived in", Kind.MONTH) if found.unit is Unit.MONTH else TableColumn("Arrived from", Kind.DAY),
        TableColumn("Leads", Kind.COUNT),
        TableColumn("Signed so far", Kind.COUNT),
        TableColumn("Watched in full", Kind.COUNT),
        *(TableColumn(f"By {found.unit} {age}", Kind.SHARE) for age in range(1, found.ages + 1)),
    )
    rows = [
        (
            one.first,
            one.cohort.leads,
            one.cohort.signed,
            one.cohort.complete,
            *(None if cell is None else cell.share for cell in one.cohort.cells),
        )
        for one in found.cohorts
    ]
    with st.expander("The same as numbers; a click opens the leads"):
        figure_table(
            Table(columns, rows),
            key=f"cohort_table_{found.unit}",
            name=f"Cohorts by {found.unit} of arrival",
            addresses=[_behind(wanted, one) for one in found.cohorts],
        )
        st.caption(f"Watched in full: the number of {found.unit}s of age that every lead of the cohort has reached.")


def _behind(wanted: LeadFilter, one: DatedCohort) -> Address:
    told = leads_address(wanted)
    within = list(told.get("came_in", ())) or [str(one.first), str(one.last)]
    return {**told, "came_in": [max(within[0], str(one.first)), min(within[1], str(one.last))]}
