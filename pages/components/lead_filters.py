"""The filters of the list of leads, each bound to the address."""

from __future__ import annotations

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
from pages.components.filter_boxes import days, first_page, one_of, some_of, whether
from pages.components.words import FOR_CLAUDE, HOURS, WEEKDAYS, choice, viewer_zone

PAGE_SIZE = 50
BY_CLOCK = "By your clock."
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
            format_func=str.capitalize,
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
            help="Highest commission goes by the commission of both sides together, as the table shows it.",
        )
        with st.popover("More filters", icon=":material/filter_list:"):
            more = _more(center, leads.facets(center))
            behind = figure_filters.figure_filters(center)
        if set(st.session_state["stage"]) != set(OPEN_STAGES):
            st.button(
                "Only open",
                key="only_open",
                type="tertiary",
                icon=":material/phone:",
                help="Leads that are neither closed nor lost.",
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
    stages = some_of("Stage", "stage", list(Stage), str.capitalize)
    furthest = some_of(
        "Came as far as", "furthest", [*OPEN_STAGES, Stage.CLOSED], str.capitalize,
        "The furthest stage that the lead ever reached, also when it was lost there.",
    )  # fmt: skip
    sides = some_of("Side", "side", list(Side), str.capitalize)
    bands = some_of("Price", "price", [*BANDS, None], band_named)
    closing = _month_box()
    group = _group_box(center)
    since = days("In this stage since", "since")
    utc = whether(
        "Days of the stage are UTC",
        "since_utc",
        "As goals, caps and forecasts count closings; else days of your clock.",
    )
    staged_from, staged_to = span_of(since, UTC if utc else None)
    low, high = st.slider("Score", 0, 100, (0, 100), key="score", bind="query-params", on_change=first_page)
    start, end = span_of(days("Came in", "came_in"))
    hours = some_of("Hour of arrival", "hour", range(len(HOURS)), HOURS.__getitem__, BY_CLOCK)
    weekdays = some_of("Weekday of arrival", "weekday", range(len(WEEKDAYS)), WEEKDAYS.__getitem__, BY_CLOCK)
    first_tiers = some_of(
        "First tier", "first_tier", [*Tier, None], first_tier_words,
        "The tier of the first score, which nothing that came later has moved.",
    )  # fmt: skip
    claude = whether("Only leads for Claude", "for_claude", FOR_CLAUDE)
    return {
        "sources": sources,
        "agents": agents,
        "areas": areas,
        "stages": stages,
        "score_min": float(low) if low > 0 else None,
        "score_max": float(high) if high < 100 else None,
        "created_from": start,
        "created_to": end,
        "escalated_only": claude,
        "sides": sides,
        "furthest": furthest,
        "staged_from": staged_from,
        "staged_to": staged_to,
        "waiting": None if closing is None else pipeline.month_filter(center, closing, utc_now().date()),
        "group": group,
        "bands": bands,
        "first_tiers": first_tiers,
        "arrival": ArrivalClock(viewer_zone().key, hours, weekdays) if hours or weekdays else None,
    }


def first_tier_words(tier: Tier | None) -> str:
    """A first tier; None: not scored before the end."""
    return "Not scored before its end" if tier is None else tier.capitalize()


def _month_box() -> str | None:
    """The expected month, as the commission pipeline has it; None: any."""
    labels = month_labels(utc_now().date())
    return one_of(
        "Expected to close", "closing", list(labels), labels.__getitem__,
        "Open leads by the month that the commission pipeline expects.", "Any time",
    )  # fmt: skip


def _group_box(center: CommandCenter) -> LeadGroup | None:
    """The variants of A/B tests and the clusters, where there are any."""
    groups = {choice(label): group for label, group in lead_groups(center).items()}
    if not groups:
        return None
    chosen = one_of("Group", "group", list(groups), str, "Leads with a variant of an A/B test, or of a cluster.")
    return None if chosen is None else groups[chosen]


def _among(label: str, key: str, counts: dict[str, int]) -> tuple[str | None, ...]:
    return some_of(label, key, [*counts, None], lambda name: choice(named(key, name)))


def span_of(chosen: Any, clock: tzinfo | None = None) -> tuple[datetime | None, datetime | None]:
    """The first moment of the first day and the first moment after the last, on ``clock`` (the viewer's), in UTC."""
    told: list[date] = [chosen] if isinstance(chosen, date) else list(chosen)
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
