"""The steps of the funnel by segment: who differs by more than chance, and what raising a step would bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from core.charts.funnel import GroupRate, group_rates
from core.scoring.selective import wilson
from core.services.analyses import funnel
from core.services.analyses.funnel import KINDS, Goal, SegmentStep, WhatIf
from core.services.analyses.missing_words import MISSING, NO_PRICE, NOT_TOLD
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.advanced_analytics.funnel_words import (
    STAGES,
    STEP_COLUMNS,
    STEPS,
    reached_address,
    step_cells,
)
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.lead_filters import first_tier_words
from pages.components.period_filters import leads_address
from pages.components.words import choice, dollars, percent

GOALS: Final = {Goal.SEGMENTS: "The best quarter of the segments", Goal.OWN: "The team's own best 90 days"}
DRAWN: Final = 20
KEYS: Final = {"band": "price", "tier": "first_tier"}
UNTOLD: Final = {**MISSING, "band": NO_PRICE, "tier": first_tier_words(None), "side": ""}


def funnel_segments(center: CommandCenter, wanted: LeadFilter) -> None:
    """Pick a kind of segment and a goal; show repairs, then the comparison."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Segments", list(KINDS), key="funnel_by", format_func=KINDS.__getitem__, bind="query-params", width=160
        )
        goal = st.selectbox(
            "Raise a step to what these reach", list(GOALS), key="raise_to", format_func=GOALS.__getitem__,
            bind="query-params", width=300,
        )  # fmt: skip
    _repairs(center, wanted, kind, goal)
    _comparison(center, wanted, kind)


def _repairs(center: CommandCenter, wanted: LeadFilter, kind: str, goal: Goal) -> None:
    st.subheader("The step whose repair would bring most", anchor=False)
    if kind == "tier" and goal is Goal.SEGMENTS:
        nothing("A tier is no cause", "It is what the model made of a lead, so no step is raised to that of hot leads.")
        return
    found = funnel.repairs(center, wanted, kind, goal)
    if not found:
        nothing(
            "Too little to tell what a repair would bring",
            "Two segments, or two spans of 90 days, with 30 leads each that left a stage are needed, a closing, and 30 "
            f"days of arrivals. {_long_enough(center)}",
        )
        return
    _best(found[0])
    columns = (
        TableColumn("Step"), TableColumn("Share now", Kind.SHARE), TableColumn("Raised to", Kind.SHARE),
        TableColumn("More closings", Kind.NUMBER), TableColumn("Low", Kind.NUMBER),
        TableColumn("High", Kind.NUMBER), TableColumn("More commission", Kind.MONEY),
        TableColumn("Low, USD", Kind.MONEY), TableColumn("High, USD", Kind.MONEY), TableColumn("Set by"),
    )  # fmt: skip
    rows = [
        (
            STEPS[one.repair.place], one.repair.share, one.repair.target, one.repair.closings, one.repair.closings_low,
            one.repair.closings_high, one.gci_usd, one.gci_low, one.gci_high, ", ".join(one.best),
        )
        for one in found
    ]  # fmt: skip
    addresses = [reached_address(wanted, one.repair.place) for one in found]
    figure_table(Table(columns, rows), key="repairs", name="What a repair would bring", addresses=addresses, wrap=True)
    st.caption(
        "Leads a year times the share that goes on at every step, with one share raised and all else as it is. Shares "
        f"are of the leads that left the stage. {_long_enough(center)} "
        "Before the best are chosen, each segment is drawn towards the others as far as its few leads ask for, so that "
        "luck sets no target. Ranges hold 95 in 100 draws of all shares, of how "
        "far segments lie apart, of the arrivals and of the commission a closing. What is raised is what these leads "
        "did, not a promise: the segments may differ in their leads, and not in how they are served."
    )


def _best(one: WhatIf) -> None:
    repair = one.repair
    with st.container(border=True, gap="xsmall"):
        if repair.closings_low <= 0.0:
            st.text(f"No step stands out; most would come from {STEPS[repair.place]}")
        else:
            st.text(f"{STEPS[repair.place]}: {repair.closings:,.1f} more closings a year")
        money = "no closing has a price, so no commission can be told"
        if one.gci_usd is not None:
            money = f"{dollars(one.gci_usd)} more commission ({dollars(one.gci_low)} to {dollars(one.gci_high)})"
        st.text(
            f"From {percent(repair.share, 1)} to {percent(repair.target, 1)}: {repair.closings:,.1f} more closings a "
            f"year ({repair.closings_low:,.1f} to {repair.closings_high:,.1f}), {money}."
        )
        others = [f"{share:.3f}" for place, share in enumerate(one.shares) if place != repair.place]
        st.text(
            f"{one.leads_a_year:,.0f} leads a year x {' x '.join(others)} (the other steps) x "
            f"({repair.target:.3f} - {repair.share:.3f}) = {repair.closings:,.1f}. Raised to: {', '.join(one.best)}."
        )


def _comparison(center: CommandCenter, wanted: LeadFilter, kind: str) -> None:
    st.subheader("Where segments differ", anchor=False)
    found = funnel.compared(center, wanted, kind)
    if not found:
        needed = "A segment is compared from 20 leads that left a stage, and 20 others."
        nothing("Too few leads to compare", f"{needed} {_long_enough(center)}")
        return
    standing = sum(one.stands for one in found)
    step = st.segmented_control(
        "Step", list(STEPS), default=STEPS[0], required=True, key="funnel_step", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    here = [one for one in found if STEPS[one.place] == (step or STEPS[0])]
    if here:
        drawn = sorted(here, key=lambda one: -one.share)[:DRAWN]
        figure_chart(
            group_rates([_rate(one) for one in drawn], 100 * here[0].all_share),
            key="segment_rates",
            alt=f"Share of each segment that goes on, {step}",
            ways={one.group or "": _settled(wanted, kind, one) for one in drawn},
            click="a mark",
        )
    st.caption(
        f"{standing} of {counted(len(found), 'comparison')} (all segments and steps) differ by more than luck would "
        "bring among so many; these are coloured. Each segment is compared with all other leads; intervals hold "
        f"95 %. {_long_enough(center)}",
        help="At 5 % after Holm's correction for all comparisons; intervals by Wilson, of differences by Newcombe.",
    )
    with st.expander("Every segment's figures at this step; a click opens the leads"):
        _groups(center, wanted, kind, STEPS.index(step or STEPS[0]))
    with st.expander("Every comparison as numbers; a click opens the leads"):
        _table(wanted, kind, found)


def _long_enough(center: CommandCenter) -> str:
    days_of = funnel.known_after(center)
    if not any(days_of):  # none left a stage, or nobody dated it
        return ""
    told = ", ".join(f"{stage.value.capitalize()} {days}" for stage, days in zip(STAGES, days_of, strict=False))
    return (
        "Leads count once they reached the stage so many days ago that 95 % of those that leave it have left, as they "
        f"go on sooner than they are lost: {told}."
    )


def _groups(center: CommandCenter, wanted: LeadFilter, kind: str, place: int) -> None:
    found = funnel.funnel_of_groups(center, wanted, kind)
    rows = [(group or NOT_TOLD, *step_cells(steps[place])) for group, steps in found]
    figure_table(
        Table((TableColumn(KINDS[kind]), *STEP_COLUMNS), rows),
        key="groups_table",
        name=f"{STEPS[place]} by {KINDS[kind].lower()}",
        addresses=[_address(wanted, kind, group, place) for group, _ in found],
    )


def _rate(one: SegmentStep) -> GroupRate:
    low, high = wilson(one.went_on, one.settled)
    return GroupRate(one.group or "", 100 * one.share, 100 * low, 100 * high, one.settled, one.stands)


def _table(wanted: LeadFilter, kind: str, found: Sequence[SegmentStep]) -> None:
    columns = (
        TableColumn(KINDS[kind]), TableColumn("Step"), TableColumn("Left the stage", Kind.COUNT),
        TableColumn("Went on", Kind.COUNT), TableColumn("Share", Kind.SHARE), TableColumn("Others", Kind.SHARE),
        TableColumn("Difference, low", Kind.SHARE), TableColumn("Difference, high", Kind.SHARE),
        TableColumn("p, corrected", Kind.NUMBER), TableColumn("Stands"),
    )  # fmt: skip
    rows = [
        (
            one.group, STEPS[one.place], one.settled, one.went_on, one.share, one.others_share, one.low, one.high,
            one.p, "yes" if one.stands else "no",
        )
        for one in found
    ]  # fmt: skip
    addresses = [_settled(wanted, kind, one) for one in found]
    figure_table(Table(columns, rows), key="segments_table", name="Segments of the funnel", addresses=addresses)


def _address(wanted: LeadFilter, kind: str, group: str | None, place: int) -> Address:
    told = group or UNTOLD[kind]
    return {**reached_address(wanted, place), KEYS.get(kind, kind): [choice(told)]}


def _settled(wanted: LeadFilter, kind: str, one: SegmentStep) -> Address:
    """The leads of a group that left the stage: those that reached it and do not stand there now."""
    told = leads_address(wanted, left=STAGES[one.place].value.capitalize())
    return {**told, KEYS.get(kind, kind): [choice(one.group or UNTOLD[kind])]}
