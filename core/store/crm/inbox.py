"""Events as they came: kept before they are acknowledged, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from core.store.columns import from_json, to_json
from core.store.crm.schema import crm_events
from core.store.prepared import insert_new


class EventState(StrEnum):
    """What became of an event."""

    WAITING = "waiting"
    DONE = "done"
    IGNORED = "ignored"  # of a type that means nothing for a lead
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CrmEvent:
    """One event; ``payload`` is there while it waits, and where it failed."""

    webhook_id: str
    event_type: str
    sent_at: datetime
    received_at: datetime
    state: EventState = EventState.WAITING
    reason: str | None = None
    payload: Mapping[str, Any] | None = None
    event_no: int = 0


@dataclass(frozen=True, slots=True)
class TypeCount:
    """How many events of a type came since a moment, and what became of them."""

    event_type: str
    state: EventState
    n: int
    last_at: datetime


def receive(connection: Connection, event: CrmEvent) -> bool:
    """Keep an event; False when its id is known."""
    row = {
        "webhook_id": event.webhook_id,
        "event_type": event.event_type,
        "state": event.state.value,
        "sent_at": event.sent_at,
        "received_at": event.received_at,
        "reason": event.reason,
        "payload": None if event.payload is None else to_json(dict(event.payload)),
    }
    return connection.execute(insert_new(connection.dialect.name, "crm_events"), row).rowcount > 0


def waiting(connection: Connection, most: int, only: int | None = None) -> list[CrmEvent]:
    """The oldest events that wait, or the one with the number ``only`` if it still does."""
    query = select(crm_events).where(crm_events.c.state == EventState.WAITING.value)
    if only is not None:
        query = query.where(crm_events.c.event_no == only)
    return [_event(row) for row in connection.execute(query.order_by(crm_events.c.event_no).limit(most))]


def finish(connection: Connection, numbers: list[int], state: EventState, reason: str | None = None) -> None:
    """Say what became of events. What they told is kept elsewhere by now; of a failed one the payload stays."""
    values: dict[str, Any] = {"state": state.value, "reason": reason}
    if state is not EventState.FAILED:
        values["payload"] = None
    connection.execute(update(crm_events).where(crm_events.c.event_no.in_(numbers)).values(**values))


def again(connection: Connection) -> int:
    """Let every failed event wait again; returns how many."""
    failed = (crm_events.c.state == EventState.FAILED.value) & crm_events.c.payload.is_not(None)
    values = {"state": EventState.WAITING.value, "reason": None}
    return connection.execute(update(crm_events).where(failed).values(values)).rowcount


def counts(connection: Connection, since: datetime) -> list[TypeCount]:
    """By type and state, the types with the most events first."""
    query = (
        select(crm_events.c.event_type, crm_events.c.state, func.count(), func.max(crm_events.c.received_at))
        .where(crm_events.c.received_at >= since)
        .group_by(crm_events.c.event_type, crm_events.c.state)
        .order_by(func.count().desc(), crm_events.c.event_type, crm_events.c.state)
    )
    return [TypeCount(name, EventState(state), int(n), last) for name, state, n, last in connection.execute(query)]


def failures(connection: Connection, most: int) -> list[CrmEvent]:
    """The newest events that could not be used, without their payload."""
    failed = select(crm_events).where(crm_events.c.state == EventState.FAILED.value)
    rows = connection.execute(failed.order_by(crm_events.c.event_no.desc()).limit(most))
    return [_event(row, with_payload=False) for row in rows]


def last(connection: Connection) -> CrmEvent | None:
    """The event that came last."""
    row = connection.execute(select(crm_events).order_by(crm_events.c.event_no.desc()).limit(1)).first()
    return None if row is None else _event(row, with_payload=False)


def forget(connection: Connection, before: datetime) -> int:
    """Delete events that came before a moment and wait for nothing; returns how many."""
    over = crm_events.c.state != EventState.WAITING.value
    return connection.execute(delete(crm_events).where(crm_events.c.received_at < before, over)).rowcount


def _event(row: Row[Any], *, with_payload: bool = True) -> CrmEvent:
    return CrmEvent(
        row.webhook_id,
        row.event_type,
        row.sent_at,
        row.received_at,
        EventState(row.state),
        row.reason,
        from_json(row.payload) if with_payload and row.payload else None,
        row.event_no,
    )
