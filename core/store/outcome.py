"""Outcomes: what became of leads, many in one go, and taken back one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from core.errors import NotFound
from core.leads import Outcome, Stage, utc_now
from core.store import events
from core.store.rows import OutboxEvent
from core.store.schema import lead_latest, leads, outcomes
from core.store.write import add_events, chunks, next_version

_Key = tuple[str, datetime, str]
_FURTHER: Final = ("sale_price_usd", "reason")
_ORDER: Final = {stage.value: place for place, stage in enumerate(Stage)}
_GENERATED: Final = Stage.GENERATED.value
_IDS: Final[BindParameter[Any]] = bindparam("ids", expanding=True)
_PEOPLE: Final = select(leads.c.lead_id, leads.c.name, leads.c.stage, leads.c.stage_at).where(leads.c.lead_id.in_(_IDS))
_KNOWN: Final = select(outcomes).where(outcomes.c.lead_id.in_(_IDS))
_CLOSED: Final = select(outcomes.c.lead_id, outcomes.c.occurred_at).where(
    outcomes.c.lead_id.in_(_IDS), outcomes.c.stage == Stage.CLOSED.value
)
_ONE_SALE: Final = timedelta(days=1)
_COMPLETE: Final = (
    update(outcomes)
    .where(outcomes.c.outcome_id == bindparam("known_id"))
    .values(sale_price_usd=bindparam("sale_price_usd"), reason=bindparam("reason"))
)
_MOVE: Final = (
    update(leads)
    .where(leads.c.lead_id == bindparam("known_id"))
    .values(stage=bindparam("stage"), stage_at=bindparam("stage_at"))
)
_LIST: Final = (
    update(lead_latest)
    .where(lead_latest.c.lead_id == bindparam("known_id"))
    .values(stage=bindparam("stage"), stage_at=bindparam("stage_at"))
)


def add_outcomes(connection: Connection, told: Sequence[Outcome], actor: str | None) -> list[OutboxEvent]:
    """Record that leads reached stages; a lead's stage is then that of its latest outcome. Raises NotFound.

    The same stage at the same moment again only adds a price or a reason that differs, and moves no stage. Returns what
    the feed is told: an event for each that told something new; what told nothing new changes nothing.
    """
    news: list[OutboxEvent] = []
    for chunk in chunks(told):
        ids = sorted({outcome.lead_id for outcome in chunk})
        people = {row["lead_id"]: dict(row) for row in connection.execute(_PEOPLE, {"ids": ids}).mappings()}
        for lead_id in ids:
            if lead_id not in people:
                raise NotFound(f"there is no lead {lead_id!r}; look it up in the list of leads")
        new, completed = _store(connection, chunk, actor, ids)
        _move(connection, new, people)
        names = {lead_id: row["name"] for lead_id, row in people.items()}
        told_new = [events.outcome_recorded(outcome, names[outcome.lead_id]) for outcome in (*new, *completed)]
        news += add_events(connection, told_new)
    if news:
        next_version(connection)
    return news


def add_closings(connection: Connection, told: Sequence[Outcome], actor: str | None) -> list[OutboxEvent]:
    """``add_outcomes`` of closings of which a file tells the day: one within a day of a recorded one is that one.

    By hand and by a CRM's events a sale has an hour, and a file's midnight moves with the zone that it is read in.
    """
    recorded: dict[str, list[datetime]] = {}
    for chunk in chunks(told):
        for lead_id, at in connection.execute(_CLOSED, {"ids": [outcome.lead_id for outcome in chunk]}):
            recorded.setdefault(lead_id, []).append(at)
    return add_outcomes(connection, [_as_recorded(outcome, recorded) for outcome in told], actor)


def _as_recorded(told: Outcome, recorded: dict[str, list[datetime]]) -> Outcome:
    at = min(recorded.get(told.lead_id, ()), key=lambda moment: abs(moment - told.occurred_at), default=None)
    if at is None or abs(at - told.occurred_at) > _ONE_SALE:
        return told
    return told.model_copy(update={"occurred_at": at})


def _store(
    connection: Connection, told: Sequence[Outcome], actor: str | None, ids: list[str]
) -> tuple[list[Outcome], list[Outcome]]:
    """Write what is new; return the outcomes that were not known, and those that completed a known one."""
    now = utc_now()
    rows: dict[_Key, dict[str, Any]] = {
        (row["lead_id"], row["occurred_at"], row["stage"]): dict(row)
        for row in connection.execute(_KNOWN, {"ids": ids}).mappings()
    }
    touched: dict[_Key, dict[str, Any]] = {}
    fresh: list[Outcome] = []
    completed: list[Outcome] = []
    for outcome in told:
        key = (outcome.lead_id, outcome.occurred_at, outcome.stage.value)
        known = rows.get(key)
        row = rows.setdefault(key, _new_row(outcome, actor, now))
        further = {name: value for name in _FURTHER if (value := getattr(outcome, name)) not in (None, row[name])}
        row.update(further)
        if known is None:
            fresh.append(outcome)
        elif further:
            completed.append(outcome)
        else:
            continue
        touched[key] = row
    new = [row for row in touched.values() if "outcome_id" not in row]
    old = [
        {"known_id": row["outcome_id"], "sale_price_usd": row["sale_price_usd"], "reason": row["reason"]}
        for row in touched.values()
        if "outcome_id" in row
    ]
    if new:
        connection.execute(insert(outcomes), new)
    if old:
        connection.execute(_COMPLETE, old)
    return fresh, completed


def _new_row(outcome: Outcome, actor: str | None, now: datetime) -> dict[str, Any]:
    return {
        "lead_id": outcome.lead_id,
        "stage": outcome.stage.value,
        "occurred_at": outcome.occurred_at,
        "recorded_at": now,
        "actor": actor,
        "sale_price_usd": None,
        "reason": None,
    }


def _move(connection: Connection, told: Sequence[Outcome], people: dict[str, dict[str, Any]]) -> None:
    """Give each lead the stage of its latest outcome."""
    moved: dict[str, dict[str, Any]] = {}
    for outcome in told:
        person = people[outcome.lead_id]
        if person["stage_at"] is None or person["stage_at"] <= outcome.occurred_at:
            person.update(stage=outcome.stage.value, stage_at=outcome.occurred_at)
            moved[outcome.lead_id] = person
    if moved:
        stages = [
            {"known_id": lead_id, "stage": row["stage"], "stage_at": row["stage_at"]} for lead_id, row in moved.items()
        ]
        connection.execute(_MOVE, stages)
        connection.execute(_LIST, stages)


def take_back(connection: Connection, told: Outcome) -> bool:
    """Forget one recorded outcome; its lead then stands where the latest of the others left it. False: there is none.

    Lead, stage and moment say which.
    """
    of_lead = outcomes.c.lead_id == told.lead_id
    this = (outcomes.c.occurred_at == told.occurred_at) & (outcomes.c.stage == told.stage.value)
    if not connection.execute(delete(outcomes).where(of_lead, this)).rowcount:
        return False
    latest = (outcomes.c.occurred_at.desc(), outcomes.c.outcome_id.desc())  # of one moment the last that was told
    last = select(outcomes.c.occurred_at, outcomes.c.stage).where(of_lead).order_by(*latest).limit(1)
    stand(connection, told.lead_id, ((at, stage) for at, stage in connection.execute(last)))
    next_version(connection)
    return True


def stand(connection: Connection, lead_id: str, reached: Iterable[tuple[datetime, str]]) -> None:
    """Give a lead the latest stage that it ``reached``, else the one that an import told, else generated."""
    last = max(reached, key=lambda key: (key[0], _ORDER[key[1]]), default=None)
    if last is None:
        stage = connection.execute(select(leads.c.stage_told).where(leads.c.lead_id == lead_id)).scalar()
        at = None
    else:
        at, stage = last
    connection.execute(update(leads).where(leads.c.lead_id == lead_id).values(stage=stage, stage_at=at))
    since = lead_latest.c.created_at if stage in (None, _GENERATED) else None
    listed: Any = {"stage": stage or _GENERATED, "stage_at": at or since}
    connection.execute(update(lead_latest).where(lead_latest.c.lead_id == lead_id).values(**listed))


def outcomes_of(connection: Connection, lead_id: str) -> list[Outcome]:
    """What is recorded of a lead, oldest first."""
    query = select(outcomes).where(outcomes.c.lead_id == lead_id)
    ordered = query.order_by(outcomes.c.occurred_at, outcomes.c.outcome_id)
    return [
        Outcome.model_construct(
            lead_id=row["lead_id"],
            stage=Stage(row["stage"]),
            occurred_at=row["occurred_at"],
            sale_price_usd=row["sale_price_usd"],
            reason=row["reason"],
        )
        for row in connection.execute(ordered).mappings()
    ]
