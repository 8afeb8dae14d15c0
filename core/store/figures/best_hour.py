"""What the team sent in each hour to whom and how often an answer came, counted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from core.analytics.stage_ways import grouped
from core.leads import Direction, InteractionKind
from core.store.browse import conditions_of
from core.store.connect import Database
from core.store.figures.first_answer import AUTOMATIC, BROWSING, moved
from core.store.figures.milestones import days, in_columns
from core.store.filters import LeadFilter
from core.store.logged import is_logged
from core.store.schema import interactions, lead_latest

ANSWER_WITHIN: Final = timedelta(hours=24)
ONE_TRY: Final = timedelta(hours=1)
# The longest of these that holds no more touches than can be gone through while somebody waits.
SPANS_DAYS: Final = (365, 270, 180, 120, 90, 60, 45, 30, 20, 14, 7)
MOST_TOUCHES: Final = 200_000
_CALL = InteractionKind.CALL.value
_OURS, _THEIRS = Direction.OUTBOUND.value, Direction.INBOUND.value


@dataclass(frozen=True, slots=True)
class HourOfTries:
    """Tries of the team in one hour (whole hours since 1970, UTC), with or without a ``call``, and those answered."""

    hour: int
    call: bool
    tries: int
    answered: int


@dataclass(frozen=True, slots=True, eq=False)
class Tries:
    """The tries of the last ``days``, those of the last 24 hours aside.

    ``lead``, ``hour`` and ``call``, shape (n,), say which lead (a place in ``lead_ids``) was tried in which hour.
    """

    days: int
    hours: tuple[HourOfTries, ...]
    lead_ids: tuple[str, ...]
    lead: NDArray[np.int64]
    hour: NDArray[np.int64]
    call: NDArray[np.bool_]


def tries_by_hour(database: Database, wanted: LeadFilter, now: datetime, most: int = MOST_TOUCHES) -> Tries:
    """The tries of the last year, or of a shorter span that holds at most ``most`` touches. Raises StoreUnavailable.

    A try is a call or message of a person (``core.store.figures.first_answer``); of several within an hour without an
    answer between them the last one counts. It is answered when the next touch is the lead's own within 24 hours, so
    that an answer counts once.
    """
    with database.read() as connection:
        span = next((days for days in SPANS_DAYS if _few_enough(connection, now, days, most)), SPANS_DAYS[-1])
        query = _counted(wanted, now, span, connection.dialect.name)
        (lead_ids,), columns = in_columns(connection, query, 1)
    hour, call, tries, answered = (column.astype(np.int64) for column in columns)
    (kinds, place), leads = np.unique(2 * hour + call, return_inverse=True), grouped(lead_ids)
    sums = (np.bincount(place, counted, len(kinds)).astype(np.int64).tolist() for counted in (tries, answered))
    hours = (HourOfTries(kind // 2, bool(kind % 2), n, k) for kind, n, k in zip(kinds.tolist(), *sums, strict=True))
    names = tuple(name or "" for name in leads.names)
    return Tries(span, tuple(hours), names, leads.code, hour, call.astype(bool))


def _few_enough(connection: Connection, now: datetime, span: int, most: int) -> bool:
    since = interactions.c.occurred_at >= now - timedelta(days=span)
    some = select(interactions.c.lead_id).where(since).limit(most + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one()) <= most


def _counted(wanted: LeadFilter, now: datetime, span: int, dialect: str) -> Select[Any]:
    one, row = _touches(now - timedelta(days=span)).subquery().c, lead_latest.c
    long_ago = moved(one.sent, -AUTOMATIC, dialect)
    just_called = and_(one.called > moved(one.sent, -ONE_TRY, dialect), or_(one.said.is_(None), one.called > one.said))
    called = or_(one.kind == _CALL, just_called)
    a_person = or_(
        called,
        one.logged,
        and_(or_(one.said.is_(None), one.said <= long_ago), or_(row.created_at.is_(None), row.created_at <= long_ago)),
    )
    followed = and_(one.next_direction == _OURS, one.next_at <= moved(one.sent, ONE_TRY, dialect))
    answered = and_(one.next_direction == _THEIRS, one.next_at <= moved(one.sent, ANSWER_WITHIN, dialect))
    hour = func.floor(days(one.sent, dialect) * 24.0 + 1e-7)
    call = case((called, 1), else_=0)
    return (
        select(one.lead_id, hour, call, func.count(), func.sum(case((answered, 1), else_=0)))
        .join(lead_latest, row.lead_id == one.lead_id)
        .where(one.direction == _OURS, one.sent <= now - ANSWER_WITHIN, or_(one.next_at.is_(None), ~followed), a_person)
        .where(*conditions_of(wanted, now, dialect))
        .group_by(one.lead_id, hour, call)
    )


def _touches(since: datetime) -> Select[Any]:
    """Every touch with the one after it, the lead's last words and our last call before; one frame, so one pass."""
    touch = interactions.c

    def over(value: Any) -> Any:
        return value.over(partition_by=touch.lead_id, order_by=(touch.occurred_at, touch.digest), rows=(None, -1))

    return select(
        touch.lead_id,
        touch.occurred_at.label("sent"),
        touch.kind,
        touch.direction,
        is_logged(interactions).label("logged"),
        over(func.lead(touch.direction)).label("next_direction"),
        over(func.lead(touch.occurred_at)).label("next_at"),
        over(func.max(case((touch.direction == _THEIRS, touch.occurred_at)))).label("said"),
        over(func.max(case((_is_call(), touch.occurred_at)))).label("called"),
    ).where(touch.occurred_at >= since, touch.kind.not_in((*BROWSING, InteractionKind.NOTE.value)))


def _is_call() -> ColumnElement[bool]:
    return and_(interactions.c.direction == _OURS, interactions.c.kind == _CALL)
