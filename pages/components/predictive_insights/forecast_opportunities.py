"""Sources, areas and price bands that sign more often than the others and get no more attention."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.charts import Difference, differences
from core.services.analyses import insights
from core.services.analyses.insights import Missed
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.words import choice, percent

DRAWN = 15
DECIDED = ["Contract", "Closed", "Lost"]
KINDS = {"source": "Source", "area": "Area", "band": "Price"}


def forecast_opportunities(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the groups that deserve more, then every group that was compared."""
    found = insights.missed(center, wanted)
    if not found:
        nothing("Too few decided leads", "A group is compared from 20 leads on that signed or were lost.")
        return
    standing = [one for one in found if one.found.stands]
    st.subheader("They sign more often and get no more attention", anchor=False)
    if not standing:
        st.text(f"None of {counted(len(found), 'group')}: no difference is larger than chance brings among so many.")
    for one in standing:
        _card(one)
    st.subheader("Every group against all other leads", anchor=False)
    figure_chart(
        differences([_difference(one) for one in found[:DRAWN]]),
        key="differences",
        alt="How much more often a group signs than all other leads, with 95 % intervals",
        ways={_difference(one).name: _behind(wanted, one) for one in found[:DRAWN]},
    )
    st.caption(
        f"The surest {min(DRAWN, len(found))} of {counted(len(found), 'group')}, each with its own 95 % interval. "
        "Among so many some differ by chance: a group is named above when luck would bring as large a difference to "
        "any of them in fewer than 1 of 20 looks. Only decided leads count. Attention: what the team sent in their "
        "first 14 days.",
        help="Fisher's exact test with Holm's correction for all groups; intervals by Newcombe.",
    )
    with st.expander("The same as numbers; a click opens the leads"):
        _table(wanted, found)


def _card(one: Missed) -> None:
    group = one.found.group
    with st.container(border=True, gap="xsmall"):
        st.text(f"{KINDS[group.kind]}: {group.name}")
        st.caption(
            f"{percent(group.share, 1)} of {counted(group.decided, 'decided lead')} signed, "
            f"{percent(group.others_share, 1)} of the others ({100 * one.low:+.1f} to {100 * one.high:+.1f} points). "
            f"It gets {100 * group.attention:.0f} % of the touches that other leads get."
        )


def _difference(one: Missed) -> Difference:
    group = one.found.group
    points = 100 * (group.share - group.others_share)
    name = f"{KINDS[group.kind]}: {group.name}"
    return Difference(name, points, 100 * one.low, 100 * one.high, group.decided, one.found.stands)


def _table(wanted: LeadFilter, found: Sequence[Missed]) -> None:
    columns = (
        TableColumn("Group by"),
        TableColumn("Group"),
        TableColumn("Decided", Kind.COUNT),
        TableColumn("Signed", Kind.COUNT),
        TableColumn("Share", Kind.SHARE),
        TableColumn("Others", Kind.SHARE),
        TableColumn("Attention", Kind.SHARE),
        TableColumn("p", Kind.NUMBER),
    )
    rows = [
        (KINDS[g.kind], g.name, g.decided, g.signed, g.share, g.others_share, g.attention, one.found.p)
        for one in found
        for g in (one.found.group,)
    ]
    figure_table(
        Table(columns, rows),
        key="missed_table",
        name="Groups against all others",
        addresses=[_behind(wanted, one) for one in found],
    )


def _behind(wanted: LeadFilter, one: Missed) -> Address:
    group = one.found.group
    decided = {"stage": DECIDED} | leads_address(wanted)
    return {**decided, "price" if group.kind == "band" else group.kind: [choice(group.name)]}
