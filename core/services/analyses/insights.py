"""What has changed and what is missed: trends by source, anomalies, opportunities. Kept until the data change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from core.leads import band_words, utc_now
from core.leads.clock import day_begun, in_days, month_after, of_days
from core.scoring.interval import newcombe
from core.services.access import Right, for_right
from core.services.analyses.missing_words import NOT_TOLD
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.anomalies import Change
    from core.analytics.opportunities import Group, Opportunity
    from core.services.center import CommandCenter
    from core.store.figures.arrivals import DayOfSource, FirstAnswer, GroupCounts

EVERYONE, OTHERS = "All leads", "Other sources"
MOST_SOURCES: Final = 6


@dataclass(frozen=True, slots=True)
class MonthOfSource:
    """Leads of a source that arrived in a month (its first day), by their first score; shares are None without leads.

    ``sources`` are those that the line counts, None: nobody told; empty: all. ``days`` of the month lie in the past;
    ``signed`` counts what has reached a contract by now.
    """

    source: str
    month: date
    days: int
    leads: int
    scored: int
    mean_probability: float | None
    low: int
    signed: int
    sources: tuple[str | None, ...] = ()

    @property
    def per_day(self) -> float:
        """Leads a day."""
        return self.leads / self.days

    @property
    def signed_share(self) -> float | None:
        """The share that has signed by now."""
        return self.signed / self.leads if self.leads else None


@dataclass(frozen=True, slots=True)
class Missed:
    """An opportunity with the interval at 95 % of how much more often it signs than the others."""

    found: Opportunity
    low: float
    high: float


@for_right(Right.MONEY)
def trends(center: CommandCenter, wanted: LeadFilter, now: datetime | None = None) -> list[MonthOfSource]:
    """Months by source, the largest six sources and the rest together, and first of all every lead."""
    today = (now or utc_now()).astimezone(UTC).date()
    return center.analysed(("trends", wanted, today), lambda: _trends(center, wanted, now or utc_now()))


@for_right(Right.MONEY)
def anomalies(center: CommandCenter, wanted: LeadFilter, now: datetime | None = None) -> list[Change]:
    """What differs in the last 14 days, every comparison that was made; the period of the filter is left aside."""
    selection = replace(wanted, created_from=None, created_to=None)
    today = (now or utc_now()).astimezone(UTC).date()
    return center.analysed(("anomalies", selection, today), lambda: _anomalies(center, selection, now or utc_now()))


@for_right(Right.MONEY)
def lately(center: CommandCenter, wanted: LeadFilter, kind: str) -> tuple[str, ...]:
    """The leads of the recent days of ``anomalies``, as a comparison of this kind counts them.

    Sources and agents are those of ``wanted``. Raises StoreUnavailable.
    """
    from core.analytics.anomalies import CAP_HOURS, JUNK, RECENT_DAYS, SLOW
    from core.store.figures.arrivals import arrived_ids

    now = utc_now()
    end = day_begun(now) - timedelta(hours=CAP_HOURS if kind == SLOW else 0)
    recent = replace(wanted, created_from=end - timedelta(days=RECENT_DAYS), created_to=end)
    return arrived_ids(center.store.database, recent, now, scored=kind == JUNK)


@for_right(Right.MONEY)
def missed(center: CommandCenter, wanted: LeadFilter) -> list[Missed]:
    """Sources, areas and price bands against all other leads, the surest difference first."""
    return center.analysed(("missed", wanted), lambda: _missed(center, wanted))


def _trends(center: CommandCenter, wanted: LeadFilter, now: datetime) -> list[MonthOfSource]:
    from core.store.figures.arrivals import arrivals_by_day

    rows = arrivals_by_day(center.store.database, wanted, now)
    totals: dict[str, int] = defaultdict(int)
    for row in rows:
        totals[row.source or NOT_TOLD] += row.leads
    largest = sorted(totals, key=lambda name: (-totals[name], name))[:MOST_SOURCES]
    gathered: dict[tuple[str, date], list[DayOfSource]] = defaultdict(list)
    for row in rows:
        month = of_days(row.day).date().replace(day=1)
        gathered[_line_of(row, largest), month].append(row)
        gathered[EVERYONE, month].append(row)
    first = of_days(min((row.day for row in rows), default=0)).date()
    today = now.astimezone(UTC).date()
    names = [EVERYONE, *largest, *([OTHERS] if len(totals) > len(largest) else [])]
    months = _months(first, today) if rows else []
    told = {name: _sources(rows, name, largest) for name in names}
    return [
        replace(_month(name, month, gathered[name, month], first, today), sources=told[name])
        for name in names
        for month in months
    ]


def _line_of(row: DayOfSource, largest: Sequence[str]) -> str:
    """The line that counts the leads of a source."""
    name = row.source or NOT_TOLD
    return name if name in largest else OTHERS


def _sources(rows: Iterable[DayOfSource], line: str, largest: Sequence[str]) -> tuple[str | None, ...]:
    """The sources behind a line; empty for every lead's."""
    if line == EVERYONE:
        return ()
    mine = {row.source for row in rows if _line_of(row, largest) == line}
    return tuple(sorted(mine, key=lambda one: (one is None, one or "")))


def _months(first: date, last: date) -> list[date]:
    """The first day of every month from that of ``first`` to that of ``last``; a month without a lead counts too."""
    months = [first.replace(day=1)]
    while (after := month_after(months[-1])) <= last:
        months.append(after)
    return months


def _month(source: str, month: date, rows: Sequence[DayOfSource], first: date, today: date) -> MonthOfSource:
    days = (min(month_after(month), today + timedelta(days=1)) - max(month, first)).days
    scored = sum(row.scored for row in rows)
    return MonthOfSource(
        source=source,
        month=month,
        days=max(days, 1),
        leads=sum(row.leads for row in rows),
        scored=scored,
        mean_probability=sum(row.probability_sum for row in rows) / scored if scored else None,
        low=sum(row.low for row in rows),
        signed=sum(row.signed for row in rows),
    )


def _anomalies(center: CommandCenter, wanted: LeadFilter, now: datetime) -> list[Change]:
    from core.analytics.anomalies import BASELINE_DAYS, CAP_HOURS, RECENT_DAYS, judged
    from core.store.figures.arrivals import arrivals_by_day, first_answers, first_days

    today = day_begun(now)  # it is not over, so it is not judged
    since = today - timedelta(days=RECENT_DAYS + BASELINE_DAYS, hours=CAP_HOURS)
    database = center.store.database
    rows = arrivals_by_day(database, replace(wanted, created_from=since), now)
    answers = first_answers(database, wanted, since, now)
    end = int(in_days(today))
    first = first_days(database, wanted, now)
    return judged([*_of_arrivals(rows, first, end), *_of_answers(answers, float(end))])


def _of_arrivals(rows: Sequence[DayOfSource], first: Mapping[str | None, int], end: int) -> Iterable[Change | None]:
    from core.analytics.anomalies import BASELINE_DAYS, RECENT_DAYS, days_before, dried_up, flood_of_junk

    split = end - RECENT_DAYS
    for source in sorted({row.source for row in rows}, key=str):
        mine = [row for row in rows if row.source == source]
        recent = [row for row in mine if split <= row.day < end]
        before = [row for row in mine if split - BASELINE_DAYS <= row.day < split]
        name = source or NOT_TOLD
        days = days_before(first.get(source, end), split)  # erased in this moment: nothing to judge
        usual = sum(row.leads for row in before if row.day >= split - days)
        yield dried_up(name, sum(row.leads for row in recent), usual, days)
        junk = [(sum(row.low for row in part), sum(row.scored for row in part)) for part in (recent, before)]
        yield flood_of_junk(name, junk[0], junk[1])


def _of_answers(answers: Sequence[FirstAnswer], now: float) -> Iterable[Change | None]:
    import numpy as np

    from core.analytics.anomalies import BASELINE_DAYS, CAP_HOURS, RECENT_DAYS, slow_answers

    arrived = np.array([one.arrived for one in answers])
    hours = np.array([CAP_HOURS if one.answered is None else 24 * (one.answered - one.arrived) for one in answers])
    hours = np.minimum(hours, CAP_HOURS)
    split = now - CAP_HOURS / 24 - RECENT_DAYS  # the youngest have had the whole cap to be answered
    recent = (arrived >= split) & (arrived < now - CAP_HOURS / 24)
    before = (arrived >= split - BASELINE_DAYS) & (arrived < split)
    agents = np.array([one.agent or NOT_TOLD for one in answers])
    for name in sorted(set(agents.tolist())):
        yield slow_answers(name, hours[recent & (agents == name)], hours[before & (agents == name)])


def _missed(center: CommandCenter, wanted: LeadFilter) -> list[Missed]:
    from core.analytics.opportunities import opportunities
    from core.store.figures.arrivals import decided_groups

    counts = decided_groups(center.store.database, wanted, utc_now())
    found = opportunities([*_groups(counts, "source"), *_groups(counts, "area"), *_groups(counts, "band")])
    return [Missed(one, *_difference(one.group)) for one in found]


def _groups(counts: Sequence[GroupCounts], kind: str) -> Iterable[Group]:
    from core.analytics.opportunities import Group

    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    everyone = [0, 0, 0]
    for row in counts:
        value = {"source": row.source, "area": row.area, "band": None if row.band is None else band_words(row.band)}[
            kind
        ]
        for place, number in enumerate((row.decided, row.signed, row.touches)):
            everyone[place] += number
            if value is not None:
                totals[value][place] += number
    for name, mine in sorted(totals.items()):
        yield Group(kind, name, *mine, *(whole - part for whole, part in zip(everyone, mine, strict=True)))


def _difference(group: Group) -> tuple[float, float]:
    return newcombe((group.signed, group.others_signed), (group.decided, group.others))
