"""What the record knows before leads are saved: in one narrow statement, and one more where some are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal, null, select, union_all

from core.store.agent_names import COUNTER as NAMES
from core.store.agent_names import Spelling
from core.store.prepared import Prepared
from core.store.schema import counters, lead_latest, leads
from core.store.schema_analysis import ab_tests

FEED: Final = "feed_seq"
_TESTS: Final = "tests"
_LATEST: Final = "latest_"
_OF_LEAD, _OF_LATEST = tuple(leads.c.keys()), tuple(lead_latest.c.keys())
_WITH_LATEST: Final = select(leads, *(column.label(_LATEST + column.name) for column in lead_latest.c)).join(
    lead_latest, lead_latest.c.lead_id == leads.c.lead_id
)
_UNSCORED: Final = {**dict.fromkeys(_OF_LATEST), "escalation_recommended": False}


@dataclass(slots=True)
class Person:
    """A lead's rows while they are being changed."""

    profile: dict[str, Any] | None
    latest: dict[str, Any]
    changed: bool = False
    new: bool = True


@dataclass(slots=True)
class Known:
    """The leads by id, how agents are spelled, whether A/B tests run, and the last number of the feed."""

    people: dict[str, Person]
    names: Spelling
    tests: bool
    last_number: int


def known_of(connection: Connection, lead_ids: Iterable[str]) -> Known:
    """What is known of some leads, at least one, and of what counts for all."""
    ids = sorted(set(lead_ids))
    people = {lead_id: Person(None, dict(_UNSCORED)) for lead_id in ids}
    found = _read(connection, _stored, ids)
    stored = [row["name"] for row in found if row["n"] is None]
    for row in _read(connection, _rows, stored) if stored else ():
        person = people[row["lead_id"]]
        person.new = False
        person.profile = {name: row[name] for name in _OF_LEAD}
        person.latest = {name: row[_LATEST + name] for name in _OF_LATEST}
    counts = {row["name"]: row["n"] for row in found if row["n"] is not None}
    return Known(people, Spelling(connection, counts.get(NAMES, 0)), counts[_TESTS] > 0, counts[FEED])


def _read(connection: Connection, written: Callable[[int], Prepared], ids: Sequence[str]) -> list[dict[str, Any]]:
    places = 1 << (len(ids) - 1).bit_length()  # few lengths of the list, so that few statements are written
    return written(places).read(connection, {f"id_{place}": ids[min(place, len(ids) - 1)] for place in range(places)})


@cache
def _stored(places: int) -> Prepared:
    """Those among so many ids that are stored, where ``n`` is NULL, and what is counted."""
    ids = select(leads.c.lead_id.label("name"), null().label("n")).where(_among(places))
    counted = select(counters.c.name, counters.c.n).where((counters.c.name == FEED) | (counters.c.name == NAMES))
    tests = select(literal(_TESTS), func.count()).where(ab_tests.c.ended_at.is_(None))
    return Prepared(lambda _: union_all(ids, counted, tests))


@cache
def _rows(places: int) -> Prepared:
    """The leads among so many ids."""
    return Prepared(lambda _: _WITH_LATEST.where(_among(places)))


def _among(places: int) -> ColumnElement[bool]:
    return leads.c.lead_id.in_([bindparam(f"id_{place}", type_=leads.c.lead_id.type) for place in range(places)])
