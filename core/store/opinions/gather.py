"""From new scores to escalations: every score is looked at once, in the order of the commits.

A cursor over the scores stands in the database and moves in the same transaction in which escalations are written. So
nothing is lost and nothing queued twice, whichever process wrote the score, and whoever is killed when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.leads import DECIDED_STAGES, utc_now
from core.scoring import Tier
from core.store import events
from core.store.feed import counter
from core.store.opinions.rows import REQUESTED, Candidate, Status
from core.store.opinions.schema import opinions
from core.store.schema import counters, lead_latest, scores
from core.store.write import add_events

CURSOR: Final = "escalated_to"
DECIDED: Final = tuple(stage.value for stage in DECIDED_STAGES)
Decide = Callable[[Sequence[Candidate]], Sequence[str | None]]
_SCORED: Final = (
    select(
        scores.c.score_id,
        scores.c.lead_id,
        scores.c.scored_at,
        scores.c.tier,
        scores.c.probability,
        scores.c.confidence,
        scores.c.escalation_recommended,
        scores.c.commission_usd,
        lead_latest.c.name,
        lead_latest.c.source,
        lead_latest.c.stage,
        lead_latest.c.last_activity_at,
        lead_latest.c.scored_at.label("latest_at"),
    )
    .join(lead_latest, lead_latest.c.lead_id == scores.c.lead_id)
    .order_by(scores.c.score_id)
)
_KNOWN: Final = (
    select(opinions).where(opinions.c.lead_id.in_(bindparam("ids", expanding=True))).order_by(opinions.c.opinion_id)
)


def has_news(connection: Connection) -> bool:
    """Whether there are scores that nobody has looked at."""
    newest = connection.execute(select(func.max(scores.c.score_id))).scalar()
    return (newest or 0) > counter(connection, CURSOR)


def gather(connection: Connection, decide: Decide, most: int) -> tuple[int, list[int]]:
    """Look at the next ``most`` scores; returns how many there were, and the escalations that wait since now.

    ``decide`` gives for each lead the reason to ask, or None. A lead that waits already waits with its newer score, or
    no longer when that needs no asking. One that was asked is not queued again before it was heard from.
    """
    rows = connection.execute(_SCORED.where(scores.c.score_id > counter(connection, CURSOR)).limit(most)).all()
    if not rows:
        return 0, []
    connection.execute(update(counters).where(counters.c.name == CURSOR).values(n=rows[-1].score_id))
    candidates = {row.lead_id: _candidate(row) for row in rows if row.scored_at == row.latest_at}
    found = list(candidates.values())
    known: dict[str, list[Any]] = {}
    for row in connection.execute(_KNOWN, {"ids": list(candidates)}):
        known.setdefault(row.lead_id, []).append(row)
    reasons = [reason if one.is_open else None for one, reason in zip(found, decide(found), strict=True)]
    new = [
        _is_new(connection, one, reason, known.get(one.lead_id, [])) for one, reason in zip(found, reasons, strict=True)
    ]
    wanted = [(one, why) for one, why, is_new in zip(found, reasons, new, strict=True) if is_new and why is not None]
    return len(rows), add(connection, wanted)


def _candidate(row: Any) -> Candidate:
    told = {name: getattr(row, name) for name in Candidate.__slots__ if name not in ("tier", "is_open")}
    return Candidate(**told, tier=Tier(row.tier), is_open=row.stage not in DECIDED)


def _is_new(connection: Connection, one: Candidate, reason: str | None, known: Sequence[Any]) -> bool:
    """Bring what waits of a lead up to its new score; whether it is to be queued as well."""
    for row in known:
        if row.status == Status.WAITING:
            _overtake(connection, row, one, reason)
            return False
    if any(row.status == Status.ASKED for row in known):
        return False
    asked = [row for row in known if row.status != Status.EXPIRED]
    return not asked or asked[-1].heard_until != one.last_activity_at


def _overtake(connection: Connection, row: Any, one: Candidate, reason: str | None) -> None:
    this = update(opinions).where(opinions.c.opinion_id == row.opinion_id)
    wanted = reason is not None or (row.asked_because == REQUESTED and one.is_open)
    if wanted:
        moved = this.values(score_id=one.score_id, heard_until=one.last_activity_at)
        connection.execute(moved)
        return
    why = "A later score needs no second opinion." if one.is_open else "The lead is decided."
    connection.execute(this.values(status=Status.EXPIRED.value, error=why, answered_at=utc_now()))


def add(connection: Connection, wanted: Sequence[tuple[Candidate, str]], by: str | None = None) -> list[int]:
    """Queue escalations, each with its reason, and tell the feed; returns their numbers."""
    if not wanted:
        return []
    now = utc_now()
    queued = [
        {
            "lead_id": one.lead_id,
            "score_id": one.score_id,
            "asked_because": reason,
            "status": Status.WAITING.value,
            "queued_at": now,
            "queued_by": by,
            "heard_until": one.last_activity_at,
            "tries": 0,
            "simulated": False,
        }
        for one, reason in wanted
    ]
    added = connection.execute(
        insert(opinions).returning(opinions.c.opinion_id, sort_by_parameter_order=True), queued
    ).scalars()
    add_events(connection, [_event(one, reason, now) for one, reason in wanted])
    return [int(opinion_id) for opinion_id in added]


def request(connection: Connection, lead_id: str, by: str | None) -> int | None:
    """Put a lead's latest score before all others; None when it has no score. What is in Claude's hands stays there."""
    query = _SCORED.where(scores.c.lead_id == lead_id, scores.c.scored_at == lead_latest.c.scored_at)
    row = connection.execute(query).all()[-1:]
    if not row:
        return None
    one = _candidate(row[0])
    for known in connection.execute(_KNOWN, {"ids": [lead_id]}).all():
        this = update(opinions).where(opinions.c.opinion_id == known.opinion_id)
        if known.status == Status.ASKED:
            return int(known.opinion_id)
        if known.status == Status.WAITING:
            moved = {"score_id": one.score_id, "heard_until": one.last_activity_at}
            values = {**moved, "asked_because": REQUESTED, "not_before": None, "queued_by": by}
            connection.execute(this.values(values))
            return int(known.opinion_id)
    return add(connection, [(one, REQUESTED)], by)[0]


def _event(one: Candidate, reason: str, at: datetime) -> dict[str, Any]:
    return {
        "event_type": "lead_escalated",
        "timestamp": events.wire_time(at),
        "lead_id": one.lead_id,
        "lead_name": one.name,
        "ml_score": 100.0 * one.probability,
        "ml_confidence": one.confidence,
        "classification": one.tier.value,
        "source": one.source,
        "reason": reason,
    }
