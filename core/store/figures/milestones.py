"""Leads as columns of days for survival curves and forecasts; the database brings the outcomes of a lead together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Double,
    Select,
    case,
    cast,
    extract,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.types import BigInteger

from core.analytics.milestones import Milestones, Scores
from core.analytics.survival import Array
from core.leads import OPEN_STAGES, Stage
from core.leads.clock import in_days
from core.store.browse import conditions_of
from core.store.connect import Database
from core.store.figures.ends import lead_ends
from core.store.figures.pipeline import MILLION, Rates, rate_ppm
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, scores

_MICROS_A_DAY: Final = 86_400_000_000.0
_CHUNK: Final = 2_000
_OPEN: Final = tuple(stage.value for stage in OPEN_STAGES)


def read_milestones(
    database: Database, wanted: LeadFilter, now: datetime, every_score: bool = False, rates: Rates | None = None
) -> tuple[Milestones, Scores]:
    """The leads of a filter with their scores: the last one of each lead, or with ``every_score`` all of them.

    With ``rates`` every price is what the team earns of it: price x side rate of the lead's agent and side.
    A lead lost without a date never signed, so it counts, and as lost from ``now`` on: without those who were lost, all
    others would seem to sign. Left out are leads that nobody told the arrival of, that closed without a date, or that
    signed before they came in. Raises StoreUnavailable.
    """
    with database.read() as connection:
        return _read(connection, wanted, now, every_score, rates)


def read_contracts(database: Database) -> tuple[Array, Array, Array]:
    """Of every lead that signed: the days of contract, closing and loss, NaN where there was none.

    The same leads as in ``read_milestones``. Raises StoreUnavailable.
    """
    with database.read() as connection:
        ends, row = decided(connection.dialect.name), lead_latest.c
        query = (
            select(ends.c.contract, ends.c.closed, ends.c.lost)
            .join(lead_latest, row.lead_id == ends.c.lead_id)
            .where(ends.c.contract.is_not(None), row.created_at.is_not(None))
            .where(signed_here(ends.c.contract, row.created_at, connection.dialect.name))
            .where(row.stage.in_(_OPEN) | ends.c.closed.is_not(None) | ends.c.lost.is_not(None))
        )
        contract, closed, lost = in_columns(connection, query, 0)[1]
    return contract, closed, lost


def _read(
    connection: Connection, wanted: LeadFilter, now: datetime, every_score: bool, rates: Rates | None
) -> tuple[Milestones, Scores]:
    dialect = connection.dialect.name
    ends = decided(dialect)
    row = lead_latest.c
    lost_sometime = (row.stage == Stage.LOST.value) & ends.c.lead_id.is_(None)
    query = (
        select(
            row.lead_id,
            days(row.created_at, dialect),
            ends.c.contract,
            ends.c.closed,
            case((lost_sometime, in_days(now)), else_=ends.c.lost),
            ends.c.price,
            literal(MILLION) if rates is None else rate_ppm(row.agent, row.side, rates),
        )
        .outerjoin(ends, ends.c.lead_id == row.lead_id)
        .where(row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
        .where(row.stage.in_(_OPEN) | ends.c.closed.is_not(None) | ends.c.lost.is_not(None) | lost_sometime)
        .where(signed_here(ends.c.contract, row.created_at, dialect))
        .order_by(row.lead_id)
    )
    (ids,), columns = in_columns(connection, query if every_score else query.add_columns(*_last_score(dialect)), 1)
    earned = columns[5] / (100.0 * MILLION)  # US dollars of each cent of the price
    found = Milestones(columns[0], columns[1], columns[2], columns[3], columns[4] * earned)
    if every_score:
        return found, _every_score(connection, {lead_id: place for place, lead_id in enumerate(ids)}, earned)
    scored = np.flatnonzero(~np.isnan(columns[6]))
    at, probability, closing, price = (column[scored] for column in columns[6:])
    return found, Scores(scored, at, probability, closing, price * earned[scored])


def _last_score(dialect: str) -> tuple[ColumnElement[Any], ...]:
    row = lead_latest.c
    price = type_coerce(row.sale_price_usd, BigInteger)
    return days(row.scored_at, dialect), row.probability, row.closing_probability, price


def days(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """A moment as days since 1970 in UTC, a number on both databases."""
    if dialect == "postgresql":
        return cast(extract("epoch", column), Double) / 86_400.0
    return type_coerce(column, BigInteger) / _MICROS_A_DAY


def signed_here(contract: ColumnElement[Any], created_at: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    """Whether a lead signed, in days, after it came in, or not at all; files give days, so one day more is allowed.

    A past client that was taken into the CRM after the sale tells nothing of how long leads take.
    """
    return contract.is_(None) | (contract > days(created_at, dialect) - 1.0)


def decided(dialect: str) -> Any:
    """``lead_ends`` in days: first contract (or closing), first closing, loss; and the price in cents."""
    ends = lead_ends()
    return select(
        ends.c.lead_id,
        *(days(ends.c[f"{end}_at"], dialect).label(end) for end in ("contract", "closed", "lost")),
        ends.c.price,
    ).subquery()


def _every_score(connection: Connection, places: dict[str, int], earned: Array) -> Scores:
    query = select(
        scores.c.lead_id,
        days(scores.c.scored_at, connection.dialect.name),
        scores.c.probability,
        scores.c.closing_probability,
        type_coerce(scores.c.sale_price_usd, BigInteger),
    ).order_by(scores.c.lead_id, scores.c.scored_at, scores.c.score_id)
    (ids,), columns = in_columns(connection, query, 1)
    lead = np.fromiter(map(places.get, ids, repeat(-1)), dtype=np.int64, count=len(ids))
    ours = lead >= 0
    scored, probability, closing, price = (column[ours] for column in columns)
    return Scores(lead[ours], scored, probability, closing, price * earned[lead[ours]])


def fetched(connection: Connection, query: Select[Any]) -> Sequence[Sequence[Any]]:
    """The driver's own rows: a row object a lead would take three times as long."""
    cursor = connection.execute(query).cursor
    return cursor.fetchall() if cursor is not None else []


def chunks(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
    """The same, some thousands at a time: what is put into columns at once is never there as a million rows."""
    cursor = connection.execute(query).cursor
    while cursor is not None and (rows := cursor.fetchmany(_CHUNK)):
        yield rows


def in_columns(connection: Connection, query: Select[Any], texts: int) -> tuple[list[list[Any]], list[Array]]:
    """The first ``texts`` columns as lists, the others as numbers, NaN where there is none.

    A chunk is put into columns at once: Python's collector goes through all tuples that live, again and again, and a
    hundred thousand of them cost it as much as reading them.
    """
    lists: list[list[Any]] = [[] for _ in range(texts)]
    parts: list[list[Array]] = [[] for _ in query.selected_columns[texts:]]
    for rows in chunks(connection, query):
        for place, kept in enumerate(lists):
            kept += [row[place] for row in rows]
        for place, part in enumerate(parts, start=texts):
            part.append(np.array([row[place] for row in rows], dtype=np.float64))
    return lists, [np.concatenate(part) if part else np.zeros(0) for part in parts]
