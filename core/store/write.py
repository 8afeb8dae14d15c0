"""Saving leads, interactions and scores: many in one transaction, in few statements.

Rows are read, merged here and written back whole. That is safe because writers are serialised (``connect``), and the
rule of merging is then one piece of Python instead of two dialects of SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.errors import NotFound
from core.leads import LeadHistory, Side, Stage, utc_now
from core.store import events
from core.store.assignment import assign
from core.store.columns import pack, to_json
from core.store.known import FEED, Known, known_of
from core.store.prepared import Prepared, insert_into, insert_new, told_columns, upsert
from core.store.profile import TOUCH, area_of, folded, interaction_rows, merged, search_text
from core.store.rows import OutboxEvent
from core.store.schema import counters, interactions, lead_latest, leads, outbox, scores

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead

_Row = TypeVar("_Row")

CHUNK: Final = 500
_COUNT: Final = Prepared(
    lambda _: (
        update(counters)
        .where(counters.c.name == bindparam("counter"))
        .values(n=counters.c.n + bindparam("by", type_=counters.c.n.type))
    )
)
_CHANGE: Final = {"counter": "version", "by": 1}
_LAST_NUMBER: Final = Prepared(lambda _: select(counters.c.n).where(counters.c.name == FEED))
_PEOPLE: Final = Prepared(lambda dialect: upsert(dialect, "leads"), told_columns(leads))
_LATEST: Final = Prepared(lambda dialect: upsert(dialect, "lead_latest"), told_columns(lead_latest))
_TOUCHES: Final = Prepared(lambda dialect: insert_new(dialect, "interactions"), TOUCH)
_SCORES: Final = insert_into(scores)
_EVENTS: Final = Prepared(lambda _: insert(outbox).inline(), ("feed_seq", "event_id", "created_at", "payload"))
_GENERATED, _BUYER = Stage.GENERATED.value, Side.BUYER.value


def save_histories(connection: Connection, histories: Sequence[LeadHistory]) -> None:
    """Upsert leads and add the interactions that are not stored yet."""
    for chunk in chunks(histories):
        known = known_of(connection, (history.lead.lead_id for history in chunk))
        touches = [row for history in chunk for row in _told(known, history)]
        _write_people(connection, known, touches)
    next_version(connection)


def save_scored(connection: Connection, rows: Sequence[ScoredLead]) -> list[OutboxEvent]:
    """Upsert leads, add interactions, scores and one event a score, which are returned.

    Of a lead that was read from the record only the score is kept: what stands there may be newer by now, or erased.
    Raises NotFound for one that is gone.
    """
    told: list[OutboxEvent] = []
    for chunk in chunks(rows):
        known = known_of(connection, (row.history.lead.lead_id for row in chunk))
        touches = [touch for row in chunk for touch in _told_with(known, row)]
        for row in chunk:
            _judged(known, row)
        _write_people(connection, known, touches)
        _SCORES.run(connection, [_score_row(row) for row in chunk])
        last = known.last_number + len(told)  # which is counted at the end, for all chunks at once
        told += _write_events(connection, [_event(known, row) for row in chunk], last)
    _COUNT.run(connection, [_CHANGE, {"counter": FEED, "by": len(told)}])
    return told


def next_version(connection: Connection) -> None:
    """Count the change, so that what was computed from an earlier state is known to be old."""
    _COUNT.run(connection, [_CHANGE])


def add_events(connection: Connection, payloads: Sequence[dict[str, Any]]) -> list[OutboxEvent]:
    """Put events into the outbox, numbered on from the last one; returns them as they are there.

    Writers take turns until their commit, so numbers rise in the order of the commits; one that is undone gives its
    numbers back.
    """
    if not payloads:
        return []
    told = _write_events(connection, payloads, _LAST_NUMBER.read(connection, {})[0]["n"])
    _COUNT.run(connection, [{"counter": FEED, "by": len(told)}])
    return told


def _write_events(connection: Connection, payloads: Sequence[dict[str, Any]], last: int) -> list[OutboxEvent]:
    written, now = [to_json(payload) for payload in payloads], utc_now()
    told = [OutboxEvent(number, token_hex(16), payload, now) for number, payload in enumerate(payloads, last + 1)]
    rows = [(event.feed_seq, event.event_id, now, payload) for event, payload in zip(told, written, strict=True)]
    _EVENTS.run_in_order(connection, rows)
    return told


def chunks(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """``rows`` in pieces that one statement takes."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _told_with(known: Known, row: ScoredLead) -> list[tuple[Any, ...]]:
    if not row.of_record:
        return _told(known, row.history)
    lead_id = row.history.lead.lead_id
    if known.people[lead_id].profile is None:
        raise NotFound(f"there is no lead {lead_id!r} any more; it was erased while it was scored")
    return []


def _told(known: Known, history: LeadHistory) -> list[tuple[Any, ...]]:
    """Merge what ``history`` tells into its person; return the rows of its interactions."""
    person = known.people[history.lead.lead_id]
    profile = merged(person.profile, history.lead)
    known.names.settle(person.profile, profile)
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


def last_activity(connection: Connection, lead_id: str, arrived: datetime | None) -> datetime | None:
    """When something last happened with a lead, its arrival included; None when nobody told."""
    last = select(func.max(interactions.c.occurred_at)).where(interactions.c.lead_id == lead_id)
    moments = (connection.execute(last).scalar(), arrived)
    return max((moment for moment in moments if moment is not None), default=None)


def _judged(known: Known, row: ScoredLead) -> None:
    """Let ``row`` be the latest score, unless a later one is stored already."""
    latest = known.people[row.history.lead.lead_id].latest
    before: datetime | None = latest["scored_at"]
    if before is not None and before > row.scored_at:
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


def _write_people(connection: Connection, known: Known, touches: list[tuple[Any, ...]]) -> None:
    people = known.people
    changed = [person.profile for person in people.values() if person.changed and person.profile]
    if changed:
        _PEOPLE.run(connection, changed)
    if touches:
        _TOUCHES.run_in_order(connection, touches)
    _LATEST.run(connection, [person.latest for person in people.values()])
    new = {lead_id: person.latest["created_at"] for lead_id, person in people.items() if person.new}
    if new and known.tests:
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


def _event(known: Known, row: ScoredLead) -> dict[str, Any]:
    latest = known.people[row.history.lead.lead_id].latest
    return events.lead_scored(row, latest["name"], latest["source"], latest["agent"])
