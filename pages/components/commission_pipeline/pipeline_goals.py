"""What the team and its agents want to close, and whether they are on pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import streamlit as st

from core.analytics.pace import Pace, period_of, periods_around
from core.services.center import CommandCenter
from core.services.commission import commission_plans
from core.services.commission.commission_plans import Goal
from core.services.commission.goals import TEAM, pace_of, pace_words, period_words
from core.services.commission.pipeline import Pipeline
from core.transfer.table import Kind, Table, TableColumn, Value
from core.words import counted
from pages.components.empty import nothing
from pages.components.figure_table import figure_table
from pages.components.period_filters import closed_address
from pages.components.problem import attempt, problem
from pages.components.undated import undated
from pages.components.words import choice, today

COLUMNS = (
    TableColumn("For"),
    TableColumn("Period"),
    TableColumn("Goal", Kind.MONEY),
    TableColumn("Closed", Kind.MONEY),
    TableColumn("Closings", Kind.COUNT),
    TableColumn("Due by today", Kind.MONEY),
    TableColumn("Ahead or behind", Kind.MONEY),
    TableColumn("Still to close", Kind.MONEY),
)

SO_FAR = (TableColumn("Period"), TableColumn("Closings", Kind.COUNT), TableColumn("Closed commission", Kind.LEDGER))


def pipeline_goals(center: CommandCenter, found: Pipeline) -> None:
    """Show each goal with its pace, and the form that sets one."""
    kept = commission_plans.goals(center)
    shown = [goal for goal in kept if period_of(goal.period)[0] >= found.today - timedelta(days=366)]
    if shown:
        st.subheader("Closed commission against the goal", anchor=False)
        paces = [pace_of(found, goal) for goal in shown]
        with st.container(border=True, gap="xsmall"):
            for goal, (pace, _) in zip(shown, paces, strict=True):
                st.text(pace_words(goal, pace))
        figure_table(
            Table(COLUMNS, [_row(goal, *told) for goal, told in zip(shown, paces, strict=True)]),
            key="goals",
            name="Goals and pace",
            addresses=[closed_address(*period_of(goal.period), goal.agent) for goal in shown],
        )
        st.caption("Due by today is the goal's even share of the days gone. Closings count whatever is filtered above.")
    else:
        nothing(
            "No goal yet",
            "Set the commission that the team or an agent wants to close in a year, a quarter or a month.",
        )
    _closed_so_far(center, found)
    _form(center, found)
    if kept:
        _remove(center, kept)


def _closed_so_far(center: CommandCenter, found: Pipeline) -> None:
    """What the team has closed in this month, quarter and year, with or without a goal for it."""
    st.subheader("Closed so far", anchor=False)
    periods = periods_around(found.today)
    closed = [found.closed_usd(None, *period_of(period)) for period in periods]
    figure_table(
        Table(SO_FAR, [(period_words(period), *told) for period, told in zip(periods, closed, strict=True)]),
        key="closed_so_far",
        name="Closed so far",
        addresses=[closed_address(*period_of(period), None) for period in periods],
    )
    year_on, end_on = period_of(periods[-1])
    lacking = sum(one.price_usd is None and year_on <= one.closed_at.date() <= end_on for one in found.closings)
    if lacking:
        lack = ("closing of this year has no price and is", "closings of this year have no price and are")
        st.caption(f"{counted(lacking, *lack)} left out.")
    undated(center)


def _row(goal: Goal, pace: Pace, closings: int) -> tuple[Value, ...]:
    return (
        goal.agent or TEAM,
        goal.period,  # sorts by time
        pace.goal_usd,
        pace.closed_usd,
        closings,
        pace.due_usd,
        pace.ahead_usd,
        pace.missing_usd,
    )


def _form(center: CommandCenter, found: Pipeline) -> None:
    with st.form("goal", border=True):
        st.caption("Set a goal; it takes the place of an earlier one for the same period.")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            agents = [one.agent for one in found.agents if one.agent is not None]
            who = st.selectbox("For", [TEAM, *agents], key="goal_for", format_func=choice, width=220)
            period = st.text_input(
                "Year, quarter or month",
                f"{today():%Y}",
                key="goal_period",
                width=180,
                help="Such as 2026, 2026-Q4 or 2026-11",
            )
            amount = st.number_input("Gross commission, USD", 1, 1_000_000_000, None, 10_000, key="goal_usd", width=200)
            saved = st.form_submit_button("Save goal", key="save_goal")
    if not saved:
        return
    if amount is None:
        problem("The goal has no amount; tell the gross commission in US dollars.", "Not saved")
    else:
        _set(center, None if who == TEAM else who, period.strip(), Decimal(amount))


def _remove(center: CommandCenter, kept: Sequence[Goal]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        named = {f"{goal.agent or TEAM}, {period_words(goal.period)}": goal for goal in kept}
        name = st.selectbox(
            "Remove a goal", list(named), index=None, placeholder="Which one", format_func=choice, key="goal_of",
            width=280,
        )  # fmt: skip
        if st.button("Remove", key="goal_remove", icon=":material/delete:", disabled=name is None) and name:
            _set(center, named[name].agent, named[name].period, None)


def _set(center: CommandCenter, agent: str | None, period: str, gci_usd: Decimal | None) -> None:
    with attempt():
        commission_plans.set_goal(center, agent, period, gci_usd)
        st.rerun()
