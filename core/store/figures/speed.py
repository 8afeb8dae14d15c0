"""When each lead first heard from the team, and which hot leads have not yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, case, func, select

from core.analytics.survival import Array
from core.leads import Stage
from core.store.browse import conditions_of
from core.store.columns import from_cents
from core.store.connect import Database
from core.store.figures.first_answer import first_answer, is_ours
from core.store.figures.milestones import days, decided, in_columns
from core.store.figures.pipeline import Rates, chance_ppm, expected_cents, gci_cents
from core.store.filters import LeadFilter
from core.store.schema import interactions, lead_latest

WAITING_STAGES = (Stage.GENERATED, Stage.QUALIFIED, Stage.SHOWING)
LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, eq=False)
class AnsweredLeads:
    """One entry a lead, shape (leads,): moments in days since 1970 in UTC, with NaN for what has not happened.

    ``agent`` and ``source`` are places in ``agents`` and ``sources``. ``answered`` is the first answer, by a person
    unless automatic ones were asked for too. ``lost`` only when it still holds.
    """

    lead_ids: tuple[str, ...]
    agents: tuple[str | None, ...]
    sources: tuple[str | None, ...]
    agent: NDArray[np.int64]
    source: NDArray[np.int64]
    arrived: Array
    answered: Array
    contract: Array
    lost: Array

    def __len__(self) -> int:
        return len(self.arrived)


@dataclass(frozen=True, slots=True)
class WaitingLead:
    """An open lead that no person has answered; the commission is None where price or chance is not known."""

    lead_id: str
    name: str | None
    agent: str | None
    source: str | None
    arrived_at: datetime | None
    probability: float | None
    gci_usd: Decimal | None
    expected_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class WaitingLeads:
    """How many leads wait, how many of them longer than an hour and what these should bring, and the dearest."""

    total: int
    late: int
    late_usd: Decimal
    leads: tuple[WaitingLead, ...]


def answered_leads(database: Database, wanted: LeadFilter, now: datetime, *, by_a_person: bool = True) -> AnsweredLeads:
    """The leads that ``wanted`` lets through and whose arrival was told. Raises StoreUnavailable."""
    with database.read() as connection:
        dialect = connection.dialect.name
        row, ends = lead_latest.c, decided(dialect)
        query = (
            select(
                row.lead_id,
                row.agent,
                row.source,
                days(row.created_at, dialect),
                days(first_answer(dialect, by_a_person=by_a_person), dialect),
                ends.c.contract,
                ends.c.lost,
            )
            .select_from(lead_latest)
            .outerjoin(ends, ends.c.lead_id == row.lead_id)
            .where(row.created_at.is_not(None), *conditions_of(wanted, now, dialect))
        )
        (lead_ids, *names), moments = in_columns(connection, query, 3)
    (agents, agent), (sources, source) = map(_places, names)
    return AnsweredLeads(tuple(lead_ids), agents, sources, agent, source, *moments)


def any_answer(database: Database) -> bool:
    """Whether any call or message of the team is on record. Raises StoreUnavailable."""
    ours = select(interactions.c.lead_id).where(is_ours(interactions)).limit(1)
    with database.read() as connection:
        return connection.execute(ours).first() is not None


def waiting_leads(database: Database, wanted: LeadFilter, rates: Rates, now: datetime, most: int) -> WaitingLeads:
    """Leads before a contract that no person has answered, ``most`` of them, the dearest first.

    Raises StoreUnavailable.
    """
    with database.read() as connection:
        dialect = connection.dialect.name
        row = lead_latest.c
        gci = gci_cents(row.sale_price_usd, row.agent, row.side, rates)
        expected = expected_cents(gci, chance_ppm(rates)).label("expected")
        where = _waiting(wanted, now, dialect)
        late = row.created_at < now - LATE
        sums = (func.count().over(), func.sum(case((late, 1), else_=0)).over(), func.sum(case((late, expected))).over())
        shown = (row.lead_id, row.name, row.agent, row.source, row.created_at, row.probability)
        order = (expected.desc().nulls_last(), row.created_at, row.lead_id)
        query = select(*shown, gci.label("gci"), expected, *sums).where(*where).order_by(*order).limit(most)
        rows = connection.execute(query).all()
    leads = tuple(WaitingLead(*values[:6], *(_usd(cents) for cents in values[6:8])) for values in rows)
    total, overdue, overdue_usd = rows[0][8:] if rows else (0, 0, 0)
    return WaitingLeads(total, int(overdue), from_cents(int(overdue_usd or 0)), leads)


def waiting_ids(database: Database, wanted: LeadFilter, now: datetime) -> tuple[str, ...]:
    """All the leads that ``waiting_leads`` counts. Raises StoreUnavailable."""
    with database.read() as connection:
        query = select(lead_latest.c.lead_id).where(*_waiting(wanted, now, connection.dialect.name))
        return tuple(connection.execute(query).scalars())


def _waiting(wanted: LeadFilter, now: datetime, dialect: str) -> tuple[ColumnElement[bool], ...]:
    early = lead_latest.c.stage.in_([stage.value for stage in WAITING_STAGES])
    return early, first_answer(dialect).is_(None), *conditions_of(wanted, now, dialect)


def _usd(cents: int | None) -> Decimal | None:
    return None if cents is None else from_cents(cents)


def _places(names: Sequence[str | None]) -> tuple[tuple[str | None, ...], NDArray[np.int64]]:
    """The distinct names, None last, and the place of each name among them."""
    distinct = tuple(sorted(set(names), key=lambda name: (name is None, name or "")))
    place = {name: number for number, name in enumerate(distinct)}
    return distinct, np.fromiter((place[name] for name in names), dtype=np.int64, count=len(names))
