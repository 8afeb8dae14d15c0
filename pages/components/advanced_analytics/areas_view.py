"""Areas: a map where a person has said where they lie, bars, and the table behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.charts.areas import AreaMark, area_bars, area_map
from core.leads import utc_now
from core.services.analyses import areas as service
from core.services.analyses.areas import AreaFigures
from core.services.analyses.missing_words import NOT_TOLD, named
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.advanced_analytics.area_places import area_places
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.words import choice

FEWEST_ON_A_MAP = 2
COLUMNS = (
    TableColumn("Area"),
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Open", Kind.COUNT),
    TableColumn("Hot", Kind.COUNT),
    TableColumn("Expected", Kind.MONEY),
    TableColumn("Decided", Kind.COUNT),
    TableColumn("Signed", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("Share from", Kind.SHARE),
    TableColumn("Share to", Kind.SHARE),
    TableColumn("Closings", Kind.COUNT),
    TableColumn("Median price", Kind.MONEY),
)


def areas_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the map or what it needs, then bars and table."""
    found = service.areas(center, wanted, utc_now().date())
    if not found:
        nothing("No lead matches", "Loosen a filter, or clear them all.")
        return
    marks = [_mark(one) for one in found if one.sums.area is not None]
    ways = {one.sums.area: _behind(wanted, one) for one in found if one.sums.area is not None}
    _map(marks, ways)
    if sum(mark.expected_usd > 0 for mark in marks) > 1:  # one bar compares nothing
        st.subheader("Expected commission by area", anchor=False)
        figure_chart(
            area_bars(marks),
            key="area_bars",
            alt="Expected commission of each area",
            ways=ways,
        )
    st.subheader("Every area", anchor=False)
    _table(wanted, found)
    area_places(center, [one.sums.area for one in found if one.sums.area is not None])


def _map(marks: Sequence[AreaMark], ways: Mapping[str, Address | None]) -> None:
    st.subheader("Where the leads want to live", anchor=False)
    placed = [mark for mark in marks if mark.latitude is not None]
    if len(placed) < FEWEST_ON_A_MAP:
        nothing(
            "No map yet",
            f"Leads name areas, not coordinates: {len(placed)} of {counted(len(marks), 'area')} with a place so far, "
            f"a map needs {FEWEST_ON_A_MAP}. Say below where areas lie, or upload a list of them.",
        )
        return
    alt = "Areas where they lie, by leads and share signed"
    figure_chart(area_map(marks), key="area_map", alt=alt, ways=ways, click="a circle")
    without = sum(mark.leads for mark in marks if mark.latitude is None)
    missing = len(marks) - len(placed)
    more = f" Without a place yet: {counted(missing, 'area')} with {counted(without, 'lead')}." if missing else ""
    st.caption(
        "A circle's size is its leads, its colour the share of decided leads that signed. A name that "
        f"would cover another is told where you point at the circle.{more}"
    )


def _mark(one: AreaFigures) -> AreaMark:
    low, high = (None, None) if one.share_ends is None else (100 * one.share_ends[0], 100 * one.share_ends[1])
    return AreaMark(
        one.sums.area or NOT_TOLD, one.sums.leads, float(one.sums.expected_usd),
        None if one.share is None else 100 * one.share, low, high,
        None if one.place is None else one.place.latitude, None if one.place is None else one.place.longitude,
    )  # fmt: skip


def _table(wanted: LeadFilter, found: Sequence[AreaFigures]) -> None:
    rows = []
    for one in found:
        sums, (low, high) = one.sums, one.share_ends or (None, None)
        rows.append(
            (
                sums.area or NOT_TOLD, sums.leads, sums.open, sums.hot, sums.expected_usd, sums.decided, sums.signed,
                one.share, low, high, sums.closings, sums.median_usd,
            )
        )  # fmt: skip
    addresses = [_behind(wanted, one) for one in found]
    figure_table(Table(COLUMNS, rows), key="areas", name="Areas", addresses=addresses)
    st.caption(
        "Share: signed among decided (signed or lost), with its 95 % interval. Hot: open leads. Median price: of "
        "the team's own closings. Expected: chance to close x price x side rate over the open leads.",
        help="Wilson's intervals.",
    )


def _behind(wanted: LeadFilter, one: AreaFigures) -> Address:
    return {**leads_address(wanted), "area": [choice(named("area", one.sums.area))]}
