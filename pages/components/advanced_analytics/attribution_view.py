"""Which channels the closings came by: eight models side by side, and what a channel cost and earned."""

from __future__ import annotations

from typing import Final

import streamlit as st

from core.analytics.attribution import Model
from core.charts.attribution import credit_dots
from core.services.analyses import attribution
from core.services.analyses.attribution import HALF_LIFE_DAYS, LOOKBACK_DAYS, LOOKBACKS, Attribution
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind as Cell
from core.transfer.table import Table, TableColumn
from core.words import counted
from pages.components.advanced_analytics.attribution_costs import attribution_costs
from pages.components.advanced_analytics.attribution_words import MODELS, channel_address, meaning
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import figure_table
from pages.components.words import in_markdown

SHOWN: Final = [Model.FIRST_TOUCH, Model.LAST_TOUCH, Model.LINEAR, Model.MARKOV_1]

PATH: Final = (
    "A path begins with the lead's source, on its arrival, and goes on with what the lead itself did{within} before "
    "the contract (or the loss): messages, calls, forms, looks at listings, requests for a showing. Several in a row "
    "by one channel are one touch; what comes within five minutes of the arrival is the arrival. What the team sends "
    "is no channel. The record holds one source a lead and no campaigns, so only sources can be bought; the other "
    "channels show that a lead was at it, and a lead that signs writes more: credit is no cause."
)


def attribution_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the credits of the closings of a filter's leads."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lookback = st.selectbox(
            "Touches count for", list(LOOKBACKS), index=list(LOOKBACKS).index(LOOKBACK_DAYS), key="lookback",
            format_func=LOOKBACKS.__getitem__, bind="query-params", width=160,
            help="Before the contract, or before the loss.",
        )  # fmt: skip
        half_life = st.number_input(
            "Half-life of time decay, days", 1, 365, HALF_LIFE_DAYS, key="half_life", bind="query-params", width=220
        )
    found = attribution.attribution(center, wanted, lookback, half_life)
    if found.closings == found.unassigned:
        nothing(
            f"{counted(found.closings, 'closing')}, none with a touch before it",
            "Credit is shared among what came before a closing: at least one closing with a known arrival is needed.",
        )
        attribution_costs(center, wanted, lookback, half_life)
        return
    _credits(wanted, found)
    _numbers(wanted, found)
    _said(found, lookback)
    attribution_costs(center, wanted, lookback, half_life)


def _credits(wanted: LeadFilter, found: Attribution) -> None:
    st.subheader("What brought the closings, by model", anchor=False)
    shown = st.pills(
        "Models", list(Model), default=SHOWN, selection_mode="multi", key="models", bind="query-params",
        format_func=MODELS.__getitem__,
    )  # fmt: skip
    drawn = shown or SHOWN
    figure_chart(
        credit_dots(
            [channel.label for channel in found.channels],
            {MODELS[model]: [one.closings[model] for one in found.channels] for model in Model if model in drawn},
            found.closings - found.unassigned,
        ),
        key="credits",
        alt="Closings credited to each channel, a mark a model",
        ways={one.label: channel_address(wanted, one) for one in found.channels},
    )
    for sentence in meaning(found):
        st.text(sentence)


def _numbers(wanted: LeadFilter, found: Attribution) -> None:
    columns = (
        TableColumn("Channel"), TableColumn("Decided leads", Cell.COUNT),
        *(TableColumn(MODELS[model], Cell.NUMBER) for model in Model),
    )  # fmt: skip
    rows: list[tuple[str | int | float | None, ...]] = [
        (one.label, one.touched, *(one.closings[model] for model in Model)) for one in found.channels
    ]
    with_touch = found.closings - found.unassigned
    rows.append(("Unassigned", None, *(float(found.unassigned) for _ in Model)))
    rows.append(("All closings", None, *(float(with_touch + found.unassigned) for _ in Model)))
    addresses = [*(channel_address(wanted, one) for one in found.channels), None, None]
    with st.expander("The same as numbers; a click on a source opens its leads"):
        figure_table(Table(columns, rows), key="credit_table", name="Credit by model", addresses=addresses)


def _said(found: Attribution, lookback: int) -> None:
    within = f" within {LOOKBACKS[lookback].lower()}" if lookback else ""
    st.caption(in_markdown(PATH.format(within=within)))
    closings = counted(found.closings, "closing")
    unassigned = f"{found.unassigned:,} of {closings} without a touch{within} or without a date: unassigned. "
    together = f" Under {attribution.TOGETHER}: {', '.join(found.together)}." if found.together else ""
    st.text(
        f"{unassigned}A closing had {found.touches:.1f} touches on average. Left out: "
        f"{counted(found.still_open, 'open lead')}, which may yet close.{together}"
    )
