"""The funnel: what became of the leads of each stage, by any segment, and the step whose repair would bring most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import compress
from typing import TYPE_CHECKING, Final

from core.leads import OPEN_STAGES, Stage, utc_now
from core.leads.clock import hour_begun, in_days, of_days
from core.leads.money import CENT
from core.scoring.interval import newcombe
from core.scoring.selective import wilson
from core.services.access import Right, for_right
from core.services.analyses.settling import ripe, settling_days
from core.services.analyses.stage_ways import gci_cents, segments_of, ways_of
from core.services.commission.commission_plans import plans
from core.store import LeadFilter
from core.words import day_words

if TYPE_CHECKING:
    from core.analytics.funnel import Step
    from core.analytics.repair import Flow, Repair
    from core.analytics.stage_ways import Segments, StageWays
    from core.analytics.survival import Array
    from core.services.center import CommandCenter

KINDS: Final = {
    "source": "Source", "agent": "Agent", "area": "Area", "side": "Side", "tier": "Tier", "band": "Price",
}  # fmt: skip
GroupSteps = tuple[str | None, "tuple[Step, ...]"]
FEWEST_COMPARED: Final = 20
FEWEST_DAYS: Final = 30.0
SPAN_DAYS: Final = 90


class Goal(StrEnum):
    """What a step is raised to: the best quarter of the segments, or the team's own best 90 days."""

    SEGMENTS = "segments"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class SegmentStep:
    """A group's share that goes on from a stage, of those who left it, against all other leads of the filter.

    Only leads count that reached the stage so long ago that nearly all have left it (``settling``).

    ``low`` and ``high`` hold the difference at 95 %; ``p`` is adjusted by Holm over all comparisons of the kind of
    group, and ``stands`` at 0.05.
    """

    group: str | None
    place: int
    went_on: int
    settled: int
    others_share: float
    all_share: float
    low: float
    high: float
    p: float
    stands: bool

    @property
    def share(self) -> float:
        """The share that went on."""
        return self.went_on / self.settled


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A repair with the names of the groups that set its target, and the leads a year that it starts from."""

    repair: Repair
    best: tuple[str, ...]
    leads_a_year: float
    shares: tuple[float, ...]
    gci_usd: Decimal | None
    gci_low: Decimal | None
    gci_high: Decimal | None


@for_right(Right.MONEY)
def funnel(center: CommandCenter, wanted: LeadFilter) -> tuple[Step, ...]:
    """The four steps; empty without a lead. Raises StoreUnavailable."""
    return center.analysed(("funnel", wanted, _now()), lambda: _funnel(center, wanted))


@for_right(Right.MONEY)
def funnel_of_groups(center: CommandCenter, wanted: LeadFilter, kind: str) -> list[GroupSteps]:
    """The four steps of each group of a kind (``KINDS``), the largest first; None: nobody told."""
    return center.analysed(("funnel of", wanted, kind, _now()), lambda: _funnel_of_groups(center, wanted, kind))


@for_right(Right.MONEY)
def compared(center: CommandCenter, wanted: LeadFilter, kind: str) -> list[SegmentStep]:
    """Each group and stage with 20 settled leads and 20 others against all others, the surest difference first."""
    return center.analysed(("funnel compared", wanted, kind, _now()), lambda: _compared(center, wanted, kind))


@for_right(Right.MONEY)
def known_after(center: CommandCenter) -> tuple[int, ...]:
    """How many days ago a lead must have reached each open stage to be compared there. Raises StoreUnavailable."""
    return settling_days(center, _now())


@for_right(Right.MONEY)
def repairs(center: CommandCenter, wanted: LeadFilter, kind: str, goal: Goal) -> list[WhatIf]:
    """What raising each step would bring in a year, the most first; empty with too little to tell."""
    key = ("repairs", wanted, kind if goal is Goal.SEGMENTS else None, goal, plans(center).first.side_rates, _today())
    return center.analysed(key, lambda: _repairs(center, wanted, kind, goal))


@for_right(Right.MONEY)
def standing(center: CommandCenter, wanted: LeadFilter, *, stuck: bool) -> tuple[str, ...]:
    """The open leads of a filter that are stuck where they stand, or those that are not. Raises StoreUnavailable."""
    from core.analytics.funnel import standing as standing_now

    ways = ways_of(center, wanted)
    opened, too_long = standing_now(ways, _now())
    return tuple(compress(ways.lead_ids, (too_long if stuck else opened & ~too_long).tolist()))


@for_right(Right.MONEY)
def left(center: CommandCenter, wanted: LeadFilter, stage: Stage) -> tuple[str, ...]:
    """The leads of a filter that left an open stage, as ``compared`` counts them. Raises StoreUnavailable."""
    ways, place = ways_of(center, wanted), OPEN_STAGES.index(stage)
    gone = (ways.furthest > place) | (ways.lost & (ways.furthest == place))
    return tuple(compress(ways.lead_ids, (gone & ripe(center, ways, _now())[place]).tolist()))


def rate_interval(step: Step) -> tuple[float, float]:
    """The share that went on so far, at 95 % by Wilson."""
    return wilson(step.went_on, step.reached)


def group_words(kind: str, name: str | int | None) -> str | None:
    """A group's name as a person reads it; None stays.

    >>> group_words("side", "buyer"), group_words("band", 0)
    ('Buyer', 'under $300k')
    """
    from core.leads import band_words

    if name is None:
        return None
    if kind == "band":
        return band_words(int(name))
    return str(name).capitalize() if kind in ("side", "tier") else str(name)


def _funnel(center: CommandCenter, wanted: LeadFilter) -> tuple[Step, ...]:
    from core.analytics.funnel import steps

    ways = ways_of(center, wanted)
    return steps(ways, _now()) if len(ways) else ()


def _funnel_of_groups(center: CommandCenter, wanted: LeadFilter, kind: str) -> list[GroupSteps]:
    import numpy as np

    from core.analytics.funnel import steps

    ways = ways_of(center, wanted)
    groups, now = segments_of(center, ways, kind), _now()
    sizes = np.bincount(groups.code, minlength=len(groups.names))
    order = sorted(range(len(groups.names)), key=lambda place: (-sizes[place], str(groups.names[place])))
    return [(group_words(kind, groups.names[one]), steps(ways, now, groups.code == one)) for one in order]


def _compared(center: CommandCenter, wanted: LeadFilter, kind: str) -> list[SegmentStep]:
    from core.analytics.chance import differ, holm
    from core.analytics.funnel import by_segment

    ways = ways_of(center, wanted)
    groups = segments_of(center, ways, kind)
    on, settled = by_segment(ways, groups, ripe(center, ways, _now()))
    all_on, all_settled = on.sum(axis=0), settled.sum(axis=0)
    found: list[SegmentStep] = []
    for number, name in enumerate(groups.names):
        for place in range(on.shape[1]):
            mine = (int(on[number, place]), int(settled[number, place]))
            others = (int(all_on[place]) - mine[0], int(all_settled[place]) - mine[1])
            if name is None or min(mine[1], others[1]) < FEWEST_COMPARED:
                continue
            low, high = newcombe((mine[0], others[0]), (mine[1], others[1]))
            p, rest, whole = differ(mine, others), others[0] / others[1], float(all_on[place] / all_settled[place])
            found.append(SegmentStep(group_words(kind, name), place, *mine, rest, whole, low, high, p, False))
    adjusted = holm([one.p for one in found])
    told = [replace(one, p=p, stands=p <= 0.05) for one, p in zip(found, adjusted, strict=True)]
    return sorted(told, key=lambda one: (one.p, -abs(one.share - one.others_share)))


def _repairs(center: CommandCenter, wanted: LeadFilter, kind: str, goal: Goal) -> list[WhatIf]:
    from core.analytics.funnel import by_segment
    from core.analytics.repair import repairs as judged

    ways, now = ways_of(center, wanted), _now()
    segments = segments_of(center, ways, kind)
    flow = _flow(center, ways, wanted, now)
    if flow is None:
        return []
    on, settled = by_segment(ways, segments, ripe(center, ways, now))
    team = (on.sum(axis=0), settled.sum(axis=0))
    if goal is Goal.SEGMENTS:
        groups, names, share = _told(segments, on, settled), None, 0.25
    else:
        (groups, names), share = _spans(ways, now), 0.0
    found = judged(groups, team, flow, share, seed=center.store.version())
    shares = tuple(float(one) for one in team[0] / team[1]) if team[1].all() else ()
    labels = names or [_names(segments, kind)] * len(groups)
    told = [_what_if(one, labels[one.place], flow, shares) for one in found]
    return sorted(told, key=lambda one: -one.repair.closings)


def _told(groups: Segments, on: Array, settled: Array) -> list[tuple[Array, Array]]:
    """Per stage the counts of the groups that have a name."""
    named = [place for place, name in enumerate(groups.names) if name is not None]
    return [(on[named, place], settled[named, place]) for place in range(on.shape[1])]


def _names(groups: Segments, kind: str) -> list[str]:
    return [group_words(kind, name) or "" for name in groups.names if name is not None]


def _spans(ways: StageWays, now: float) -> tuple[list[tuple[Array, Array]], list[list[str]]]:
    """Per stage the spans of 90 days in which leads reached it; left out where more than one in ten stands there."""
    import numpy as np

    found, names = [], []
    for place in range(len(ways.at) - 1):
        reached = ways.at[place]
        dated = ~np.isnan(reached) & (ways.furthest >= place)
        span = np.floor((now - reached[dated]) / SPAN_DAYS).astype(np.int64).clip(min=0)
        went_on = ways.furthest[dated] > place
        left = went_on | ways.lost[dated]
        width = int(span.max()) + 1 if len(span) else 0
        on, gone, came = (
            np.bincount(which, minlength=width).astype(float) for which in (span[went_on], span[left], span)
        )
        ripe = gone >= 0.9 * np.maximum(came, 1.0)
        found.append((on[ripe], gone[ripe]))
        names.append([_span_words(now, int(one)) for one in np.flatnonzero(ripe)])
    return found, names


def _span_words(now: float, span: int) -> str:
    first, last = (of_days(now - SPAN_DAYS * (span + more)) for more in (1, 0))
    return f"{day_words(first)} to {day_words(last)}"


def _flow(center: CommandCenter, ways: StageWays, wanted: LeadFilter, now: float) -> Flow | None:
    """How many leads came in during the last year of the filter's period; None under 30 days."""
    import numpy as np

    from core.analytics.repair import Flow

    arrived = ways.at[0][~np.isnan(ways.at[0])]
    if not len(arrived):
        return None
    end = now if wanted.created_to is None else min(now, in_days(wanted.created_to))
    begun = float(arrived.min()) if wanted.created_from is None else in_days(wanted.created_from)
    start = max(begun, end - 365.0)
    if end - start < FEWEST_DAYS:
        return None
    gci = gci_cents(center, ways) / 100.0
    known = gci[~np.isnan(gci)]
    mean = float(known.mean()) if len(known) else None
    error = float(known.std(ddof=1)) / len(known) ** 0.5 if len(known) > 1 else 0.0
    return Flow(int(((arrived >= start) & (arrived < end)).sum()), end - start, mean, error)


def _what_if(one: Repair, names: Sequence[str], flow: Flow, shares: tuple[float, ...]) -> WhatIf:
    best = tuple(names[place] for place in one.best)
    money = (_money(usd) for usd in (one.gci_usd, one.gci_low, one.gci_high))
    return WhatIf(one, best, flow.a_year, shares, *money)


def _money(usd: float | None) -> Decimal | None:
    return None if usd is None else Decimal(repr(usd)).quantize(CENT)


def _now() -> float:
    return in_days(hour_begun(utc_now()))


def _today() -> int:
    return int(_now())
