"""The leads behind a manager's figure, found by what counts the figure, so that list and figure agree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.analytics.bridge import Moved
from core.leads import Stage, utc_now
from core.services.access import Right, for_right
from core.services.analyses import ab_tests, best_hour, funnel, insights, speed
from core.services.analyses.ab_tests import Counted
from core.services.analyses.best_hour import Way
from core.services.analyses.speed import Soon
from core.services.commission.closing_chances import expecting
from core.services.commission.pipeline import week_ago
from core.store import ArrivalClock, LeadFilter

if TYPE_CHECKING:
    from core.services.center import CommandCenter


@dataclass(frozen=True, slots=True)
class Tried:
    """Leads that somebody tried to reach, by ``way``, at the hours of ``clock``, as the best hour counts tries."""

    clock: ArrivalClock
    way: Way = Way.ALL


@dataclass(frozen=True, slots=True)
class Behind:
    """Which figures a lead must stand behind; what is left empty does not restrict.

    ``without_chance``: open leads with a price that no chance to close is known of. ``moved``: those that changed the
    expected commission since a week ago for this reason. ``stuck``: open leads that stand where they stand longer than
    is usual (False: no longer). ``left``: those that left this open stage, forward or lost there. ``answered``: places
    among the spans of the speed to lead's shares that signed; ``automatic_too`` counts messages that are taken for
    automatic as a person's. ``tried``: by hour of the try.

    ``soon``: by how soon they were answered, as the headline figures of speed to lead count it. ``waits``: those before
    a contract that no person has answered. ``lately``: of the recent days of what has changed, as a comparison of this
    kind (``core.analytics.anomalies``) counts them. ``counted``: leads of the A/B test whose variant is the group that
    is asked for, else of any test.
    """

    without_chance: bool = False
    moved: Moved | None = None
    stuck: bool | None = None
    left: Stage | None = None
    answered: tuple[int, ...] = ()
    automatic_too: bool = False
    tried: Tried | None = None
    soon: Soon | None = None
    waits: bool = False
    lately: str | None = None
    counted: Counted | None = None


@for_right(Right.MONEY)
def leads_behind(center: CommandCenter, wanted: LeadFilter, behind: Behind) -> LeadFilter:
    """``wanted`` with the leads that stand behind all these figures.

    The figures are those of the leads that the filters of the manager's pages let through: period, source, agent, area
    and side of ``wanted``. Its other filters narrow what is found. Raises StoreUnavailable.
    """
    shared = LeadFilter(
        sources=wanted.sources, agents=wanted.agents, areas=wanted.areas, sides=wanted.sides,
        created_from=wanted.created_from, created_to=wanted.created_to,
    )  # fmt: skip
    found = [*_found(center, shared, behind), *_of_answers(center, shared, behind)]
    if behind.waits:  # who is hot is known at once, who was answered is not
        found.append(speed.waiting(center, replace(shared, tiers=wanted.tiers)))
    if behind.lately is not None:
        found.append(insights.lately(center, shared, behind.lately))
    if behind.counted is not None:
        found.append(ab_tests.counted(center, wanted.group, behind.counted))
    return replace(wanted, ids=tuple(sorted(set.intersection(*map(set, found))))) if found else wanted


def _found(center: CommandCenter, wanted: LeadFilter, behind: Behind) -> list[tuple[str, ...]]:
    today, found = utc_now().date(), []
    if behind.without_chance:
        found.append(center.store.pipeline.without_chance(wanted, expecting(center, today)))
    if behind.moved is not None:
        rates, then = expecting(center, today), week_ago(today)
        found.append(center.store.pipeline_past.moved_ids(wanted, rates, then, behind.moved))
    if behind.stuck is not None:
        found.append(funnel.standing(center, wanted, stuck=behind.stuck))
    if behind.left is not None:
        found.append(funnel.left(center, wanted, behind.left))
    return found


def _of_answers(center: CommandCenter, wanted: LeadFilter, behind: Behind) -> list[tuple[str, ...]]:
    found = []
    if behind.answered:
        found.append(speed.answered_in(center, wanted, behind.answered, automatic_too=behind.automatic_too))
    if behind.soon is not None:
        found.append(speed.answered_soon(center, wanted, behind.soon, automatic_too=behind.automatic_too))
    if behind.tried is not None:
        way, clock = behind.tried.way, behind.tried.clock
        found.append(best_hour.tried(center, wanted, way, ZoneInfo(clock.zone), clock.hours, clock.weekdays))
    return found
