"""The best hour to call: which hours are answered more often than the mean for sure, if any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import streamlit as st

from core.analytics.best_hour import FEWEST_TRIES, Rate, Slots
from core.charts import Estimate, answer_rates, week_field
from core.services.analyses.best_hour import BestHour, Way, best_hour
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.table import Kind, Table, TableColumn
from core.words import counted
from pages.components.empty import nothing
from pages.components.figure_chart import figure_chart
from pages.components.figure_table import Address, figure_table
from pages.components.period_filters import leads_address
from pages.components.words import HOURS, WEEKDAYS, percent, viewer_zone

FEWEST_HOURS = 2
COLUMNS = (
    TableColumn("Tries", Kind.COUNT),
    TableColumn("Leads", Kind.COUNT),
    TableColumn("Answered", Kind.COUNT),
    TableColumn("Share", Kind.SHARE),
    TableColumn("Estimate", Kind.SHARE),
    TableColumn("At least", Kind.SHARE),
    TableColumn("At most", Kind.SHARE),
    TableColumn("Verdict"),
)


METHOD = (
    "Rates from a beta-binomial model over all means and spreads; hours and weekdays by Pearson's chi-square test with "
    "Holm's correction over both; the wider intervals by Bonferroni."
)


def best_hour_view(center: CommandCenter, wanted: LeadFilter) -> None:
    """Show the recommendation, the hours, the week and the numbers."""
    way = Way(
        st.segmented_control(
            "Tries", list(Way), default=Way.ALL, required=True, key="way",
            format_func=str.capitalize, bind="query-params",
        )
        or Way.ALL
    )  # fmt: skip
    found = best_hour(center, wanted, way, viewer_zone())
    tries = 0 if found is None else found.tries
    if found is None or sum(rate.told for rate in found.hours.rates) < FEWEST_HOURS:
        nothing(
            f"{counted(tries, 'try', 'tries')} so far: too few to tell",
            f"An hour is judged from {FEWEST_TRIES} tries on, and held against another one.",
        )
        return
    _verdict(found)
    behind = _Behind(wanted, way)
    _slots(HOURS, found.hours, found.leads_of_hours, "Hour of the day, your clock", "hours", behind)
    if any(rate.told for rate in found.weekdays.rates):
        _slots(WEEKDAYS, found.weekdays, found.leads_of_weekdays, "Day of the week", "weekdays", behind)
    if any(rate.told for day in found.week for rate in day):
        _week(found, behind)
    st.caption(_definition(found), help=METHOD)
    with st.expander("The same as numbers; a click opens the leads"):
        for kind, names, slots, leads in (
            ("Hour", HOURS, found.hours, found.leads_of_hours),
            ("Weekday", WEEKDAYS, found.weekdays, found.leads_of_weekdays),
        ):
            figure_table(
                Table((TableColumn(kind), *COLUMNS), [_row(*one) for one in _places(names, slots, leads)]),
                key=f"rates_{kind}",
                name=f"Answers by {kind.lower()}",
                addresses=[behind(**{kind.lower(): name}) for name in names],
            )
        _week_table(found, behind)


@dataclass(frozen=True, slots=True)
class _Behind:
    """Makes the addresses of the leads that were tried at an hour, on a weekday, or both."""

    wanted: LeadFilter
    way: Way

    def __call__(self, hour: str = "", weekday: str = "") -> Address:
        told = {"tried_hour": [hour] if hour else [], "tried_weekday": [weekday] if weekday else []}
        way = {} if self.way is Way.ALL else {"tried_by": self.way.capitalize()}
        return leads_address(self.wanted, **{key: value for key, value in told.items() if value}, **way)


def _places(names: Sequence[str], slots: Slots, leads: Sequence[int]) -> Iterator[tuple[str, Rate, int, bool]]:
    for place, (name, rate, tried) in enumerate(zip(names, slots.rates, leads, strict=True)):
        yield name, rate, tried, place in slots.best


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


def _slots(names: Sequence[str], slots: Slots, leads: Sequence[int], title: str, key: str, behind: _Behind) -> None:
    drawn = [_estimate(name, rate, tried) for name, rate, tried, _ in _places(names, slots, leads) if rate.told]
    best = [names[place] for place in slots.best]
    figure_chart(
        answer_rates(drawn, 100 * slots.mean, title, best),
        key=f"rates_of_{key}",
        alt=f"Share of tries answered by {key}",
        ways={name: behind(**{key.removesuffix("s"): name}) for name in names},
        click="a point",
    )


def _week(found: BestHour, behind: _Behind) -> None:
    st.subheader("Through the week, percent answered", anchor=False)
    rows: list[list[Estimate | None]] = [[None] * len(HOURS) for _ in WEEKDAYS]
    for day, hour, rate, leads in _cells(found):
        rows[day][hour] = _estimate(HOURS[hour], rate, leads)
    figure_chart(
        week_field(WEEKDAYS, rows, st.context.theme.type),
        key="week",
        alt="Share of tries answered by weekday and hour",
        ways={(WEEKDAYS[day], HOURS[hour]): behind(HOURS[hour], WEEKDAYS[day]) for day, hour, _, _ in _cells(found)},
        click="a cell",
    )


def _week_table(found: BestHour, behind: _Behind) -> None:
    cells = list(_cells(found))
    if not cells:
        return
    rows = [(WEEKDAYS[day], *_row(HOURS[hour], rate, leads, best=False)[:-1]) for day, hour, rate, leads in cells]
    figure_table(
        Table((TableColumn("Weekday"), TableColumn("Hour"), *COLUMNS[:-1]), rows),
        key="rates_week",
        name="Answers through the week",
        addresses=[behind(HOURS[hour], WEEKDAYS[day]) for day, hour, _, _ in cells],
    )


def _cells(found: BestHour) -> Iterator[tuple[int, int, Rate, int]]:
    """The hours of the week that were tried often enough: weekday, hour, rate and leads."""
    for day, (rates, leads) in enumerate(zip(found.week, found.leads_of_week, strict=True)):
        for hour, (rate, tried) in enumerate(zip(rates, leads, strict=True)):
            if rate.told:
                yield day, hour, rate, tried


def _estimate(name: str, rate: Rate, leads: int) -> Estimate:
    return Estimate(name, 100 * rate.estimate, 100 * rate.low, 100 * rate.high, leads, rate.tries)


def _row(name: str, rate: Rate, leads: int, best: bool) -> tuple[str | int | float | None, ...]:
    verdict = "too few to tell" if not rate.told else "recommended" if best else ""
    share = rate.answered / rate.tries if rate.tries else None
    return name, rate.tries, leads, rate.answered, share, rate.estimate, rate.low, rate.high, verdict


def _definition(found: BestHour) -> str:
    return (
        f"{found.answered:,} of {counted(found.tries, 'try', 'tries')} of the last {found.days} days answered. A try "
        "is a call or message of a person; of several within an hour the last one counts. It is answered when the "
        f"next touch is the lead's own within 24 hours. Left empty: fewer than {FEWEST_TRIES} tries. Each rate is "
        "drawn towards the mean as far as its count leaves room for luck, with 95 % intervals. An hour is "
        "recommended only when the hours "
        "differ by more than luck brings and its interval, widened for the number of hours, lies above the mean, the "
        "dashed line. Whom you write to at night may differ from the others."
    )
