"""When leads arrived and when they signed, as columns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.analytics.survival import Array
from core.store.browse import conditions_of
from core.store.connect import Database
from core.store.figures.ends import CONVERTED
from core.store.figures.milestones import days, decided, in_columns, signed_here
from core.store.filters import LeadFilter
from core.store.schema import lead_latest


def arrivals_and_contracts(database: Database, wanted: LeadFilter, now: datetime) -> tuple[Array, Array]:
    """Arrival and contract of each lead in days since 1970 in UTC, shape (leads,) each; NaN without a contract.

    Left out are leads that nobody told the arrival of, and those that signed nobody knows when, or before they came in.
    Raises StoreUnavailable.
    """
    with database.read() as connection:
        dialect = connection.dialect.name
        row, ends = lead_latest.c, decided(dialect)
        query = (
            select(days(row.created_at, dialect), ends.c.contract)
            .select_from(lead_latest)
            .outerjoin(ends, ends.c.lead_id == row.lead_id)
            .where(row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
            .where(row.stage.not_in(CONVERTED) | ends.c.contract.is_not(None))
            .where(signed_here(ends.c.contract, row.created_at, dialect))
        )
        arrived, contract = in_columns(connection, query, 0)[1]
    return arrived, contract


def undated_contracts(database: Database, wanted: LeadFilter, now: datetime) -> int:
    """How many leads that came in ``arrivals_and_contracts`` leaves out. Raises StoreUnavailable."""
    row = lead_latest.c
    with database.read() as connection:
        dialect = connection.dialect.name
        ends = decided(dialect)
        unknown = row.stage.in_(CONVERTED) & ends.c.contract.is_(None)
        query = (
            select(func.count())
            .select_from(lead_latest)
            .outerjoin(ends, ends.c.lead_id == row.lead_id)
            .where(unknown | ~signed_here(ends.c.contract, row.created_at, dialect))
            .where(row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
        )
        return int(connection.execute(query).scalar_one())
