"""Speed to lead: how soon leads are answered, what became of them, and the hot ones that still wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import compress
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.leads import utc_now
from core.leads.clock import hour_begun, in_days
from core.scoring import Tier
from core.scoring.selective import wilson
from core.services.access import Right, for_right
from core.services.analyses import insights
from core.services.commission.closing_chances import expecting
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.anomalies import Change
    from core.analytics.answer_curve import AnswerBucket, AnswerCurve
    from core.analytics.speed import Speed, Waits
    from core.services.center import CommandCenter
    from core.store.figures.speed import AnsweredLeads, WaitingLeads

MOST_WAITING: Final = 50
AUTOMATIC_RULE: Final = (
    "a message within five minutes of the arrival or of the lead's own words is taken for automatic, unless somebody "
    "logged it by hand"
)
UTC_ZONE: Final = ZoneInfo("UTC")


class Soon(StrEnum):
    """How soon a lead was answered, as the headline figures say it; the shares' spans stand in ``WITHIN_HOURS``."""

    FIVE_MINUTES = "within 5 minutes"
    HOUR = "within an hour"
    DAY = "within a day"
    NEVER = "never so far"


@dataclass(frozen=True, slots=True)
class SpeedOf:
    """How soon the leads of one agent, source or hour were answered; ``name`` is None where it was not told."""

    name: str | None
    speed: Speed


@dataclass(frozen=True, slots=True)
class SpeedToLead:
    """How soon leads were answered: all of them, by agent and source (most leads first) and hour of arrival.

    The hour's name is that on the viewer's clock, "00" to "23". ``signed`` is what became of them by how soon they were
    answered; None while there are too few ``contracts``. ``soon`` counts the leads that were answered so soon.
    """

    everyone: Speed
    by_agent: tuple[SpeedOf, ...]
    by_source: tuple[SpeedOf, ...]
    by_hour: tuple[SpeedOf, ...]
    contracts: int
    signed: AnswerCurve | None
    soon: Mapping[Soon, int]


@for_right(Right.MONEY)
def speed_to_lead(
    center: CommandCenter,
    wanted: LeadFilter,
    zone: ZoneInfo = UTC_ZONE,
    *,
    automatic_too: bool = False,
    now: datetime | None = None,
) -> SpeedToLead | None:
    """How soon the leads of a filter were answered; None without one. Kept until the data or the hour changes.

    ``automatic_too`` counts messages that are taken for automatic as a person's. Raises StoreUnavailable.
    """
    moment = now or utc_now()
    key = ("speed", wanted, zone.key, automatic_too, hour_begun(moment))
    return center.analysed(key, lambda: _speed(answered_leads(center, wanted, automatic_too, moment), zone, moment))


@for_right(Right.MONEY)
def answered_leads(center: CommandCenter, wanted: LeadFilter, automatic_too: bool, now: datetime) -> AnsweredLeads:
    """The leads of a filter with their first answers, read once a state of the store."""
    from core.store.figures import speed as read

    return center.analysed(
        ("answered", wanted, automatic_too),
        lambda: read.answered_leads(center.store.database, wanted, now, by_a_person=not automatic_too),
    )


@for_right(Right.MONEY)
def any_answer(center: CommandCenter) -> bool:
    """Whether a call or message of the team is on record at all: an export of contacts tells none.

    Without one, that nobody was ever answered would be said of agents who may have called everybody. Raises
    StoreUnavailable.
    """
    from core.store.figures.speed import any_answer as read

    return center.analysed("any answer", lambda: read(center.store.database))


@for_right(Right.MONEY)
def answered_in(
    center: CommandCenter, wanted: LeadFilter, buckets: tuple[int, ...], *, automatic_too: bool = False
) -> tuple[str, ...]:
    """The leads that ``signed`` of ``speed_to_lead`` counts in these buckets, places of its own.

    Raises StoreUnavailable.
    """
    from core.analytics.answer_curve import age_to_judge, bucket_of

    now = utc_now()
    leads = answered_leads(center, wanted, automatic_too, now)
    age = age_to_judge(leads.arrived, leads.contract)
    if age is None:
        return ()
    place = bucket_of(leads.arrived, leads.answered, leads.contract, leads.lost, in_days(hour_begun(now)), age)
    return tuple(compress(leads.lead_ids, np.isin(place, buckets).tolist()))


@for_right(Right.MONEY)
def answered_soon(
    center: CommandCenter, wanted: LeadFilter, soon: Soon, *, automatic_too: bool = False
) -> tuple[str, ...]:
    """The leads that ``soon`` of ``speed_to_lead`` counts so. Raises StoreUnavailable."""
    now = utc_now()
    leads = answered_leads(center, wanted, automatic_too, now)
    return tuple(compress(leads.lead_ids, _is_soon(_waits(leads, now), soon).tolist()))


@for_right(Right.MONEY)
def waiting(center: CommandCenter, wanted: LeadFilter) -> tuple[str, ...]:
    """The leads before a contract that no person has answered, of any tier. Raises StoreUnavailable."""
    from core.store.figures.speed import waiting_ids

    return waiting_ids(center.store.database, wanted, utc_now())


@for_right(Right.MONEY)
def hot_and_waiting(center: CommandCenter, wanted: LeadFilter, now: datetime | None = None) -> WaitingLeads:
    """The hot leads that no person has answered, those of the highest expected commission by name.

    Raises StoreUnavailable.
    """
    from core.store.figures.speed import waiting_leads

    moment = now or utc_now()
    hot = replace(wanted, tiers=(Tier.HOT,))
    rates = expecting(center, moment.astimezone(UTC).date())
    key = ("hot and waiting", hot, rates.default, hour_begun(moment))
    return center.per_version(key, lambda: waiting_leads(center.store.database, hot, rates, moment, MOST_WAITING))


@for_right(Right.MONEY)
def slower_agents(center: CommandCenter, wanted: LeadFilter) -> list[Change]:
    """The agents whose median doubled of late, as the alarms of Predictive insights find them."""
    from core.analytics.anomalies import SLOW

    return [change for change in insights.anomalies(center, wanted) if change.kind == SLOW and change.alarm]


def share_signed(one: AnswerBucket) -> tuple[float, float]:
    """Wilson's interval at 95 % of the share of a bucket that signed."""
    return wilson(one.signed, one.leads)


def _waits(leads: AnsweredLeads, now: datetime) -> Waits:
    from core.analytics.speed import waits_of

    return waits_of(leads.arrived, leads.answered, np.fmin(leads.contract, leads.lost), in_days(now))


def _is_soon(waits: Waits, soon: Soon) -> NDArray[np.bool_]:
    from core.analytics.speed import WITHIN_HOURS

    if soon is Soon.NEVER:
        return ~waits.answered
    return waits.answered & (waits.hours <= WITHIN_HOURS[list(Soon).index(soon)])


def _speed(leads: AnsweredLeads, zone: ZoneInfo, now: datetime) -> SpeedToLead | None:
    from core.analytics.answer_curve import age_to_judge, answer_curve
    from core.analytics.clock import hour_of_day, local_hours
    from core.analytics.speed import speed_of

    if not len(leads):
        return None
    answered, waits = leads.answered, _waits(leads, now)
    age = age_to_judge(leads.arrived, leads.contract)
    by_hour = _by(waits, hour_of_day(local_hours(leads.arrived, zone)), lambda hour: f"{hour:02}")
    return SpeedToLead(
        everyone=speed_of(waits),
        by_agent=_largest_first(_by(waits, leads.agent, lambda place: leads.agents[place])),
        by_source=_largest_first(_by(waits, leads.source, lambda place: leads.sources[place])),
        by_hour=by_hour,
        contracts=int((~np.isnan(leads.contract)).sum()),
        signed=None
        if age is None
        else answer_curve(leads.arrived, answered, leads.contract, leads.lost, in_days(hour_begun(now)), age),
        soon={soon: int(_is_soon(waits, soon).sum()) for soon in Soon},
    )


def _by(waits: Waits, group: NDArray[np.int64], name: Callable[[int], str | None]) -> tuple[SpeedOf, ...]:
    from core.analytics.speed import speed_of

    return tuple(SpeedOf(name(int(place)), speed_of(waits.of(group == place))) for place in np.unique(group))


def _largest_first(groups: Iterable[SpeedOf]) -> tuple[SpeedOf, ...]:
    return tuple(sorted(groups, key=lambda one: -one.speed.leads))
