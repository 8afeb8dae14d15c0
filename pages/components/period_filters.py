"""The filters of the manager's pages, the same everywhere and kept in the address: period, source, agent, area, side.

Their keys are not those of the list of leads: a link between two pages may not set what a widget of the first holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import streamlit as st

from core.leads import Side
from core.services.analyses.missing_words import band_named, named
from core.services.center import CommandCenter
from core.services.lead import leads
from core.store import LeadFilter
from pages.components.lead_filters import first_tier_words, span_of
from pages.components.words import DATE_FIELD, HOURS, WEEKDAYS, choice, local, today

ALL_TIME, THIS_YEAR, OWN_DATES = "All time", "This year", "Own dates"
LAST_DAYS: Final[Mapping[str, int]] = {"Last 30 days": 30, "Last 90 days": 90, "Last 12 months": 365}
MOST_LINKED: Final = 60  # names that an address holds; figures of more are without a link
PERIODS: Final = (ALL_TIME, *LAST_DAYS, THIS_YEAR, OWN_DATES)
EMPTY: Final[dict[str, Any]] = {
    "period": ALL_TIME,
    "days": (),
    "of_source": [],
    "of_agent": [],
    "of_area": [],
    "of_side": [],
}


def period_filters(center: CommandCenter, *, with_period: bool = True) -> LeadFilter:
    """Show the filters; return what they say. The period is when a lead came in, on the viewer's days."""
    facets = leads.facets(center)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start, end = _period() if with_period else (None, None)
        sources = _among("Source", "of_source", facets.sources)
        agents = _among("Agent", "of_agent", facets.agents)
        areas = _among("Area", "of_area", facets.areas)
        sides = st.multiselect(
            "Side", list(Side), key="of_side", format_func=str.capitalize, bind="query-params",
            placeholder="All", width=165,
        )  # fmt: skip
        if any(st.session_state.get(key, empty) != empty for key, empty in EMPTY.items()):
            st.button(
                "Clear filters", type="tertiary", icon=":material/close:", key="clear_period", on_click=clear_filters
            )
    return LeadFilter(
        sources=sources, agents=agents, areas=areas, sides=tuple(sides), created_from=start, created_to=end
    )


def clear_filters() -> None:
    """Back to every lead."""
    for key, empty in EMPTY.items():
        st.session_state[key] = empty


def leads_address(wanted: LeadFilter, **more: str | list[str]) -> dict[str, str | list[str]]:
    """The address of the list of leads with the same leads, further narrowed by ``more`` (keys of its filters).

    >>> leads_address(LeadFilter(agents=("Ana",), sides=(Side.BUYER,)), stage="Contract")
    {'agent': ['Ana'], 'side': ['Buyer'], 'stage': 'Contract'}
    """
    told: dict[str, str | list[str]] = {}
    for key, chosen in (("source", wanted.sources), ("agent", wanted.agents), ("area", wanted.areas)):
        if chosen:
            told[key] = [choice(named(key, text)) for text in chosen]
    if wanted.bands:
        told["price"] = [band_named(band) for band in wanted.bands]
    if wanted.arrival is not None:
        told["hour"] = [HOURS[hour] for hour in wanted.arrival.hours]
        told["weekday"] = [WEEKDAYS[day] for day in wanted.arrival.weekdays]
    if wanted.sides:
        told["side"] = [side.value.capitalize() for side in wanted.sides]
    if wanted.stages:
        told["stage"] = [stage.value.capitalize() for stage in wanted.stages]
    if wanted.first_tiers:
        told["first_tier"] = [first_tier_words(tier) for tier in wanted.first_tiers]
    if wanted.furthest:
        told["furthest"] = [stage.value.capitalize() for stage in wanted.furthest]
    if wanted.created_from is not None:
        told["came_in"] = [str(day) for day in days_of(wanted.created_from, wanted.created_to)]
    return {**told, **more}


def closed_address(start_on: date, end_on: date, agent: str | None) -> dict[str, str | list[str]]:
    """The address of the leads that closed from ``start_on`` to ``end_on``, of an agent or (None) of everyone.

    The days are those that goals, caps and forecasts count: in UTC, whatever the viewer's clock says.

    >>> closed_address(date(2026, 1, 1), date(2026, 12, 31), None)
    {'stage': 'Closed', 'since': ['2026-01-01', '2026-12-31'], 'since_utc': 'true'}
    """
    told: dict[str, str | list[str]] = {"stage": "Closed", "since": [str(start_on), str(end_on)]}
    told["since_utc"] = "true"
    return told if agent is None else {**told, "agent": [choice(agent)]}


def days_of(start: datetime, end: datetime | None) -> tuple[date, date]:
    """The first and the last day, on the viewer's clock, of what lies from ``start`` until (exclusive) ``end``."""
    last = today() if end is None else (local(end) - timedelta(microseconds=1)).date()
    return local(start).date(), max(last, local(start).date())


def _days(period: str) -> list[date]:
    last = today()
    if period in LAST_DAYS:
        return [last - timedelta(days=LAST_DAYS[period] - 1), last]
    return [date(last.year, 1, 1), last] if period == THIS_YEAR else []


def _period() -> tuple[datetime | None, datetime | None]:
    period = st.selectbox("Came in", PERIODS, key="period", bind="query-params", width=165)
    return _own_dates() if period == OWN_DATES else span_of(_days(period))


def _own_dates() -> tuple[datetime | None, datetime | None]:
    return span_of(
        st.date_input(
            "From and to", [], date(2000, 1, 1), key="days", bind="query-params", width=220, format=DATE_FIELD
        )
    )


def _among(label: str, key: str, counts: dict[str, int]) -> tuple[str | None, ...]:
    return tuple(
        st.multiselect(
            label, [*counts, None], key=key, format_func=lambda name: choice(named(label.lower(), name)),
            bind="query-params", placeholder="All", width=165,
        )
    )  # fmt: skip
