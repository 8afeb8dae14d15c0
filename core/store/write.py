"""Saving leads, interactions and scores: many in one transaction, in few statements.

Rows are read, merged here and written back whole. That is safe because writers are serialised (``connect``), and the
rule of merging is then one piece of Python instead of two dialects of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, insert, select, update

from core.leads import LeadHistory, Side, Stage, utc_now
from core.store import events
from core.store.agent_names import Spelling
from core.store.assignment import assign
from core.store.columns import pack, to_json
from core.store.prepared import Prepared, insert_into, insert_new, told_columns, upsert
from core.store.profile import TOUCH, area_of, folded, interaction_rows, merged, search_text
from core.store.rows import OutboxEvent
from core.store.schema import counters, lead_latest, leads, outbox, scores

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead

_Row = TypeVar("_Row")

CHUNK: Final = 500
_PREFIX: Final = "latest_"
_WITH_LATEST: Final = select(leads, *(column.label(_PREFIX + column.name) for column in lead_latest.c)).join(
    lead_latest, lead_latest.c.lead_id == leads.c.lead_id
)
_NEXT_VERSION: Final = Prepared(
    lambda _: update(counters).where(counters.c.name == "version").values(n=counters.c.n + 1)
)
_NEXT_NUMBERS: Final = Prepared(
    lambda _: (
        update(counters)
        .where(counters.c.name == "feed_seq")
        .values(n=counters.c.n + bindparam("by"))
        .returning(counters.c.n)
    )
)
_PEOPLE: Final = Prepared(lambda dialect: upsert(dialect, "leads"), told_columns(leads))
_LATEST: Final = Prepared(lambda dialect: upsert(dialect, "lead_latest"), told_columns(lead_latest))
_TOUCHES: Final = Prepared(lambda dialect: insert_new(dialect, "interactions"), TOUCH)
_SCORES: Final = insert_into(scores)
_EVENTS: Final = Prepared(lambda _: insert(outbox).inline(), ("feed_seq", "event_id", "created_at", "payload"))
_GENERATED, _BUYER = Stage.GENERATED.value, Side.BUYER.value
_OF_LEAD, _OF_LATEST = tuple(leads.c.keys()), tuple(lead_latest.c.keys())
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
    names = Spelling(connection)
    for chunk in chunks(histories):
        people = _known(connection, chunk)
        touches = [row for history in chunk for row in _told(people, history, names)]
        _write_people(connection, people, touches)
    next_version(connection)


def save_scored(connection: Connection, rows: Sequence[ScoredLead]) -> list[OutboxEvent]:
    """Upsert leads, add interactions, scores and one event a score, which are returned."""
    told: list[OutboxEvent] = []
    names = Spelling(connection)
    for chunk in chunks(rows):
        people = _known(connection, [row.history for row in chunk])
        touches = [touch for row in chunk for touch in _told(people, row.history, names)]
        for row in chunk:
            _judged(people[row.history.lead.lead_id].latest, row)
        _write_people(connection, people, touches)
        _SCORES.run(connection, [_score_row(row) for row in chunk])
        told += add_events(connection, [_event(people, row) for row in chunk])
    next_version(connection)
    return told


def next_version(connection: Connection) -> None:
    """Count the change, so that what was computed from an earlier state is known to be old."""
    _NEXT_VERSION.run(connection, ({},))


def add_events(connection: Connection, payloads: Sequence[dict[str, Any]]) -> list[OutboxEvent]:
    """Put events into the outbox, numbered on from the last one; returns them as they are there.

    Writers take turns until their commit, so numbers rise in the order of the commits; one that is undone gives its
    numbers back.
    """
    if not payloads:
        return []
    written, now = [to_json(payload) for payload in payloads], utc_now()
    last: int = _NEXT_NUMBERS.read(connection, {"by": len(written)})[0]["n"]
    told = [
        OutboxEvent(number, token_hex(16), payload, now)
        for number, payload in enumerate(payloads, last - len(payloads) + 1)
    ]
    rows = [(event.feed_seq, event.event_id, now, payload) for event, payload in zip(told, written, strict=True)]
    _EVENTS.run_in_order(connection, rows)
    return told


def chunks(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """``rows`` in pieces that one statement takes."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _known(connection: Connection, histories: Sequence[LeadHistory]) -> dict[str, _Person]:
    ids = sorted({history.lead.lead_id for history in histories})
    people = {lead_id: _Person(None, dict(_UNSCORED)) for lead_id in ids}
    places = 1 << (len(ids) - 1).bit_length()  # few lengths of the list, so that few statements are written
    given = {f"id_{place}": ids[min(place, len(ids) - 1)] for place in range(places)}
    for row in _known_among(places).read(connection, given):
        person = people[row["lead_id"]]
        person.new = False
        person.profile = {name: row[name] for name in _OF_LEAD}
        person.latest = {name: row[_PREFIX + name] for name in _OF_LATEST}
    return people


def _told(people: dict[str, _Person], history: LeadHistory, names: Spelling) -> list[tuple[Any, ...]]:
    """Merge what ``history`` tells into its person; return the rows of its interactions."""
    person = people[history.lead.lead_id]
    profile = merged(person.profile, history.lead)
    names.settle(person.profile, profile)
    if profile != person.profile:
        person.profile, person.changed = profile, True
        person.latest.update(listed(profile))
    moments = [touch.occurred_at for touch in history.interactions]
    moments += filter(None, (person.latest["last_activity_at"], profile["created_at"]))
    person.latest["last_activity_at"] = max(moments, default=None)
    return interaction_rows(history)


def listed(profile: dict[str, Any]) -> dict[str, Any]:
    """What a list of leads shows of a row of ``leads``."""
    stage = profile["stage"] or _GENERATED
    return {
        "lead_id": profile["lead_id"],
        "name": profile["name"],
        "name_key": folded(profile["name"]) if profile["name"] else None,
        "email": profile["email"],
        "phone": profile["phone"],
        "search": search_text(profile),
        "source": profile["source"],
        "agent": profile["agent"],
        "stage": stage,
        "stage_at": profile["stage_at"] or (profile["created_at"] if stage == _GENERATED else None),
        "side": profile["side"] or _BUYER,
        "area": area_of(profile["location_preference"]),
        "created_at": profile["created_at"],
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


def _write_people(connection: Connection, people: dict[str, _Person], touches: list[tuple[Any, ...]]) -> None:
    changed = [person.profile for person in people.values() if person.changed and person.profile]
    if changed:
        _PEOPLE.run(connection, changed)
    if touches:
        _TOUCHES.run_in_order(connection, touches)
    _LATEST.run(connection, [person.latest for person in people.values()])
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
        "trial_id": None if row.trial is None else row.trial.trial_id,
        "trial_arm": None if row.trial is None else row.trial.arm,
    }


def _event(people: dict[str, _Person], row: ScoredLead) -> dict[str, Any]:
    latest = people[row.history.lead.lead_id].latest
    return events.lead_scored(row, latest["name"], latest["source"], latest["agent"])


@cache
def _known_among(places: int) -> Prepared:
    """The leads among so many ids."""
    ids = [bindparam(f"id_{place}", type_=leads.c.lead_id.type) for place in range(places)]
    return Prepared(lambda _: _WITH_LATEST.where(leads.c.lead_id.in_(ids)))
