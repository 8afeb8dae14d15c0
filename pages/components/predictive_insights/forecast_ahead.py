"""Closings and commission of the next 30, 60 and 90 days and of the next months."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core.analytics.contract_chance import FEWEST_CLOSINGS
from core.charts import ForecastBar, forecast_bars
from core.services.analyses import forecast
from core.services.analyses.forecast import Basis, Expected, Outlook
from core.services.center import CommandCenter
from core.store import LeadFilter, LeadSort
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted, day_words
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.lead_filters import ORDERS
from pages.components.period_filters import leads_address
from pages.components.pipeline_figures import OPEN
from pages.components.undated import undated
from pages.components.words import dollars, in_markdown, percent

BY_CONTRACTS = (
    "A lead in contract counts by how the team's contracts ended that were open as long, and commission is price x "
    "side rate by today's plans: both as in the commission pipeline, which counts what closes later too."
)
BY_SCORE = (
    f"A lead in contract counts by its score too, until {FEWEST_CLOSINGS} closed of which the contract's day was told. "
    "Commission is price x side rate by today's plans, as in the commission pipeline, which counts later ones too."
)
MIDDLE = "The middle of what may come: as likely more as less."


def forecast_ahead(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show what the leads of a filter bring, and what that stands on."""
    told = forecast.outlook(center, wanted)
    if told.too_few is not None or told.basis is None:
        too_few(center, told.too_few or 0)
        return
    if wanted.created_from is not None:
        st.caption("A forecast looks at every open lead, whenever it came in: the period above is left aside here.")
    with st.grid(3, min_column_width=240):
        for window, days in zip(told.by_horizon, forecast.HORIZONS, strict=True):
            _horizon(window, days)
    behind = _open(wanted, told)
    counts, money = st.columns(2, gap="medium")
    with counts:
        st.subheader("Closings by month", anchor=False)
        _bars(told.by_month, "Closings", behind)
    with money:
        st.subheader("Commission by month", anchor=False)
        _bars(told.by_month, "Commission, USD", behind)
    st.caption(
        "The bar is the middle of what may come: as likely more as less. The whisker runs from low to high; what comes "
        "lies there 8 times in 10."
    )
    with st.expander("The same as numbers; a click opens the open leads that it is made from"):
        _table((*told.by_horizon, *told.by_month), behind)
    _basis(told.basis)
    _behind(wanted, told.basis)


def too_few(center: CommandCenter, closings: int) -> None:
    """What is missing for a forecast."""
    nothing(
        f"{counted(closings, 'closing')} so far; {FEWEST_CLOSINGS} are needed for a forecast",
        "Times to close are learned from the team's own closings. Record what becomes of leads, each with its date, "
        "on a lead's own screen, through the API, or score a file that has their close dates.",
    )
    undated(center)


def _horizon(window: Expected, days: int) -> None:
    closings, commission = window.closings, window.commission
    with st.container(border=True, gap="xsmall"):
        st.caption(f"Next {days} days, to {day_words(window.end)}")
        st.metric("Commission, middle", dollars(commission.middle), help=MIDDLE)
        st.text(f"{dollars(commission.low)} to {dollars(commission.high)}, 8 times in 10")
        st.metric("Closings, middle", f"{closings.middle:,.0f}", help=MIDDLE)
        st.text(f"{closings.low:,.0f} to {closings.high:,.0f}, 8 times in 10; on average {closings.expected:,.1f}")


def _bars(windows: Sequence[Expected], unit: str, behind: Address) -> None:
    money = unit.startswith("Commission")
    bars = [
        ForecastBar(window.month, float(band.low), float(band.middle), float(band.high))
        for window in windows
        for band in ((window.commission if money else window.closings),)
    ]
    figure_chart(
        forecast_bars(bars, unit),
        key=f"ahead_{money}",
        alt=f"{unit} by month, low to high",
        ways={bar.label: behind for bar in bars},
        click="a bar",
    )


def _table(windows: Sequence[Expected], behind: Address) -> None:
    counts = ("Closings, low", "Closings, middle", "Closings, high")
    means = ("Closings expected", "Of leads to come")
    money = ("Commission, low", "Commission, middle", "Commission, high", "Commission expected")
    columns = (
        *(TableColumn(label, Kind.DAY) for label in ("From", "To")),
        *(TableColumn(label, Kind.COUNT) for label in counts),
        *(TableColumn(label, Kind.NUMBER) for label in means),
        *(TableColumn(label, Kind.MONEY) for label in money),
    )
    rows = [
        (
            window.start,
            window.end,
            *(window.closings.low, window.closings.middle, window.closings.high, window.closings.expected),
            window.expected_new,
            *(window.commission.low, window.commission.middle, window.commission.high, window.commission.expected),
        )
        for window in windows
    ]
    figure_table(Table(columns, rows), key="ahead_table", name="Forecast", addresses=[behind] * len(rows))


def _basis(basis: Basis) -> None:
    """What the forecast stands on, in sentences."""
    arrivals = basis.arrivals
    learned = "the whole team's, as these leads have too few of their own" if basis.learned_from_all else "their own"
    said = [
        f"Made from {counted(basis.open_leads, 'open lead')} ({basis.in_contract:,} in contract) by their last "
        "score's chance to close, how old each is, and times to close learned from "
        f"{counted(basis.closings, 'closing')}, {learned}.",
        f"Leads yet to come arrive at {arrivals.per_day:.1f} a day (last {counted(arrivals.weeks, 'week')}, give or "
        f"take {percent(arrivals.relative_error)}). No seasonal factor is applied.",
        BY_CONTRACTS if basis.by_contracts else BY_SCORE,
    ]
    if basis.without_score:
        said.append(
            f"{counted(basis.without_score, 'lead without a score counts', 'leads without a score count')} at the "
            "share of all leads that close."
        )
    if basis.without_closing:
        said.append(
            f"For {counted(basis.without_closing, 'lead')} the model tells only the chance of a contract; the share "
            "of the team's contracts that close is applied to it."
        )
    if basis.without_price:
        said.append(
            f"{counted(basis.without_price, 'open lead without a price sells', 'open leads without a price sell')} at "
            "prices drawn from past sales."
        )
    st.caption(in_markdown(" ".join(said)))


def _open(wanted: LeadFilter, told: Outlook) -> Address:
    """The open leads that every window is made from: those whose arrival was told."""
    address = leads_address(wanted)
    return {**address, "stage": OPEN, "came_in": ["2000-01-01", str(told.made_on + timedelta(days=1))]}


def _behind(wanted: LeadFilter, basis: Basis) -> None:
    """The way to the leads behind the figures."""
    address = leads_address(wanted)
    address.pop("came_in", None)
    signed = "The lead in contract" if basis.in_contract == 1 else f"The {basis.in_contract:,} leads in contract"
    others = "The other open leads" if basis.in_contract else "The open leads"
    ways = {signed: ["Contract"]} if basis.in_contract else {}
    ways[others] = ["Generated", "Qualified", "Showing"]
    with st.container(horizontal=True):
        for label, stages in ways.items():
            query = {**address, "stage": stages, "order": ORDERS[LeadSort.COMMISSION]}
            st.page_link("leads.py", label=label, icon=":material/group:", query_params=query)
