"""How volume, score and quality move by source, and what has changed so much that somebody should look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from core.analytics.anomalies import BASELINE_DAYS, RECENT_DAYS, Change
from core.charts import TrendPoint, same_months, trend_lines
from core.leads.clock import month_after
from core.services.analyses import insights
from core.services.analyses.insights import EVERYONE, MonthOfSource
from core.services.analyses.missing_words import named
from core.services.analyses.speed import AUTOMATIC_RULE
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.change_alarm import alarm
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import MOST_LINKED, leads_address
from pages.components.words import choice

VOLUME, SCORE, LOW, SIGNED = "Leads a day", "Mean first score", "Scored under 1", "Signed so far"
FEWEST_DRAWN = 10  # leads of a source over all months
SUFFIX = {VOLUME: "", SCORE: "", LOW: " %", SIGNED: " %"}


def forecast_trends(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show what has changed of late, then the months."""
    months = insights.trends(center, wanted)
    if not months:
        nothing("No lead matches", "Loosen a filter, or clear them all.")
        return
    _what_changed(wanted, insights.anomalies(center, wanted))
    st.subheader("By source, month by month", anchor=False)
    shown = st.segmented_control("Show", list(SUFFIX), default=VOLUME, required=True, key="of", bind="query-params")
    _by_source(wanted, months, shown or VOLUME)
    _by_year(wanted, months, shown or VOLUME)
    with st.expander("The same as numbers; a click opens the leads"):
        _table(wanted, months)


def _by_source(wanted: LeadFilter, months: Sequence[MonthOfSource], of: str) -> None:
    sources = list(dict.fromkeys(month.source for month in months if month.source != EVERYONE))
    lines = {name: [_point(month, of) for month in months if month.source == name] for name in sources}
    drawn = {name: line for name, line in lines.items() if sum(point.leads for point in line) >= FEWEST_DRAWN}
    if not drawn:
        nothing("Too few leads of any one source", f"A source is drawn from {FEWEST_DRAWN} leads on.")
        return
    figure_chart(
        trend_lines(drawn, of, SUFFIX[of]),
        key="trend",
        alt=f"{of} by source and month",
        ways={(month.source, str(month.month)): _behind(wanted, month) for month in months},
    )
    st.caption(
        "Scores are each lead's first. Young months have signed less because their leads had less time. "
        f"Drawn are sources with {FEWEST_DRAWN} leads or more; the table below has all."
    )


def _by_year(wanted: LeadFilter, months: Sequence[MonthOfSource], of: str) -> None:
    st.subheader("The same months of each year, all leads", anchor=False)
    everyone = [month for month in months if month.source == EVERYONE]
    points = [_point(month, of) for month in everyone]
    figure_chart(
        same_months(points, of, SUFFIX[of]),
        key="season",
        alt=f"{of} by month and year",
        ways={(f"{month.month:%Y}", f"{month.month:%b}"): _behind(wanted, month) for month in everyone},
    )
    st.caption(_season_words(len(everyone)))


def _what_changed(wanted: LeadFilter, changes: Sequence[Change]) -> None:
    st.subheader("What has changed", anchor=False)
    alarms = [change for change in changes if change.alarm]
    for change in alarms:
        alarm(wanted, change)
    if not alarms:
        st.text(
            f"Nothing stands out among {counted(len(changes), 'comparison')}."
            if changes
            else "Too few leads to compare."
        )
    st.caption(
        f"The last {RECENT_DAYS} days against the {BASELINE_DAYS} before: leads and share scored under 1 by source, "
        f"time to the first answer by agent ({AUTOMATIC_RULE}). An alarm is a change by half or to the double that "
        "chance alone brings in fewer than 1 of 20 looks, all in all.",
        help="Binomial test for leads, Fisher's exact test for shares, Mann and Whitney's for times; Holm's correction "
        "for all comparisons together.",
    )


def _point(month: MonthOfSource, of: str) -> TrendPoint:
    value = {
        VOLUME: month.per_day,
        SCORE: None if month.mean_probability is None else 100 * month.mean_probability,
        LOW: 100 * month.low / month.scored if month.scored else None,
        SIGNED: None if month.signed_share is None else 100 * month.signed_share,
    }[of]
    return TrendPoint(month.month, value, month.leads)


def _season_words(months: int) -> str:
    if months >= 25:
        return "A season is what comes back in the same months of every year."
    return f"{counted(months, 'month')} so far; a season can be told from a trend after two full years."


def _table(wanted: LeadFilter, months: Sequence[MonthOfSource]) -> None:
    columns = (
        TableColumn("Source"),
        TableColumn("Month", Kind.MONTH),
        TableColumn("Leads", Kind.COUNT),
        TableColumn("Leads a day", Kind.NUMBER),
        TableColumn("Mean first score", Kind.NUMBER),
        TableColumn("Scored under 1", Kind.COUNT),
        TableColumn("Signed", Kind.COUNT),
    )
    rows = [
        (
            month.source,
            month.month,
            month.leads,
            month.per_day,
            None if month.mean_probability is None else 100 * month.mean_probability,
            month.low,
            month.signed,
        )
        for month in months
    ]
    addresses = [_behind(wanted, month) for month in months]
    figure_table(Table(columns, rows), key="trend_table", name="Sources by month", addresses=addresses)


def _behind(wanted: LeadFilter, month: MonthOfSource) -> Address | None:
    if len(month.sources) > MOST_LINKED:
        return None
    last = month_after(month.month) - timedelta(days=1)
    told = {**leads_address(wanted), "came_in": [str(month.month), str(last)]}
    return {**told, "source": [choice(named("source", name)) for name in month.sources]} if month.sources else told
