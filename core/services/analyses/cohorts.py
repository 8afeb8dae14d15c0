"""Cohorts of leads by the week or month of their arrival on the viewer's clock, and how many of them signed by age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from core.leads import utc_now
from core.leads.clock import hour_begun, in_days, of_days
from core.services.access import Right, for_right
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.cohorts import Cohort
    from core.analytics.kaplan_meier import HappenedByAge
    from core.services.center import CommandCenter

_DAY: Final = timedelta(days=1)


class Unit(StrEnum):
    """What a cohort spans, and its ages count in."""

    WEEK = "week"
    MONTH = "month"

    @property
    def days(self) -> float:
        """The length of an age: a month of age has 30 days."""
        return 7.0 if self is Unit.WEEK else 30.0


MOST_COHORTS: Final = {Unit.WEEK: 26, Unit.MONTH: 24}
AGES: Final = {Unit.WEEK: (8, 26), Unit.MONTH: (3, 18)}


@dataclass(frozen=True, slots=True)
class DatedCohort:
    """A cohort with its first and last day on the viewer's clock."""

    first: date
    last: date
    cohort: Cohort


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The latest cohorts that have a lead, the oldest first, their ages in units, and the curve of all leads.

    ``earlier`` counts the cohorts before them, which are left out but for the curve of all; ``undated`` the leads that
    are no part of any of it, as nobody knows when they signed, or they had before they came in.
    """

    unit: Unit
    ages: int
    cohorts: tuple[DatedCohort, ...]
    earlier: int
    leads: int
    everyone: HappenedByAge
    undated: int


@for_right(Right.MONEY)
def cohorts(
    center: CommandCenter, wanted: LeadFilter, unit: Unit, zone: ZoneInfo, now: datetime | None = None
) -> Cohorts | None:
    """The cohorts of the leads of a filter; None without one. Kept until the data or the hour changes.

    Raises StoreUnavailable.
    """
    moment = now or utc_now()
    key = ("cohorts", wanted, unit, zone.key, hour_begun(moment))
    return center.analysed(key, lambda: _cohorts(center, wanted, unit, zone, moment))


def _cohorts(center: CommandCenter, wanted: LeadFilter, unit: Unit, zone: ZoneInfo, now: datetime) -> Cohorts | None:
    import numpy as np

    from core.analytics.cohorts import ages_shown, cohorts_of, signing_curve
    from core.store.figures.cohorts import arrivals_and_contracts, undated_contracts

    arrived, contract = center.analysed(
        ("arrivals and contracts", wanted), lambda: arrivals_and_contracts(center.store.database, wanted, now)
    )
    today = in_days(now)
    if not len(arrived):
        return None
    starts = first_days(_local_day(float(arrived.min()), zone), now.astimezone(zone).date(), unit)
    edges = np.array([in_days(datetime.combine(day, time(), zone)) for day in starts])
    ages = ages_shown(arrived, contract, unit.days, today, *AGES[unit])
    found = cohorts_of(arrived, contract, edges, unit.days, ages, today)
    shown = found[-MOST_COHORTS[unit] :]
    after = dict(zip(edges.tolist(), pairwise(starts), strict=False))
    return Cohorts(
        unit=unit,
        ages=ages,
        cohorts=tuple(DatedCohort(after[one.start][0], after[one.start][1] - _DAY, one) for one in shown),
        earlier=len(found) - len(shown),
        leads=len(arrived),
        everyone=signing_curve(arrived, contract, today),
        undated=undated_contracts(center.store.database, wanted, now),
    )


def first_days(first: date, last: date, unit: Unit) -> list[date]:
    """The first days of the weeks or months from that of ``first`` on to that after ``last``.

    >>> [str(day) for day in first_days(date(2026, 1, 15), date(2026, 2, 3), Unit.MONTH)]
    ['2026-01-01', '2026-02-01', '2026-03-01']
    >>> [str(day) for day in first_days(date(2026, 3, 4), date(2026, 3, 4), Unit.WEEK)]  # a Wednesday
    ['2026-03-02', '2026-03-09']
    """
    weekly = unit is Unit.WEEK
    days = [first - timedelta(days=first.weekday()) if weekly else first.replace(day=1)]
    while days[-1] <= last:
        after = days[-1] + timedelta(days=7 if weekly else 32)
        days.append(after if weekly else after.replace(day=1))
    return days


def _local_day(days: float, zone: ZoneInfo) -> date:
    return of_days(days).astimezone(zone).date()
