"""What arrived when, from where and how good, and how soon it was answered: summed by the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, case, exists, func, literal, select, text

from core.leads import BAND_EDGES_USD
from core.store.browse import conditions_of
from core.store.connect import Database
from core.store.figures.ends import DECIDED, has_signed
from core.store.figures.first_answer import first_answer
from core.store.figures.milestones import days
from core.store.filters import LeadFilter
from core.store.schema import OURS, interactions, lead_latest, scores

LOW_PROBABILITY: Final = 0.01
TOUCH_DAYS: Final = 14.0


@dataclass(frozen=True, slots=True)
class DayOfSource:
    """Leads of one source that arrived on one day (days since 1970, UTC), by their first score.

    ``low`` were scored below 0.01; ``signed`` have reached a contract by now.
    """

    source: str | None
    day: int
    leads: int
    scored: int
    probability_sum: float
    low: int
    signed: int


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """When a lead arrived and when the team first answered, in days since 1970; None while nobody has."""

    agent: str | None
    arrived: float
    answered: float | None


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Decided leads of one source, area and price band, how many of them signed, and what we sent them at first.

    ``band`` counts the edges of ``BAND_EDGES_USD`` that the price reaches, None without a price; ``touches`` are ours
    of the first 14 days.
    """

    source: str | None
    area: str | None
    band: int | None
    decided: int
    signed: int
    touches: int


def arrivals_by_day(database: Database, wanted: LeadFilter, now: datetime) -> list[DayOfSource]:
    """A row for each source and day, by source and day. Raises StoreUnavailable."""
    with database.read() as connection:
        dialect = connection.dialect.name
        row = lead_latest.c
        first = select(scores.c.lead_id, func.min(scores.c.score_id).label("score_id")).group_by(scores.c.lead_id)
        firsts = first.subquery()
        day = func.floor(days(row.created_at, dialect)).label("day")
        query = (
            select(
                row.source,
                day,
                func.count(),
                func.count(scores.c.probability),
                func.coalesce(func.sum(scores.c.probability), 0.0),
                func.sum(case((scores.c.probability < LOW_PROBABILITY, 1), else_=0)),
                func.sum(case((has_signed(), 1), else_=0)),
            )
            .select_from(lead_latest)
            .outerjoin(firsts, firsts.c.lead_id == row.lead_id)
            .outerjoin(scores, scores.c.score_id == firsts.c.score_id)
            .where(row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
            .group_by(row.source, day)
            .order_by(row.source, day)
        )
        return [
            DayOfSource(source, int(on), int(n), int(scored), float(total), int(low), int(signed))
            for source, on, n, scored, total, low, signed in connection.execute(query)
        ]


def first_days(database: Database, wanted: LeadFilter, now: datetime) -> dict[str | None, int]:
    """The day (since 1970, UTC) on which the first lead of each source arrived. Raises StoreUnavailable."""
    row = lead_latest.c
    with database.read() as connection:
        dialect = connection.dialect.name
        first = func.floor(days(func.min(row.created_at), dialect))
        where = (row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
        query = select(row.source, first).where(*where).group_by(row.source)
        return {source: int(day) for source, day in connection.execute(query)}


def arrived_ids(database: Database, wanted: LeadFilter, now: datetime, *, scored: bool = False) -> tuple[str, ...]:
    """The leads whose arrival was told, with ``scored`` only those with a score. Raises StoreUnavailable."""
    row = lead_latest.c
    with database.read() as connection:
        conditions = conditions_of(wanted, now, connection.dialect.name)
        query = select(row.lead_id).where(row.created_at.is_not(None), *conditions)
        if scored:
            query = query.where(exists().where(scores.c.lead_id == row.lead_id))
        return tuple(connection.execute(query).scalars())


def first_answers(database: Database, wanted: LeadFilter, since: datetime, now: datetime) -> list[FirstAnswer]:
    """The leads that arrived at or after ``since``, each with the team's first answer. Raises StoreUnavailable.

    ``core.store.figures.first_answer`` says what counts as one.
    """
    with database.read() as connection:
        dialect = connection.dialect.name
        row = lead_latest.c
        query = select(row.agent, days(row.created_at, dialect), days(first_answer(dialect), dialect)).where(
            row.created_at >= since, *conditions_of(wanted, now, dialect)
        )
        return [FirstAnswer(*values) for values in _rows(connection, query)]


def decided_groups(database: Database, wanted: LeadFilter, now: datetime) -> list[GroupCounts]:
    """Decided leads by source, area and price band. Raises StoreUnavailable."""
    with database.read() as connection:
        dialect = connection.dialect.name
        row, touch = lead_latest.c, interactions.c
        band = price_band()
        keys = (row.source, row.area, band)
        decided = row.stage.in_(DECIDED)
        where = (decided, row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
        counts = select(*keys, func.count(), func.sum(case((has_signed(), 1), else_=0)))
        totals = _rows(connection, counts.where(*where).group_by(*keys))
        early = days(touch.occurred_at, dialect) < days(row.created_at, dialect) + TOUCH_DAYS
        sent = (
            select(*keys, func.count())
            .select_from(lead_latest)
            .join(interactions, touch.lead_id == row.lead_id)
            .where(text(OURS), early, *where)
            .group_by(*keys)
        )
        touches = {tuple(values[:3]): int(values[3]) for values in _rows(connection, sent)}
    return [
        GroupCounts(source, area, place, int(n), int(signed), touches.get((source, area, place), 0))
        for source, area, place, n, signed in totals
    ]


def price_band() -> Any:
    """How many of ``BAND_EDGES_USD`` the price of a listed lead reaches; NULL without a price."""
    price = lead_latest.c.sale_price_usd
    return case(
        (price.is_(None), None),
        *((price < literal(edge, price.type), n) for n, edge in enumerate(_edges())),
        else_=len(BAND_EDGES_USD),
    )


def _edges() -> Sequence[Decimal]:
    return [Decimal(edge) for edge in BAND_EDGES_USD]


def _rows(connection: Connection, query: Any) -> list[tuple[Any, ...]]:
    cursor = connection.execute(query).cursor
    return [tuple(values) for values in cursor.fetchall()] if cursor is not None else []
