"""What closed, how long it took, and why the expected commission is another one than a while ago."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    and_,
    case,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
    union_all,
)

from core.analytics.bridge import Moved
from core.analytics.closing_month import UsualWait
from core.leads import OPEN_STAGES, Side, Stage, utc_now
from core.store.browse import conditions_of
from core.store.columns import from_cents
from core.store.connect import Database
from core.store.figures.pipeline import MILLION, Rates, chance_ppm, counted_ppm, expected_cents, gci_cents
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, outcomes, scores

_OPEN: Final = [stage.value for stage in OPEN_STAGES]
_KEPT: Final = "kept"  # open in the same stage then and now: chance or price may be another
_MICROS_A_DAY: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class ClosedLead:
    """A lead that closed, once, at its last closing; ``price_usd`` is None where nobody told it."""

    lead_id: str
    agent: str | None
    source: str | None
    side: Side
    closed_at: datetime
    price_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class MovedLead:
    """What one lead's expected commission was, and is."""

    lead_id: str
    name: str | None
    agent: str | None
    stage_before: Stage | None
    stage: Stage
    before_usd: Decimal
    after_usd: Decimal
    change_usd: Decimal


class PipelinePast:
    """Reads closings and the state of an earlier moment. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def usual_waits(self) -> dict[Stage, UsualWait]:
        """From each open stage: the median time to the closing, of the leads that closed."""
        with self._database.read() as connection:
            took = _times_to_closing(connection.dialect.name).subquery()
            place = func.row_number().over(partition_by=took.c.stage, order_by=took.c.took)
            placed = select(
                took.c.stage,
                took.c.took,
                place.label("place"),
                func.count().over(partition_by=took.c.stage).label("n"),
            ).subquery()
            middle = or_(placed.c.place * 2 == placed.c.n, placed.c.place * 2 == placed.c.n + 1)
            upper = placed.c.place * 2 == placed.c.n + 2
            query = select(placed.c.stage, func.avg(placed.c.took), func.max(placed.c.n)).where(or_(middle, upper))
            rows = connection.execute(query.group_by(placed.c.stage))
            return {Stage(stage): UsualWait(float(took) / _MICROS_A_DAY, n) for stage, took, n in rows}

    def closings(self, since: datetime) -> list[ClosedLead]:
        """The leads whose last closing is at or after ``since``, oldest first."""
        closed = (
            select(
                outcomes.c.lead_id,
                func.max(outcomes.c.occurred_at).label("closed_at"),
                func.max(outcomes.c.sale_price_usd).label("price"),
            )
            .where(outcomes.c.stage == Stage.CLOSED.value)
            .group_by(outcomes.c.lead_id)
            .having(func.max(outcomes.c.occurred_at) >= since)
            .subquery()
        )
        row = lead_latest.c
        query = (
            select(row.lead_id, row.agent, row.source, row.side, closed.c.closed_at, closed.c.price)
            .join(closed, closed.c.lead_id == row.lead_id)
            .order_by(closed.c.closed_at, row.lead_id)
        )
        with self._database.read() as connection:
            return [
                ClosedLead(found.lead_id, found.agent, found.source, Side(found.side), found.closed_at, found.price)
                for found in connection.execute(query)
            ]

    def undated_closings(self) -> int:
        """How many leads stand at closed, as a file said, while nobody told when they closed."""
        row, told = lead_latest.c, outcomes.c
        dated = exists().where(told.lead_id == row.lead_id, told.stage == Stage.CLOSED.value)
        query = select(func.count()).select_from(lead_latest).where(row.stage == Stage.CLOSED.value, ~dated)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def changes(self, wanted: LeadFilter, rates: Rates, then: datetime) -> dict[Moved, tuple[int, Decimal]]:
        """By reason: how many leads changed since ``then``, and by how much their expected commission did in all."""
        with self._database.read() as connection:
            moved = _moved(wanted, rates, then, connection.dialect.name)
            query = select(
                moved.c.kind,
                func.count(),
                func.sum(moved.c.change),
                func.sum(case((moved.c.scored != 0, 1), else_=0)),
                func.sum(moved.c.scored),
                func.sum(case((moved.c.priced != 0, 1), else_=0)),
                func.sum(moved.c.priced),
            ).group_by(moved.c.kind)
            found: dict[Moved, tuple[int, Decimal]] = {}
            for kind, leads, change, scored_leads, scored, priced_leads, priced in connection.execute(query):
                if kind == _KEPT:
                    found[Moved.SCORED] = (int(scored_leads), from_cents(int(scored)))
                    found[Moved.PRICED] = (int(priced_leads), from_cents(int(priced)))
                else:
                    found[Moved(kind)] = (leads, from_cents(int(change)))
        return found

    def moved(self, wanted: LeadFilter, rates: Rates, then: datetime, why: Moved, most: int) -> list[MovedLead]:
        """The leads that changed most for one reason."""
        with self._database.read() as connection:
            lead = _moved(wanted, rates, then, connection.dialect.name)
            change, for_it = _because(lead, why)
            inside = and_(for_it, change != 0)
            query = select(lead, change.label("by")).where(inside).order_by(func.abs(change).desc(), lead.c.lead_id)
            return [_moved_lead(row) for row in connection.execute(query.limit(most))]

    def moved_ids(self, wanted: LeadFilter, rates: Rates, then: datetime, why: Moved) -> tuple[str, ...]:
        """The ids of the leads that ``changes`` counts under one reason."""
        with self._database.read() as connection:
            lead = _moved(wanted, rates, then, connection.dialect.name)
            change, for_it = _because(lead, why)
            counted = and_(for_it, change != 0) if why in (Moved.SCORED, Moved.PRICED) else for_it
            return tuple(connection.execute(select(lead.c.lead_id).where(counted)).scalars())


def _because(lead: CTE, why: Moved) -> tuple[ColumnElement[int], ColumnElement[bool]]:
    """What a lead changed for one reason, and whether it is of those that may have."""
    parts = {Moved.SCORED: lead.c.scored, Moved.PRICED: lead.c.priced}
    return parts.get(why, lead.c.change), lead.c.kind == (_KEPT if why in parts else why.value)


def _times_to_closing(dialect: str) -> Select[Any]:
    """A row a closed lead and open stage that it went through: microseconds from the first day there to its closing."""
    closed = (
        select(outcomes.c.lead_id, func.max(outcomes.c.occurred_at).label("closed_at"))
        .where(outcomes.c.stage == Stage.CLOSED.value)
        .group_by(outcomes.c.lead_id)
        .cte("closed")
    )
    told = (
        select(outcomes.c.lead_id, outcomes.c.stage, outcomes.c.occurred_at.label("at"))
        .join(closed, closed.c.lead_id == outcomes.c.lead_id)
        .where(outcomes.c.stage.in_(_OPEN))
    )
    came = (
        select(lead_latest.c.lead_id, literal(Stage.GENERATED.value), lead_latest.c.created_at)
        .join(closed, closed.c.lead_id == lead_latest.c.lead_id)
        .where(lead_latest.c.created_at.is_not(None))
    )
    both = union_all(told, came).subquery()
    reached = (
        select(both.c.lead_id, both.c.stage, func.min(both.c.at).label("at"))
        .group_by(both.c.lead_id, both.c.stage)
        .subquery()
    )
    took = _micros_between(reached.c.at, closed.c.closed_at, dialect)
    return (
        select(reached.c.stage, took.label("took"))
        .join(closed, closed.c.lead_id == reached.c.lead_id)
        .where(reached.c.at <= closed.c.closed_at)
    )


def _micros_between(earlier: ColumnElement[Any], later: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    if dialect == "postgresql":
        span = type_coerce(later, DateTime) - type_coerce(earlier, DateTime)
        return extract("epoch", span) * MILLION
    return type_coerce(later, BigInteger) - type_coerce(earlier, BigInteger)


def _moved(wanted: LeadFilter, rates: Rates, then: datetime, dialect: str) -> CTE:
    """A row a lead that anything was told of since ``then``: why and by how many cents its expectation changed.

    A lead of which nothing was told since then has the same score and stage, so it changed nothing; but in contract it
    has waited longer.
    """
    row, was = lead_latest.c, scores.alias("was")
    touched = union(
        select(scores.c.lead_id).where(scores.c.scored_at >= then),
        select(outcomes.c.lead_id).where(outcomes.c.occurred_at >= then),
        select(lead_latest.c.lead_id).where(row.stage == Stage.CONTRACT.value, row.scored_at.is_not(None)),
    ).subquery()
    last = (
        select(scores.c.score_id)
        .where(scores.c.lead_id == row.lead_id, scores.c.scored_at < then)
        .order_by(scores.c.scored_at.desc(), scores.c.score_id.desc())
        .limit(1)
        .correlate(lead_latest)
        .scalar_subquery()
    )
    gci_before = func.coalesce(gci_cents(was.c.sale_price_usd, row.agent, row.side, rates), 0)
    gci_now = func.coalesce(gci_cents(row.sale_price_usd, row.agent, row.side, rates), 0)
    chance_now = func.coalesce(chance_ppm(rates), 0)
    stage_before = _stage_at(then)
    earlier = None if rates.in_contract is None else replace(rates.in_contract, at=then)
    before = expected_cents(gci_before, func.coalesce(counted_ppm(stage_before, was.c.closing_probability, earlier), 0))
    base = (
        select(
            row.lead_id, row.name, row.agent, row.stage,
            stage_before.label("stage_before"),
            was.c.score_id.is_not(None).label("known_before"),
            before.label("before"),
            expected_cents(gci_before, chance_now).label("between"),
            expected_cents(gci_now, chance_now).label("after"),
        )
        .select_from(lead_latest.join(touched, touched.c.lead_id == row.lead_id).outerjoin(was, was.c.score_id == last))
        .where(*conditions_of(wanted, utc_now(), dialect))
        .cte("base")
    )  # fmt: skip
    return _classified(base)


def _classified(base: CTE) -> CTE:
    one = base.c
    open_now = one.stage.in_(_OPEN)
    open_before = and_(one.known_before, one.stage_before.in_(_OPEN))
    kind = case(
        (and_(open_now, ~one.known_before), Moved.ARRIVED.value),
        (and_(open_now, ~open_before), Moved.REOPENED.value),
        (and_(open_now, one.stage != one.stage_before), Moved.STAGED.value),
        (open_now, _KEPT),
        (and_(open_before, one.stage == Stage.CLOSED.value), Moved.CLOSED.value),
        (open_before, Moved.LOST.value),
    )
    now = case((open_now, one.after), else_=0)
    earlier = case((open_before, one.before), else_=0)
    rows = select(
        one.lead_id, one.name, one.agent, one.stage,
        case((one.known_before, one.stage_before)).label("stage_before"),
        kind.label("kind"), earlier.label("before"), now.label("after"),
        (now - earlier).label("change"),
        (one.between - one.before).label("scored"),
        (one.after - one.between).label("priced"),
    ).cte("classified")  # fmt: skip
    return select(rows).where(rows.c.kind.is_not(None)).cte("moved")


def _stage_at(then: datetime) -> ColumnElement[str]:
    """Where the lead stood: by its last outcome before; generated when its outcomes begin later; else as now."""
    row = lead_latest.c
    last = (
        select(outcomes.c.stage)
        .where(outcomes.c.lead_id == row.lead_id, outcomes.c.occurred_at < then)
        .order_by(outcomes.c.occurred_at.desc(), outcomes.c.outcome_id.desc())
        .limit(1)
        .correlate(lead_latest)
        .scalar_subquery()
    )
    later = exists().where(outcomes.c.lead_id == row.lead_id).correlate(lead_latest)
    return func.coalesce(last, case((later, Stage.GENERATED.value), else_=row.stage))


def _moved_lead(row: Any) -> MovedLead:
    return MovedLead(
        row.lead_id, row.name, row.agent, None if row.stage_before is None else Stage(row.stage_before),
        Stage(row.stage), from_cents(row.before), from_cents(row.after), from_cents(row.by),
    )  # fmt: skip
