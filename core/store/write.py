"""Saving leads, interactions and scores: many in one transaction, in few statements.

Rows are read, merged here and written back whole. That is safe because writers are serialised (``connect``), and the
rule of merging is then one piece of Python instead of two dialects of SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Table, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from core.leads import LeadHistory, Side, Stage, utc_now
from core.store import events
from core.store.assignment import assign
from core.store.columns import pack, to_json
from core.store.profile import area_of, folded, interaction_rows, merged, search_text
from core.store.schema import counters, lead_latest, leads, metadata, outbox, scores

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead

_Row = TypeVar("_Row")

CHUNK: Final = 500
_PREFIX: Final = "latest_"
_KNOWN: Final = (
    select(leads, *(column.label(_PREFIX + column.name) for column in lead_latest.c))
    .join(lead_latest, lead_latest.c.lead_id == leads.c.lead_id)
    .where(leads.c.lead_id.in_(bindparam("ids", expanding=True)))
)
_NEXT_VERSION: Final = update(counters).where(counters.c.name == "version").values(n=counters.c.n + 1)
_NEXT_NUMBERS: Final = (
    update(counters)
    .where(counters.c.name == "feed_seq")
    .values(n=counters.c.n + bindparam("by"))
    .returning(counters.c.n)
)
_UNSCORED: Final = {
    **dict.fromkeys(column.name for column in lead_latest.c),
    "escalation_recommended": False,
}


@dataclass(slots=True)
class _Person:
    """A lead's rows while they are being changed."""

    profile: dict[str, Any] | None
    latest: dict[str, Any]
    changed: bool = False
    new: bool = True


def save_histories(connection: Connection, histories: Sequence[LeadHistory]) -> None:
    """Upsert leads and add the interactions that are not stored yet."""
    for chunk in chunks(histories):
        people = _known(connection, chunk)
        touches = [row for history in chunk for row in _told(people, history)]
        _write_people(connection, people, touches)
    next_version(connection)


def save_scored(connection: Connection, rows: Sequence[ScoredLead]) -> None:
    """Upsert leads, add interactions, scores and one event a score."""
    for chunk in chunks(rows):
        people = _known(connection, [row.history for row in chunk])
        touches = [touch for row in chunk for touch in _told(people, row.history)]
        for row in chunk:
            _judged(people[row.history.lead.lead_id].latest, row)
        _write_people(connection, people, touches)
        connection.execute(insert(scores), [_score_row(row) for row in chunk])
        add_events(connection, [_event(people, row) for row in chunk])
    next_version(connection)


def next_version(connection: Connection) -> None:
    """Count the change, so that what was computed from an earlier state is known to be old."""
    connection.execute(_NEXT_VERSION)


def add_events(connection: Connection, payloads: Iterable[dict[str, Any]]) -> None:
    """Put events into the outbox, numbered on from the last one.

    Writers take turns until their commit, so numbers rise in the order of the commits; one that is undone gives its
    numbers back.
    """
    told, now = [to_json(event) for event in payloads], utc_now()
    if not told:
        return
    last = connection.execute(_NEXT_NUMBERS, {"by": len(told)}).scalar_one()
    connection.execute(
        insert(outbox),
        [
            {"feed_seq": number, "event_id": uuid4().hex, "created_at": now, "payload": payload}
            for number, payload in enumerate(told, last - len(told) + 1)
        ],
    )


def chunks(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """``rows`` in pieces that one statement takes."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _known(connection: Connection, histories: Sequence[LeadHistory]) -> dict[str, _Person]:
    ids = sorted({history.lead.lead_id for history in histories})
    people = {lead_id: _Person(None, dict(_UNSCORED)) for lead_id in ids}
    for row in connection.execute(_KNOWN, {"ids": ids}).mappings():
        person = people[row["lead_id"]]
        person.new = False
        person.profile = {column.name: row[column.name] for column in leads.c}
        person.latest = {column.name: row[_PREFIX + column.name] for column in lead_latest.c}
    return people


def _told(people: dict[str, _Person], history: LeadHistory) -> list[dict[str, Any]]:
    """Merge what ``history`` tells into its person; return the rows of its interactions."""
    person = people[history.lead.lead_id]
    profile = merged(person.profile, history.lead)
    if profile != person.profile:
        person.profile, person.changed = profile, True
        person.latest.update(listed(profile))
    moments = [touch.occurred_at for touch in history.interactions]
    known = (person.latest["last_activity_at"], profile["created_at"])
    person.latest["last_activity_at"] = max([*moments, *(moment for moment in known if moment)], default=None)
    return interaction_rows(history)


def listed(profile: dict[str, Any]) -> dict[str, Any]:
    """What a list of leads shows of a row of ``leads``."""
    return {
        **{name: profile[name] for name in ("lead_id", "name", "email", "phone", "source", "agent", "created_at")},
        "name_key": folded(profile["name"]) if profile["name"] else None,
        "search": search_text(profile),
        "stage": (stage := profile["stage"] or Stage.GENERATED.value),
        "stage_at": profile["stage_at"] or (profile["created_at"] if stage == Stage.GENERATED else None),
        "side": profile["side"] or Side.BUYER.value,
        "area": area_of(profile["location_preference"]),
    }


def _judged(latest: dict[str, Any], row: ScoredLead) -> None:
    """Let ``row`` be the latest score, unless a later one is stored already."""
    known: datetime | None = latest["scored_at"]
    if known is not None and known > row.scored_at:
        return
    latest.update(
        scored_at=row.scored_at,
        model_version=row.score.model_version,
        tier=row.score.tier.value,
        probability=row.score.probability,
        confidence=row.score.confidence,
        closing_probability=row.score.closing_probability,
        escalation_recommended=row.escalation_recommended,
        sale_price_usd=row.commission.sale_price_usd,
        commission_usd=row.commission.commission_usd,
    )


def _write_people(connection: Connection, people: dict[str, _Person], touches: list[dict[str, Any]]) -> None:
    dialect = connection.dialect.name
    changed = [person.profile for person in people.values() if person.changed and person.profile]
    if changed:
        connection.execute(upsert(dialect, "leads"), changed)
    if touches:
        connection.execute(insert_new(dialect, "interactions"), touches)
    connection.execute(upsert(dialect, "lead_latest"), [person.latest for person in people.values()])
    new = {lead_id: person.latest["created_at"] for lead_id, person in people.items() if person.new}
    if new:
        assign(connection, new, utc_now())


def _score_row(row: ScoredLead) -> dict[str, Any]:
    score, commission = row.score, row.commission
    return {
        "lead_id": row.history.lead.lead_id,
        "scored_at": row.scored_at,
        "model_version": score.model_version,
        "via": row.via,
        "probability": score.probability,
        "raw_probability": score.raw_probability,
        "confidence": score.confidence,
        "tier": score.tier.value,
        "base_value": score.base_value,
        "closing_probability": score.closing_probability,
        "timeline_probability": score.timeline_probability,
        "features": pack(score.features, "<f4"),
        "contributions": pack(score.contributions, "<f8"),
        "sale_price_usd": commission.sale_price_usd,
        "price_basis": commission.price_basis,
        "rate": commission.rate,
        "commission_usd": commission.commission_usd,
        "reasons": to_json(row.reasons),
        "escalation_recommended": row.escalation_recommended,
    }


def _event(people: dict[str, _Person], row: ScoredLead) -> dict[str, Any]:
    latest = people[row.history.lead.lead_id].latest
    return events.lead_scored(row, latest["name"], latest["source"], latest["agent"])


@cache
def upsert(dialect: str, table_name: str) -> Insert:
    """INSERT, or overwrite the row with the same primary key."""
    table = metadata.tables[table_name]
    statement = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


@cache
def insert_new(dialect: str, table_name: str) -> Insert:
    """INSERT the rows that no unique key knows yet."""
    return _insert(dialect, metadata.tables[table_name]).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
