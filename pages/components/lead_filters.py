"""The filters of the list of leads, each bound to the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import streamlit as st

from core.leads import BANDS, OPEN_STAGES, Side, Stage, utc_now
from core.scoring import Tier
from core.services.analyses.behind import Behind, leads_behind
from core.services.analyses.missing_words import band_named, named
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.commission.pipeline_words import month_labels
from core.services.lead import leads
from core.services.lead.lead_groups import lead_groups
from core.store import ArrivalClock, Facets, LeadFilter, LeadGroup, LeadSort
from pages.components import figure_filters
from pages.components.words import HOURS, WEEKDAYS, choice, viewer_zone

PAGE_SIZE = 50
EARLIEST = date(2000, 1, 1)
ORDERS = {
    LeadSort.SCORE: "Highest score",
    LeadSort.SCORE_LOWEST: "Lowest score",
    LeadSort.CONFIDENCE_LOWEST: "Least sure",
    LeadSort.COMMISSION: "Highest commission",
    LeadSort.NEWEST: "Newest",
    LeadSort.OLDEST: "Oldest",
    LeadSort.LAST_ACTIVITY: "Last active",
    LeadSort.LONGEST_QUIET: "Longest quiet",
    LeadSort.LAST_SCORED: "Last scored",
    LeadSort.NAME: "Name",
}
EMPTY: dict[str, Any] = {
    "search": "",
    "tier": [],
    "source": [],
    "agent": [],
    "stage": [],
    "area": [],
    "side": [],
    "price": [],
    "hour": [],
    "weekday": [],
    "furthest": [],
    "closing": None,
    "group": None,
    "since": (),
    "since_utc": False,
    "score": (0, 100),
    "came_in": (),
    "for_claude": False,
    "first_tier": [],
    **figure_filters.EMPTY,
}


def lead_filters(center: CommandCenter) -> tuple[LeadFilter, LeadSort]:
    """Show search, tier, order and a popover with the rest; return what they say."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            key="search",
            type="search",
            live=True,
            placeholder="Name, e-mail, phone or id",
            max_chars=200,
            bind="query-params",
            on_change=first_page,
            width=280,
        )
        tiers = st.pills(
            "Tier",
            list(Tier),
            key="tier",
            selection_mode="multi",
            format_func=lambda tier: tier.value.capitalize(),
            bind="query-params",
            on_change=first_page,
        )
        order = st.selectbox(
            "Order",
            list(ORDERS),
            key="order",
            format_func=lambda order: ORDERS[order],
            bind="query-params",
            on_change=first_page,
            width=180,
        )
        with st.popover("More filters", icon=":material/filter_list:"):
            more = _more(center, leads.facets(center))
            behind = figure_filters.figure_filters(center, first_page)
        if set(st.session_state["stage"]) != set(OPEN_STAGES):
            st.button(
                "Only open",
                key="only_open",
                type="tertiary",
                icon=":material/phone:",
                help="Leads that may still sign: neither closed nor lost.",
                on_click=_only_open,
            )
        if any(st.session_state.get(key, empty) != empty for key, empty in EMPTY.items()):
            st.button("Clear filters", type="tertiary", icon=":material/close:", on_click=clear_filters)
    wanted = LeadFilter(text=text or "", tiers=tuple(tiers), **more)
    return wanted if behind == Behind() else leads_behind(center, wanted, behind), order


def _more(center: CommandCenter, facets: Facets) -> dict[str, Any]:
    sources = _among("Source", "source", facets.sources)
    agents = _among("Agent", "agent", facets.agents)
    areas = _among("Area", "area", facets.areas)
    stages = st.multiselect(
        "Stage",
        list(Stage),
        key="stage",
        format_func=lambda stage: stage.value.capitalize(),
        bind="query-params",
        on_change=first_page,
    )
    furthest = st.multiselect(
        "Came as far as",
        [*OPEN_STAGES, Stage.CLOSED],
        key="furthest",
        format_func=lambda stage: stage.value.capitalize(),
        bind="query-params",
        on_change=first_page,
        help="The furthest stage that the lead ever reached, also when it was lost there.",
    )
    sides = st.multiselect(
        "Side",
        list(Side),
        key="side",
        format_func=lambda side: side.value.capitalize(),
        bind="query-params",
        on_change=first_page,
    )
    bands = st.multiselect(
        "Price", [*BANDS, None], key="price", format_func=band_named, bind="query-params", on_change=first_page
    )
    closing = month_filter_box()
    group = _group_box(center)
    since = st.date_input("In this stage since", [], EARLIEST, key="since", bind="query-params", on_change=first_page)
    utc = st.toggle(
        "Its days are UTC", key="since_utc", bind="query-params", on_change=first_page,
        help="As goals, caps and forecasts count closings; else days of your clock.",
    )  # fmt: skip
    staged_from, staged_to = span_of(since, UTC if utc else None)
    low, high = st.slider("Score", 0, 100, (0, 100), key="score", bind="query-params", on_change=first_page)
    days = st.date_input("Came in", [], EARLIEST, key="came_in", bind="query-params", on_change=first_page)
    hours = _of_clock("Hour of arrival", "hour", HOURS)
    weekdays = _of_clock("Weekday of arrival", "weekday", WEEKDAYS)
    first_tiers = st.multiselect(
        "First tier", [*Tier, None], key="first_tier", format_func=first_tier_words, bind="query-params",
        on_change=first_page, help="The tier of the first score, which nothing that came later has moved.",
    )  # fmt: skip
    claude = st.toggle("Only leads for Claude", key="for_claude", bind="query-params", on_change=first_page)
    start, end = span_of(days)
    return {
        "sources": sources,
        "agents": agents,
        "areas": areas,
        "stages": tuple(stages),
        "score_min": float(low) if low > 0 else None,
        "score_max": float(high) if high < 100 else None,
        "created_from": start,
        "created_to": end,
        "escalated_only": claude,
        "sides": tuple(sides),
        "furthest": tuple(furthest),
        "staged_from": staged_from,
        "staged_to": staged_to,
        "waiting": None if closing is None else pipeline.month_filter(center, closing, utc_now().date()),
        "group": group,
        "bands": tuple(bands),
        "first_tiers": tuple(first_tiers),
        "arrival": ArrivalClock(viewer_zone().key, hours, weekdays) if hours or weekdays else None,
    }


def first_tier_words(tier: Tier | None) -> str:
    """A first tier; None: never scored."""
    return "Never scored" if tier is None else tier.value.capitalize()


def month_filter_box() -> str | None:
    """The expected month, as the commission pipeline has it; None: any."""
    labels = month_labels(utc_now().date())
    return st.selectbox(
        "Expected to close",
        list(labels),
        index=None,
        key="closing",
        format_func=labels.__getitem__,
        bind="query-params",
        on_change=first_page,
        placeholder="Any time",
        help="Open leads by the month that the commission pipeline expects.",
    )


def _group_box(center: CommandCenter) -> LeadGroup | None:
    """The variants of A/B tests and the clusters, where there are any."""
    groups = {choice(label): group for label, group in lead_groups(center).items()}
    if not groups:
        return None
    chosen = st.selectbox(
        "Group", list(groups), index=None, key="group", bind="query-params", on_change=first_page,
        placeholder="Any", help="Leads with a variant of an A/B test, or of a cluster.",
    )  # fmt: skip
    return None if chosen is None else groups[chosen]


def _among(label: str, key: str, counts: dict[str, int]) -> tuple[str | None, ...]:
    return tuple(
        st.multiselect(
            label, [*counts, None], key=key, format_func=lambda name: choice(named(key, name)),
            bind="query-params", on_change=first_page,
        )
    )  # fmt: skip


def _of_clock(label: str, key: str, names: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        st.multiselect(
            label, range(len(names)), key=key, format_func=names.__getitem__, bind="query-params",
            on_change=first_page, help="By your clock.",
        )
    )  # fmt: skip


def span_of(days: Any, clock: tzinfo | None = None) -> tuple[datetime | None, datetime | None]:
    """The first moment of the first day and the first moment after the last, on ``clock`` (the viewer's), in UTC."""
    told: list[date] = [days] if isinstance(days, date) else list(days)
    if not told:
        return None, None
    zone = clock or viewer_zone()
    start = datetime.combine(told[0], time(), zone).astimezone(UTC)
    if len(told) == 1:
        return start, None
    return start, datetime.combine(told[-1] + timedelta(days=1), time(), zone).astimezone(UTC)


def page_number() -> int:
    """The page that the address asks for, from 1."""
    asked = st.session_state.get("page", st.query_params.get("page", "1"))
    return max(1, int(asked)) if str(asked).isdecimal() else 1


def clear_filters() -> None:
    """Back to every lead, on the first page."""
    for key, empty in EMPTY.items():
        st.session_state[key] = empty
    first_page()


def _only_open() -> None:
    st.session_state["stage"] = list(OPEN_STAGES)
    first_page()


def first_page() -> None:
    """Begin anew, as the leads of the view are others."""
    st.session_state["page"] = 1
