"""From waiting to answered: every step is one transaction, and a call is paid for in the books before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, func, or_, select, update

from core.store import events
from core.store.columns import to_json
from core.store.opinions import spending
from core.store.opinions.read import WITH_SCORE
from core.store.opinions.rows import MAKING, REQUESTED, Limits, Reservation, Result, Status, Waiting
from core.store.opinions.schema import opinions
from core.store.write import add_events

LOST: Final = "The server stopped while Claude was being asked, so the answer is lost. Ask again if it still matters."
TOO_OLD: Final = "Waited for 30 days without being asked."
PATIENCE: Final = timedelta(days=30)
HANDING_IN: Final = timedelta(minutes=15)


def waiting(connection: Connection, now: datetime, most: int) -> list[Waiting]:
    """Whose turn it is: what a person asked for, then the newest."""
    query = select(opinions).where(
        opinions.c.status == Status.WAITING.value, or_(opinions.c.not_before.is_(None), opinions.c.not_before <= now)
    )
    first = (opinions.c.asked_because != REQUESTED, opinions.c.queued_at.desc(), opinions.c.opinion_id.desc())
    rows = connection.execute(query.order_by(*first).limit(most))
    return [Waiting(row.opinion_id, row.lead_id, row.score_id, row.asked_because, row.tries) for row in rows]


def waiting_one(connection: Connection, opinion_id: int) -> Waiting | None:
    """One escalation, if it waits."""
    query = select(opinions).where(opinions.c.opinion_id == opinion_id, opinions.c.status == Status.WAITING.value)
    row = connection.execute(query).first()
    return None if row is None else Waiting(row.opinion_id, row.lead_id, row.score_id, row.asked_because, row.tries)


def reserve(
    connection: Connection,
    row: Waiting,
    micro_usd: int,
    limits: Limits,
    now: datetime,
    batch_id: str | None = None,
) -> Reservation:
    """Take an escalation and set its worst cost aside, both or neither."""
    today = now.astimezone(UTC).date()
    answer = spending.fits(connection, today, micro_usd, limits)
    if answer is not Reservation.RESERVED:
        return answer
    mine = (
        update(opinions)
        .where(
            opinions.c.opinion_id == row.opinion_id,
            opinions.c.status == Status.WAITING.value,
            opinions.c.score_id == row.score_id,
        )
        .values(
            status=Status.ASKED.value,
            asked_at=now,
            tries=opinions.c.tries + 1,
            reserved_micro_usd=micro_usd,
            batch_id=batch_id,
        )
    )
    if not connection.execute(mine).rowcount:
        return Reservation.TAKEN
    spending.book(connection, today, micro_usd, calls=1)
    return Reservation.RESERVED


def settle(connection: Connection, opinion_id: int, result: Result, now: datetime) -> bool:
    """Keep what came of asking and book what it cost; False when the row is not in Claude's hands any more."""
    row = _in_hand(connection, opinion_id)
    if row is None:
        return False
    _book_difference(connection, row, result.cost_micro_usd)
    told = {name: getattr(result, name) for name in Result.__slots__}
    told |= {
        "status": result.status.value,
        "answer": None if result.answer is None else to_json(result.answer),
        "cost_micro_usd": _so_far(row) + result.cost_micro_usd,
        "answered_at": now,
    }
    connection.execute(update(opinions).where(opinions.c.opinion_id == opinion_id).values(told))
    _tell(connection, [opinion_id], now)
    return True


def put_back(
    connection: Connection, opinion_id: int, result: Result, not_before: datetime, *, is_try: bool = True
) -> bool:
    """Let it wait again until ``not_before``, with what the try cost booked; False when it is not in Claude's hands.

    What never reached Claude ``is_try`` of nothing: the question keeps all its tries.
    """
    row = _in_hand(connection, opinion_id)
    if row is None:
        return False
    _book_difference(connection, row, result.cost_micro_usd)
    told = {
        "status": Status.WAITING.value,
        "tries": row.tries if is_try else row.tries - 1,
        "not_before": not_before,
        "error": result.error,
        "cost_micro_usd": _so_far(row) + result.cost_micro_usd,
        "reserved_micro_usd": None,
        "batch_id": None,
    }
    connection.execute(update(opinions).where(opinions.c.opinion_id == opinion_id).values(told))
    return True


def sweep(connection: Connection, now: datetime, lease: timedelta, batch_lease: timedelta) -> int:
    """Explain what was in Claude's hands when its process died, and what has waited too long; returns how many.

    It is not asked again by itself: the call may have been answered, and paid for. So its whole reservation counts as
    spent.
    """
    ended = _ids(connection, _lost(now, lease, batch_lease))
    stale = _ids(connection, (opinions.c.status == Status.WAITING.value) & (opinions.c.queued_at < now - PATIENCE))
    if ended:
        lost = {"status": Status.FAILED.value, "error": LOST, "answered_at": now}
        spent = opinions.c.reserved_micro_usd + func.coalesce(opinions.c.cost_micro_usd, 0)
        these = update(opinions).where(opinions.c.opinion_id.in_(ended))
        connection.execute(these.values(**lost, cost_micro_usd=spent))
        _tell(connection, ended, now)
    if stale:
        old = {"status": Status.EXPIRED.value, "error": TOO_OLD, "answered_at": now}
        connection.execute(update(opinions).where(opinions.c.opinion_id.in_(stale)).values(old))
    return len(ended) + len(stale)


def has_stale(connection: Connection, now: datetime, lease: timedelta, batch_lease: timedelta) -> bool:
    """Whether ``sweep`` has anything to do."""
    old = (opinions.c.status == Status.WAITING.value) & (opinions.c.queued_at < now - PATIENCE)
    query = select(opinions.c.opinion_id).where(or_(_lost(now, lease, batch_lease), old)).limit(1)
    return connection.execute(query).first() is not None


def decide(connection: Connection, opinion_id: int, decision: str, by: str, now: datetime) -> bool:
    """A person decided; False when it is in Claude's hands, or was decided already."""
    closed = (Status.ASKED.value, Status.DECIDED.value, Status.EXPIRED.value)
    open_one = (opinions.c.opinion_id == opinion_id, opinions.c.status.not_in(closed), opinions.c.decided_at.is_(None))
    this = update(opinions).where(*open_one)
    told = {"decision": decision, "decided_by": by, "decided_at": now}
    is_answered = (
        connection.execute(select(opinions.c.status).where(opinions.c.opinion_id == opinion_id)).scalar()
        == Status.ANSWERED.value
    )
    status = {} if is_answered else {"status": Status.DECIDED.value}
    return bool(connection.execute(this.values({**told, **status})).rowcount)


def name_batch(connection: Connection, old: str, batch_id: str) -> None:
    """The batch that was being made has got its name."""
    connection.execute(update(opinions).where(opinions.c.batch_id == old).values(batch_id=batch_id))


def batches(connection: Connection) -> list[str]:
    """The batches whose answers are still to come."""
    query = select(opinions.c.batch_id).where(opinions.c.status == Status.ASKED.value, opinions.c.batch_id.is_not(None))
    return [name for (name,) in connection.execute(query.distinct())]


def in_batch(connection: Connection, batch_id: str) -> dict[str, int]:
    """The escalations of a batch that are not answered, by lead."""
    query = select(opinions.c.lead_id, opinions.c.opinion_id)
    rows = connection.execute(query.where(opinions.c.batch_id == batch_id, opinions.c.status == Status.ASKED.value))
    return {row.lead_id: row.opinion_id for row in rows}


def _lost(now: datetime, lease: timedelta, batch_lease: timedelta) -> Any:
    asked_at, batch_id = opinions.c.asked_at, opinions.c.batch_id
    single = batch_id.is_(None) & (asked_at < now - lease)
    unnamed = batch_id.startswith(MAKING, autoescape=True) & (asked_at < now - HANDING_IN)
    return (opinions.c.status == Status.ASKED.value) & or_(single, unnamed, asked_at < now - batch_lease)


def _ids(connection: Connection, which: Any) -> list[int]:
    return list(connection.execute(select(opinions.c.opinion_id).where(which).limit(500)).scalars())


def _in_hand(connection: Connection, opinion_id: int) -> Row[Any] | None:
    query = select(opinions).where(opinions.c.opinion_id == opinion_id, opinions.c.status == Status.ASKED.value)
    return connection.execute(query).first()


def _so_far(row: Row[Any]) -> int:
    return int(row.cost_micro_usd or 0)


def _book_difference(connection: Connection, row: Row[Any], cost_micro_usd: int) -> None:
    """What the call cost stands in the books of the day on which it was asked, in place of what was set aside."""
    spending.book(connection, row.asked_at.astimezone(UTC).date(), cost_micro_usd - (row.reserved_micro_usd or 0))


def _tell(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    rows = connection.execute(WITH_SCORE.where(opinions.c.opinion_id.in_(ids)))
    add_events(connection, [_event(row, at) for row in rows])


def _event(row: Row[Any], at: datetime) -> dict[str, Any]:
    return {
        "event_type": "opinion_received",
        "timestamp": events.wire_time(at),
        "lead_id": row.lead_id,
        "lead_name": row.name,
        "ml_score": 100.0 * row.probability,
        "ml_confidence": row.confidence,
        "classification": row.tier,
        "status": row.status,
        "probability_low": row.low,
        "probability_high": row.high,
        "reason": row.asked_because,
        "simulated": row.simulated,
    }
