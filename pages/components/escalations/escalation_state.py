"""How asking goes: Claude off, a budget used up, a circuit open, and how the budgets stand."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from core.services.access import Right
from core.services.center import CommandCenter
from core.services.escalations import budget, review
from core.services.escalations.desk_state import DeskState
from core.store.opinions import Reservation, Status
from pages.components.escalation_words import ASK_AN_ADMIN, SWITCH_ON, cost, why_it_waits
from pages.components.problem import attempt
from pages.components.words import in_markdown, when

_SPENT = {DeskState.DAY_SPENT: Reservation.DAY_SPENT, DeskState.MONTH_SPENT: Reservation.MONTH_SPENT}


def escalation_state(center: CommandCenter) -> None:
    """A notice where nothing is being asked, then the budgets."""
    desk = review.desk_state(center)
    if not review.is_set_up(center):
        how = SWITCH_ON if center.actor.may(Right.SETTINGS) else ASK_AN_ADMIN
        st.info(how, title="Claude is off: escalations wait for your review")
    elif desk is not None and desk.now is not DeskState.ASKING:
        st.warning(in_markdown(why_it_waits(desk, center.actor)), title="Claude is not being asked")
    elif desk is None:
        st.warning(why_it_waits(desk, center.actor), title="Claude is not being asked")
    _budgets(center, None if desk is None else _SPENT.get(desk.now))


def _budgets(center: CommandCenter, stopped: Reservation | None) -> None:
    now = budget.state(center, stopped)
    with st.grid(4, min_column_width=150):
        st.metric("Waiting", f"{review.count(center, Status.WAITING):,}", border=True)
        st.metric("Being asked", f"{review.count(center, Status.ASKED):,}", border=True)
        st.metric(
            in_markdown(f"Today, of {cost(now.day_limit_usd)}"),
            in_markdown(cost(now.day_usd)),
            border=True,
            help="Set aside or spent. A question's worst cost is set aside before it is asked. Days begin at 0:00 UTC.",
        )
        st.metric(
            in_markdown(f"This month, of {cost(now.month_limit_usd)}"), in_markdown(cost(now.month_usd)), border=True
        )
    if now.stopped_until is not None:
        st.caption(f"No room for the next question. Asking goes on {when(now.stopped_until)}.")


def budget_form(center: CommandCenter) -> None:
    """The daily budget can be moved here; the monthly one is a setting of the server."""
    allowed = budget.limits(center)
    with st.popover("Daily budget", icon=":material/savings:"):
        usd = st.number_input(
            "Dollars a day", 0.0, 1_000_000.0, allowed.day_micro_usd / 1_000_000, step=1.0, key="daily_usd"
        )
        st.caption("Never more than the month's, which JORGE_CLAUDE_MONTHLY_BUDGET_USD sets.")
        if st.button("Save", key="save_daily"):
            with attempt():
                budget.set_daily(center, Decimal(str(usd)))
                st.rerun()
