"""Segments: a name for the leads that the filters of the list of leads let through, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from core.errors import InputError
from core.leads import Side, Stage, utc_now
from core.scoring import Tier
from core.scoring.selective import wilson
from core.services import audit
from core.services.access import Right, for_right
from core.services.commission import pipeline
from core.services.commission.closing_chances import expecting
from core.store import ArrivalClock, LeadFilter, LeadGroup
from core.store.filters import check_text
from core.store.segments import SegmentSums, StoredSegment

if TYPE_CHECKING:
    from core.services.center import CommandCenter

MOST_NAME: Final = 80
MOST_SEGMENTS: Final = 40
_TIMES: Final = ("created_from", "created_to", "scored_from", "scored_to", "staged_from", "staged_to")
_ENUMS: Final = {"tiers": Tier, "first_tiers": Tier, "stages": Stage, "furthest": Stage, "sides": Side}
_LISTS: Final = ("sources", "agents", "areas", "bands")
_PLAIN: Final = ("text", "score_min", "score_max", "escalated_only")


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved segment: its filter, the expected month (a key of the pipeline's, None: any), and its figures.

    ``share`` of the decided leads signed, with its ends at 95 %; None without a decided lead.
    """

    name: str
    wanted: LeadFilter
    closing: str | None
    saved_at: datetime
    saved_by: str
    sums: SegmentSums
    share: float | None
    share_ends: tuple[float, float] | None


@for_right(Right.MONEY)
def segments(center: CommandCenter, today: date) -> list[Segment]:
    """Every segment by name, with its figures. Raises StoreUnavailable."""
    rates = expecting(center, today)
    return center.analysed(("segments", today, rates.default), lambda: _segments(center, today))


def names(center: CommandCenter) -> list[str]:
    """The names of all segments. Raises StoreUnavailable."""
    return [one.name for one in center.per_version("segment_rows", center.store.segments.all)]


@for_right(Right.MONEY)
def save(
    center: CommandCenter,
    name: str,
    wanted: LeadFilter,
    closing: str | None = None,
    instead_of: str | None = None,
) -> None:
    """Keep a segment in place of one of the same name, and of ``instead_of``. Raises InputError, StoreUnavailable."""
    if wanted.ids is not None:
        raise InputError(
            "a segment cannot keep the leads behind a figure, as the figure moves; take these filters away, then save"
        )
    told = name.strip()
    check_text(told, "name", MOST_NAME)
    if not told:
        raise InputError("the segment needs a name")
    known = set(names(center)) - {instead_of}
    if told not in known and len(known) >= MOST_SEGMENTS:
        raise InputError(f"there are {len(known)} segments; at most {MOST_SEGMENTS}. Delete one first")
    center.store.segments.save(StoredSegment(told, rule_of(wanted, closing), utc_now(), center.actor.name), instead_of)
    audit.note(center, "segment saved", told)


@for_right(Right.MONEY)
def remove(center: CommandCenter, name: str) -> None:
    """Take a segment away. Raises NotFound, StoreUnavailable."""
    center.store.segments.remove(name)
    audit.note(center, "segment deleted", name)


def rule_of(wanted: LeadFilter, closing: str | None) -> dict[str, Any]:
    """The filter as plain values; ``closing`` stands for its ``waiting``, which moves with the calendar.

    >>> rule_of(LeadFilter(sources=("Zillow",), score_min=60.0), None)
    {'score_min': 60.0, 'sources': ['Zillow']}
    """
    found: dict[str, Any] = {}
    for name in (*_PLAIN, *_LISTS, *_ENUMS, *_TIMES):
        value = getattr(wanted, name)
        if not (value is None or value is False or value in ((), "")):
            found[name] = list(value) if isinstance(value, tuple) else value
    found |= {name: [one and one.value for one in found[name]] for name in _ENUMS if name in found}
    found |= {name: found[name].isoformat() for name in _TIMES if name in found}
    if wanted.group is not None:
        found["group"] = [wanted.group.of, wanted.group.number, wanted.group.place]
    if wanted.arrival is not None:
        found["arrival"] = [wanted.arrival.zone, list(wanted.arrival.hours), list(wanted.arrival.weekdays)]
    return found if closing is None else {**found, "closing": closing}


def filter_of(rule: Mapping[str, Any]) -> LeadFilter:
    """The filter that ``rule_of`` told of, without its expected month.

    >>> filter_of({"tiers": ["hot"], "created_from": "2026-03-01T00:00:00+00:00"}).tiers
    (<Tier.HOT: 'hot'>,)
    """
    told: dict[str, Any] = {name: rule[name] for name in _PLAIN if name in rule}
    told |= {name: tuple(rule[name]) for name in _LISTS if name in rule}
    told |= {
        name: tuple(value and kind(value) for value in rule[name]) for name, kind in _ENUMS.items() if name in rule
    }
    told |= {name: datetime.fromisoformat(rule[name]) for name in _TIMES if name in rule}
    if "group" in rule:
        told["group"] = LeadGroup(*rule["group"])
    if "arrival" in rule:
        zone, hours, weekdays = rule["arrival"]
        told["arrival"] = ArrivalClock(zone, tuple(hours), tuple(weekdays))
    return LeadFilter(**told)


def _segments(center: CommandCenter, today: date) -> list[Segment]:
    rates, now = expecting(center, today), utc_now()
    found = []
    for one in center.store.segments.all():
        wanted, closing = filter_of(one.rule), one.rule.get("closing")
        counted = wanted if closing is None else replace(wanted, waiting=pipeline.month_filter(center, closing, today))
        sums = center.store.segments.sums(counted, rates, now)
        share = sums.signed / sums.decided if sums.decided else None
        ends = wilson(sums.signed, sums.decided) if sums.decided else None
        found.append(Segment(one.name, wanted, closing, one.saved_at, one.saved_by, sums, share, ends))
    return found
