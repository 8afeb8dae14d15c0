"""The first answer of the team to a lead, as a part of a query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, and_, literal, or_, select, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import FromClause

from core.leads import Direction, InteractionKind
from core.store.logged import is_logged
from core.store.schema import interactions, lead_latest

AUTOMATIC: Final = timedelta(minutes=5)  # a message of ours that follows the lead's so soon is taken for automatic
BROWSING: Final = (InteractionKind.PROPERTY_VIEW.value, InteractionKind.PROPERTY_SAVE.value)
_CALL, _NOTE = InteractionKind.CALL.value, InteractionKind.NOTE.value
_MICROSECOND: Final = timedelta(microseconds=1)


def first_answer(dialect: str, *, by_a_person: bool = True) -> ScalarSelect[Any]:
    """When the team first wrote to or called the lead of ``lead_latest`` after its arrival, NULL while nobody has.

    ``by_a_person``: only what ``by_person`` takes for a person's.
    """
    row, touch = lead_latest.c, interactions.c
    after_arrival = or_(row.created_at.is_(None), touch.occurred_at >= row.created_at)
    where = [touch.lead_id == row.lead_id, is_ours(interactions), after_arrival]
    if by_a_person:
        where.append(by_person(dialect))
    query = select(touch.occurred_at).where(*where).order_by(touch.occurred_at).limit(1)
    return query.correlate(lead_latest).scalar_subquery()


def is_ours(table: FromClause) -> ColumnElement[bool]:
    """Whether a touch is a call or message of the team."""
    return and_(table.c.direction == Direction.OUTBOUND.value, table.c.kind != _NOTE)


def by_person(dialect: str, arrived: ColumnElement[Any] = lead_latest.c.created_at) -> ColumnElement[bool]:
    """Whether a touch of ours to a lead that came in at ``arrived`` was a person's: the one rule of all figures.

    Calls are a person's, and what a person logged. Of other messages the record does not say who wrote: they are,
    unless they follow the lead's arrival or the lead's own words within five minutes, as a bot's do.
    """
    touch, said = interactions.c, aliased(interactions)
    earliest = moved(touch.occurred_at, -AUTOMATIC, dialect)
    just_said = select(said.c.lead_id).where(
        said.c.lead_id == touch.lead_id,
        said.c.occurred_at > earliest,
        said.c.occurred_at <= touch.occurred_at,
        said.c.direction == Direction.INBOUND.value,
        said.c.kind.not_in(BROWSING),
    )
    late_enough = or_(arrived.is_(None), earliest >= arrived)
    certain = or_(touch.kind == _CALL, is_logged(interactions))
    return or_(certain, and_(late_enough, ~just_said.correlate(interactions).exists()))


def moved(moment: ColumnElement[Any], by: timedelta, dialect: str) -> ColumnElement[Any]:
    """A moment so much later, as it lies in the database."""
    if dialect == "postgresql":
        return moment + literal(by)
    return type_coerce(moment, BigInteger) + by // _MICROSECOND
