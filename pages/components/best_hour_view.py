"""The best hour to call: which hours are answered more often than the mean for sure, if any."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.analytics.best_hour import FEWEST_TRIES, Rate, Slots
from core.charts import Estimate, answer_rates, week_field
from core.charts.frame import CONFIG
from core.services.best_hour import BestHour, Way, best_hour
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from pages.components.empty import no_leads_yet, nothing
from pages.components.figure_table import figure_table
from pages.components.words import percent, viewer_zone

FEWEST_HOURS = 2
HOURS = tuple(f"{hour:02}" for hour in range(24))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLUMNS = (
    TableColumn("Tries", Kind.COUNT),
    TableColumn("Answered", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("Estimate", Kind.SHARE),
    TableColumn("At least", Kind.SHARE),
    TableColumn("At most", Kind.SHARE),
    TableColumn("Verdict"),
)


METHOD = (
    "Rates by empirical Bayes; hours and weekdays by Pearson's chi-square test with Holm's correction over both; the "
    "wider intervals by Bonferroni."
)


def best_hour_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the recommendation, the hours, the week and the numbers."""
    if not center.store.lead_count():
        no_leads_yet(center)
        return
    way = Way(
        st.segmented_control(
            "Tries", list(Way), default=Way.ALL, required=True, key="way",
            format_func=lambda one: one.capitalize(), bind="query-params",
        )
        or Way.ALL
    )  # fmt: skip
    found = best_hour(center, wanted, way, viewer_zone())
    tries = 0 if found is None else found.tries
    if found is None or sum(rate.told for rate in found.hours.rates) < FEWEST_HOURS:
        nothing(
            f"{tries:,} {'try' if tries == 1 else 'tries'} so far: too few to tell",
            f"An hour is judged from {FEWEST_TRIES} tries on, and held against another one.",
        )
        return
    _verdict(found)
    _slots(HOURS, found.hours, "Hour of the day, your clock", "hours")
    if any(rate.told for rate in found.weekdays.rates):
        _slots(WEEKDAYS, found.weekdays, "Day of the week", "weekdays")
    if any(rate.told for day in found.week for rate in day):
        _week(found)
    st.caption(_definition(found), help=METHOD)
    with st.expander("The same as numbers"):
        for kind, names, slots in (("Hour", HOURS, found.hours), ("Weekday", WEEKDAYS, found.weekdays)):
            rows = [_row(name, place, slots) for place, name in enumerate(names)]
            figure_table(
                Table((TableColumn(kind), *COLUMNS), rows), key=f"rates_{kind}", name=f"Answers by {kind.lower()}"
            )


def _verdict(found: BestHour) -> None:
    st.subheader("When tries are answered", anchor=False)
    for kind, names, slots in (("hours", HOURS, found.hours), ("weekdays", WEEKDAYS, found.weekdays)):
        best = [f"{names[place]}:00" if kind == "hours" else names[place] for place in slots.best]
        mean = percent(slots.mean, 1)
        if best:
            st.success(f"Answered more often than the mean of {mean}: {', '.join(best)}.", icon=":material/schedule:")
        elif slots.differ:
            st.text(f"The {kind} differ, but none lies above the mean of {mean} for sure.")
        else:
            chance = "" if slots.p is None else f", {100 * slots.p:.0f} times in a hundred"
            st.text(f"No {kind[:-1]} stands out: differences like these come by chance{chance}.")


def _slots(names: Sequence[str], slots: Slots, title: str, key: str) -> None:
    drawn = [_estimate(name, rate) for name, rate in zip(names, slots.rates, strict=True) if rate.told]
    best = [names[place] for place in slots.best]
    figure = answer_rates(drawn, 100 * slots.mean, title, best)
    st.plotly_chart(figure, key=f"rates_of_{key}", config=CONFIG, alt=f"Share of tries answered by {key}")


def _week(found: BestHour) -> None:
    st.subheader("Through the week, percent answered", anchor=False)
    rows = [
        [_estimate(name, rate) if rate.told else None for name, rate in zip(HOURS, day, strict=True)]
        for day in found.week
    ]
    st.plotly_chart(
        week_field(WEEKDAYS, rows), key="week", config=CONFIG, alt="Share of tries answered by weekday and hour"
    )


def _estimate(name: str, rate: Rate) -> Estimate:
    return Estimate(name, 100 * rate.estimate, 100 * rate.low, 100 * rate.high, rate.tries)


def _row(name: str, place: int, slots: Slots) -> tuple[str | int | float | None, ...]:
    rate = slots.rates[place]
    verdict = "too few to tell" if not rate.told else "recommended" if place in slots.best else ""
    share = rate.answered / rate.tries if rate.tries else None
    return name, rate.tries, rate.answered, share, rate.estimate, rate.low, rate.high, verdict


def _definition(found: BestHour) -> str:
    return (
        f"{found.answered:,} of {found.tries:,} tries of the last {found.days} days were answered. A try is a call or "
        "message of a person; of several within an hour the last one counts. It is answered when the next touch is the "
        f"lead's own within 24 hours. Left empty: fewer than {FEWEST_TRIES} tries. Each rate is drawn towards the mean "
        "as far as its count leaves room for luck, with 95 % intervals. An hour is recommended only when the hours "
        "differ by more than luck brings and its interval, widened for the number of hours, lies above the mean, the "
        "dashed line. Whom you write to at night may differ from the others."
    )
