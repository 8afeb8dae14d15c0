"""Forecasts as they would have been made on past days, against what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from core.charts import ForecastBar, forecasts_against_truth
from core.services.analyses import forecast
from core.services.analyses.forecast import Held, PastForecast
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import day_words
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import closed_address, leads_address
from pages.components.predictive_insights.forecast_ahead import too_few
from pages.components.words import percent

CLOSINGS, COMMISSION = "Closings", "Commission"


def forecast_backtest(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show how often the range from low to high held the truth, and every past forecast."""
    place = st.empty()
    bar = place.progress(0.0, text="Making the forecasts of the past")

    def on_its_way(share: float) -> None:
        bar.progress(share, text=f"Making the forecasts of the past: {share:.0%}")

    past = forecast.past_forecasts(center, wanted, progress=on_its_way)
    place.empty()
    if not past:
        told = forecast.outlook(center, wanted)
        if told.too_few is not None:
            too_few(center, told.too_few)
        else:
            nothing("No past forecast yet", "The first can be judged 30 days after the thirtieth closing.")
        return
    what = st.segmented_control(
        "What", [CLOSINGS, COMMISSION], default=CLOSINGS, required=True, key="what", bind="query-params"
    )
    money = what == COMMISSION
    st.subheader(f"What forecasts told of {str(what).lower()}, and what happened", anchor=False)
    _held(past, money)
    days = st.segmented_control(
        "Days ahead", list(forecast.HORIZONS), default=30, required=True, key="ahead", bind="query-params"
    )
    _figure([one for one in past if one.days == (days or 30)], money, wanted)
    st.caption(
        "Every 14 days a forecast from what was known then: scores made by that day and outcomes that had happened. "
        "Leads without a score then count at the share of leads that close. Windows overlap: neighbours are right or "
        "wrong together: the intervals above count only as many as lie side by side."
    )
    with st.expander("The same as numbers"):
        _table(past, wanted)


def _held(past: Sequence[PastForecast], money: bool) -> None:
    with st.grid(3, min_column_width=200):
        for days in forecast.HORIZONS:
            found = Held.of(past, days, money)
            if found is None:
                continue
            low, high = found.interval
            st.metric(
                f"{days} days: range held the truth",
                f"{found.held} of {found.dates}",
                border=True,
                help=f"The range from low to high should hold it about eight times in ten. The {found.dates} windows "
                f"overlap: no more than {found.separate} lie side by side, and the interval is that of so many.",
                delta=f"{percent(found.share)}, 95 % interval {100 * low:.0f} to {100 * high:.0f} %",
                delta_color="off",
                delta_arrow="off",
            )


def _figure(past: Sequence[PastForecast], money: bool, wanted: LeadFilter) -> None:
    bars = [ForecastBar(day_words(one.made_on), *_range(one, money)) for one in past]
    unit = "Commission, USD" if money else "Closings"
    figure_chart(
        forecasts_against_truth(bars, unit),
        key="backtest",
        alt=f"{unit}: forecast and what happened",
        ways={bar.label: _closed(one, wanted) for bar, one in zip(bars, past, strict=True)},
    )


def _range(one: PastForecast, money: bool) -> tuple[float, float, float, float]:
    if money:
        band = one.commission
        return float(band.low), float(band.middle), float(band.high), float(one.earned)
    return one.closings.low, one.closings.middle, one.closings.high, float(one.closed)


def _table(past: Sequence[PastForecast], wanted: LeadFilter) -> None:
    money = ("Commission, low", "Commission, middle", "Commission, high", "Earned")
    columns = (
        TableColumn("Made on", Kind.DAY),
        *(
            TableColumn(label, Kind.COUNT)
            for label in ("Days ahead", "Closings, low", "Closings, middle", "Closings, high", "Happened")
        ),
        TableColumn("Held"),
        *(TableColumn(label, Kind.MONEY) for label in money),
        TableColumn("Commission held"),
    )
    rows = [
        (
            one.made_on,
            one.days,
            *(one.closings.low, one.closings.middle, one.closings.high),
            one.closed,
            _yes(one.held),
            *(one.commission.low, one.commission.middle, one.commission.high),
            one.earned,
            _yes(one.held_commission),
        )
        for one in past
    ]
    addresses = [_closed(one, wanted) for one in past]
    figure_table(Table(columns, rows), key="backtest_table", name="Past forecasts", addresses=addresses)


def _closed(one: PastForecast, wanted: LeadFilter) -> Address:
    """The leads that closed in the window of a past forecast."""
    selection = leads_address(replace(wanted, created_from=None, created_to=None))
    start, end = one.made_on + timedelta(days=1), one.made_on + timedelta(days=one.days)
    return {**selection, **closed_address(start, end, None)}


def _yes(held: bool) -> str:
    return "Yes" if held else "No"
