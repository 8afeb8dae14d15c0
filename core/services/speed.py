"""Speed to lead: how soon leads are answered, what became of them, and the hot ones that still wait."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from core.leads import utc_now
from core.scoring import Tier
from core.services.commission_plans import plans
from core.store import LeadFilter

if TYPE_CHECKING:
    from core.analytics.speed import Speed, Waits
    from core.services.center import CommandCenter
    from core.store.answers import AnsweredLeads, WaitingLead

MOST_WAITING: Final = 50
NOT_TOLD: Final = "Not told"
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SpeedOf:
    """How soon the leads of one agent, source or hour were answered; ``name`` is None where it was not told."""

    name: str | None
    speed: Speed


@dataclass(frozen=True, slots=True)
class SpeedToLead:
    """How soon leads were answered: all of them, by agent and by source, the group with most leads first."""

    everyone: Speed
    by_agent: tuple[SpeedOf, ...]
    by_source: tuple[SpeedOf, ...]


def speed_to_lead(
    center: CommandCenter, wanted: LeadFilter, *, automatic_too: bool = False, now: datetime | None = None
) -> SpeedToLead | None:
    """How soon the leads of a filter were answered; None without one. Kept until the data or the hour changes.

    ``automatic_too`` counts messages of the first five minutes as a person's. Raises StoreUnavailable.
    """
    moment = now or utc_now()
    key = ("speed", wanted, automatic_too, _hour(moment))
    return center.per_version(key, lambda: _speed(answered_leads(center, wanted, moment), automatic_too, moment))


def answered_leads(center: CommandCenter, wanted: LeadFilter, now: datetime) -> AnsweredLeads:
    """The leads of a filter with their first answers, read once a state of the store."""
    from core.store.answers import answered_leads

    return center.per_version(("answered", wanted), lambda: answered_leads(center.store.database, wanted, now))


def hot_and_waiting(
    center: CommandCenter, wanted: LeadFilter, now: datetime | None = None
) -> tuple[int, list[WaitingLead]]:
    """How many hot leads no person has answered, and those of the highest expected commission.

    Raises StoreUnavailable.
    """
    from core.store.answers import waiting_leads

    moment = now or utc_now()
    hot = replace(wanted, tiers=(Tier.HOT,))
    rates = plans(center).rates(moment.astimezone(UTC).date())
    key = ("hot and waiting", hot, rates.default, _hour(moment))
    return center.per_version(key, lambda: waiting_leads(center.store.database, hot, rates, moment, MOST_WAITING))


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _speed(leads: AnsweredLeads, automatic_too: bool, now: datetime) -> SpeedToLead | None:
    from core.analytics.speed import speed_of, waits_of

    if not len(leads):
        return None
    answered = leads.written if automatic_too else leads.answered
    waits = waits_of(leads.arrived, answered, np.fmin(leads.contract, leads.lost), (now - _START) / timedelta(days=1))
    return SpeedToLead(
        everyone=speed_of(waits),
        by_agent=_by(waits, leads.agent, lambda place: leads.agents[place]),
        by_source=_by(waits, leads.source, lambda place: leads.sources[place]),
    )


def _by(waits: Waits, group: NDArray[np.int64], name: Callable[[int], str | None]) -> tuple[SpeedOf, ...]:
    from core.analytics.speed import speed_of

    found = [SpeedOf(name(int(place)), speed_of(waits.of(group == place))) for place in np.unique(group)]
    return tuple(sorted(found, key=lambda one: -one.speed.leads))
