"""Commission plans: the form, what it says on an example closing, and the versions that there were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import streamlit as st

from core.commission import Agreement, CommissionPlan, SideRates, YearSoFar, gross_commission, net_to_agent
from core.commission.plan_words import read_sources, read_split, share_words, source_words, split_words
from core.commission.typed import typed_month_day, typed_share, typed_usd
from core.errors import JorgeError
from core.leads import Side
from core.services.center import CommandCenter
from core.services.commission import commission_plans
from core.services.commission.pipeline import Pipeline
from core.transfer.table import Kind, Table, TableColumn
from core.words import day_words
from pages.components.commission_pipeline.pipeline_agents import arithmetic
from pages.components.figure_table import figure_table
from pages.components.problem import problem
from pages.components.said import say_after_the_rerun
from pages.components.words import DATE_FIELD, choice, dollars, in_markdown, percent, today

UNITS = {
    **dict.fromkeys(("Buyer's side", "Seller's side", "Referral fee", "Franchise fee"), ", percent"),
    **dict.fromkeys(("Brokerage's cap", "Franchise fee's cap", "Transaction fee"), ", USD"),
}
EVERYONE = "Everyone without a plan of their own"


def pipeline_plans(center: CommandCenter, found: Pipeline) -> None:
    """Pick whose plan, change it, see it on an example, save it from a day on."""
    st.subheader("Commission plans", anchor=False)
    agents = [one.agent for one in found.agents if one.agent is not None]
    who = st.selectbox("Plan of", [EVERYONE, *agents], key="plan_of", format_func=choice, width=320)
    agent = None if who == EVERYONE else who
    version = found.plans.version_on(agent, found.today)
    if agent is not None and (version is None or version.agent is None):
        st.caption("This agent has no plan of their own; the one for everyone counts, and the form starts from it.")
    elif version is None:
        st.caption("No plan is saved yet: the team's commission rate counts, half a side, and agents net all of it.")
    year = next((one.year.so_far for one in found.agents if one.agent == agent and agent is not None), YearSoFar())
    with st.form(f"plan_{who}"):
        valid_from, told = _fields(who, found.plans.on(agent, found.today))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            price = st.number_input(
                "Example: sale price, USD", 0, 1_000_000_000, 500_000, 25_000, key=f"example_{who}", width=200
            )
            side = st.selectbox("Side", list(Side), format_func=_side, key=f"example_side_{who}", width=130)
            st.form_submit_button("Show the example", key=f"show_{who}")
            save = st.form_submit_button("Save plan", type="primary", key=f"save_{who}")
    try:
        agreement = agreement_from(told)
        if save:
            commission_plans.save_plan(center, agent, valid_from, agreement)
            say_after_the_rerun(f"The plan is saved; it counts from {day_words(valid_from)} on")
            st.rerun()
    except (ValueError, JorgeError) as error:
        problem(error, "This plan cannot be saved")
        return
    _example(agreement, Decimal(price), side or Side.BUYER, year, agent)
    _versions(found)


def agreement_from(told: dict[str, str]) -> Agreement:
    """The agreement that the form's texts tell of. Raises ValueError with a sentence that names the field."""
    cap, franchise_cap = (typed_usd(told[name], name) for name in ("Brokerage's cap", "Franchise fee's cap"))
    return Agreement(
        SideRates(
            typed_share(told["Buyer's side"], "Buyer's side"), typed_share(told["Seller's side"], "Seller's side")
        ),
        CommissionPlan(
            tiers=read_split(told["Split"]),
            brokerage_cap_usd=cap,
            referral_rate=typed_share(told["Referral fee"], "Referral fee"),
            franchise_rate=typed_share(told["Franchise fee"], "Franchise fee"),
            franchise_cap_usd=franchise_cap,
            transaction_fee_usd=typed_usd(told["Transaction fee"], "Transaction fee") or Decimal(0),
        ),
        read_sources(told["Sources"]),
        typed_month_day(told["Anniversary"], "Anniversary"),
    )


def _fields(who: str, now: Agreement) -> tuple[date, dict[str, str]]:
    plan = now.plan
    first = {
        "Buyer's side": (_hundredths(now.side_rates.buyer), "Percent of the price, such as 2.5"),
        "Seller's side": (_hundredths(now.side_rates.seller), "Percent of the price, such as 3"),
        "Split": (split_words(plan.tiers), "The agent's share: 70 %, or 50 % to 100,000; 60 % to 200,000; 70 %"),
        "Brokerage's cap": (_text(plan.brokerage_cap_usd), "US dollars a year; empty: no cap"),
        "Anniversary": (_anniversary(now), "Month-day on which tiers and caps begin anew, such as 06-15; empty: 01-01"),
        "Referral fee": (_hundredths(plan.referral_rate), "Percent of the commission"),
        "Franchise fee": (_hundredths(plan.franchise_rate), "Percent of what is left after the referral fee"),
        "Franchise fee's cap": (_text(plan.franchise_cap_usd), "US dollars a year; empty: no cap"),
        "Transaction fee": (_text(plan.transaction_fee_usd), "US dollars a closing"),
    }
    with st.grid(3, min_column_width=220):
        told = {
            label: st.text_input(f"{label}{UNITS.get(label, '')}", value, key=f"{label}_{who}", help=in_markdown(help_))
            for label, (value, help_) in first.items()
        }
    told["Sources"] = st.text_area(
        "Terms of some sources, a line each",
        source_words(now.by_source),
        key=f"sources_{who}",
        placeholder="Zillow: referral 35 %\nReferral: referral 25 %; split 60 %",
        height=90,
    )
    valid_from = st.date_input("Counts from", today(), key=f"from_{who}", width=220, format=DATE_FIELD)
    return valid_from, told


def _example(agreement: Agreement, price_usd: Decimal, side: Side, year: YearSoFar, agent: str | None) -> None:
    rate = agreement.side_rates.rate_for(side)
    gci = gross_commission(price_usd, rate)
    begun = "where this year stands" if agent is not None else "at the start of a year"
    st.text(f"Example, {begun}: {dollars(price_usd)} x {percent(float(rate), 3)} = ${gci:,.2f} gross commission")
    arithmetic(net_to_agent(gci, agreement.plan, year))


def _versions(found: Pipeline) -> None:
    if not found.plans.versions:
        return
    st.subheader("Versions", anchor=False)
    columns = (
        TableColumn("Plan of"),
        TableColumn("Counts from", Kind.DAY),
        TableColumn("Buyer's side", Kind.SHARE),
        TableColumn("Seller's side", Kind.SHARE),
        TableColumn("Split"),
        TableColumn("Cap", Kind.LEDGER),
        TableColumn("Saved by"),
    )
    rows = [
        (
            one.agent or EVERYONE,
            one.valid_from,
            one.agreement.side_rates.buyer,
            one.agreement.side_rates.seller,
            split_words(one.agreement.plan.tiers),
            one.agreement.plan.brokerage_cap_usd,
            one.made_by,
        )
        for one in reversed(found.plans.versions)
    ]
    figure_table(Table(columns, rows), key="plan_versions", name="Commission plans")
    st.caption("A closing is computed by the plan that counted on its day; nothing saved is ever changed.")


def _hundredths(share: Decimal) -> str:
    return share_words(share).removesuffix(" %")


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}".removesuffix(".00")


def _anniversary(now: Agreement) -> str:
    return "" if now.anniversary is None else f"{now.anniversary[0]:02}-{now.anniversary[1]:02}"


def _side(side: Side) -> str:
    return side.value.capitalize()
