"""What open leads are expected to bring, in sums that the database makes in whole cents.

A lead's gross commission is price x side rate, its expected one that times its chance to close, each rounded half up to
the cent. All is integers (cents, millionths of rate and chance), so that both databases and plain arithmetic agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Numeric, Select, and_, case, cast, func, literal, null, select

from core.analytics.closing_month import UNKNOWN, ClosingMonth
from core.commission import SideRates
from core.leads import OPEN_STAGES, Side, Stage, utc_now
from core.store.browse import conditions_of, waits
from core.store.columns import from_cents
from core.store.connect import Database
from core.store.figures.ends import CONVERTED
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, outcomes

MILLION: Final = 1_000_000
_OPEN: Final = [stage.value for stage in OPEN_STAGES]


@dataclass(frozen=True, slots=True)
class ContractChances:
    """The chance to close of a lead in contract at the moment ``at``, in millionths, by whole days since the contract.

    The last holds for all later days.
    """

    at: datetime
    by_day: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """What turns a lead into money: side rates by agent, and how leads in contract are counted.

    Everyone not named, and leads without an agent, have ``default``. Without ``in_contract``, for want of closings,
    a lead in contract counts at its score's chance.
    """

    default: SideRates
    by_agent: Mapping[str, SideRates]
    in_contract: ContractChances | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Open leads of one agent, source, stage and expected month.

    ``leads`` all of them, ``counted`` those whose price and chance to close are known, ``chances`` the sum of these
    leads' chances, ``gci_usd`` their commission if all closed, ``expected_usd`` what is expected of them.
    """

    agent: str | None
    source: str | None
    stage: Stage
    month: str
    leads: int
    priced: int
    counted: int
    chances: Decimal
    gci_usd: Decimal
    expected_usd: Decimal


@dataclass(frozen=True, slots=True)
class ExpectedLead:
    """One open lead with its arithmetic; None where price or chance is not known."""

    lead_id: str
    name: str | None
    agent: str | None
    source: str | None
    stage: Stage
    side: Side
    price_usd: Decimal | None
    chance: Decimal | None
    gci_usd: Decimal | None
    expected_usd: Decimal | None


class PipelineTable:
    """Sums over open leads. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cells(self, wanted: LeadFilter, rates: Rates, months: Sequence[ClosingMonth]) -> list[Cell]:
        """The open leads that ``wanted`` lets through, summed up."""
        month = case(*((waits(one), month.key) for month in months for one in month.waiting), else_=UNKNOWN)
        with self._database.read() as connection:
            lead = _open_leads(wanted, rates, connection.dialect.name).add_columns(month.label("month")).subquery()
            sums = select(
                lead.c.agent,
                lead.c.source,
                lead.c.stage,
                lead.c.month,
                func.count(),
                func.count(lead.c.gci),
                func.count(lead.c.expected),
                func.coalesce(func.sum(case((lead.c.gci.is_not(None), lead.c.chance))), 0),
                func.coalesce(func.sum(case((lead.c.chance.is_not(None), lead.c.gci))), 0),
                func.coalesce(func.sum(lead.c.expected), 0),
            ).group_by(lead.c.agent, lead.c.source, lead.c.stage, lead.c.month)
            rows = connection.execute(sums).all()
        return [_cell(found) for found in rows]

    def leads(self, wanted: LeadFilter, rates: Rates, most: int) -> list[ExpectedLead]:
        """The open leads of the highest expected commission, with what it is computed from."""
        with self._database.read() as connection:
            lead = _open_leads(wanted, rates, connection.dialect.name).subquery()
            order = (lead.c.expected.desc().nulls_last(), lead.c.lead_id)
            return [_lead(row) for row in connection.execute(select(lead).order_by(*order).limit(most))]

    def without_chance(self, wanted: LeadFilter, rates: Rates) -> tuple[str, ...]:
        """The ids of the open leads with a price, but no known chance to close."""
        with self._database.read() as connection:
            lead = _open_leads(wanted, rates, connection.dialect.name).subquery()
            query = select(lead.c.lead_id).where(lead.c.gci.is_not(None), lead.c.chance.is_(None))
            return tuple(connection.execute(query).scalars())

    def likeliest(self, rates: Rates) -> dict[str, ExpectedLead]:
        """Of each agent the open lead under contract that is likeliest to close next, of those with a price."""
        wanted = LeadFilter(stages=(Stage.CONTRACT,))
        with self._database.read() as connection:
            lead = _open_leads(wanted, rates, connection.dialect.name).subquery()
            place = func.row_number().over(
                partition_by=lead.c.agent, order_by=(lead.c.chance.desc(), lead.c.gci.desc(), lead.c.lead_id)
            )
            known = lead.c.expected.is_not(None) & lead.c.agent.is_not(None)
            placed = select(lead, place.label("place")).where(known).subquery()
            found = connection.execute(select(placed).where(placed.c.place == 1))
            return {row.agent: _lead(row) for row in found}


def _open_leads(wanted: LeadFilter, rates: Rates, dialect: str) -> Select[Any]:
    row = lead_latest.c
    chance = chance_ppm(rates)
    gci = gci_cents(row.sale_price_usd, row.agent, row.side, rates)
    return select(
        row.lead_id, row.name, row.agent, row.source, row.stage, row.side,
        row.sale_price_usd.label("price"), chance.label("chance"), gci.label("gci"),
        expected_cents(gci, chance).label("expected"),
    ).where(row.stage.in_(_OPEN), *conditions_of(wanted, utc_now(), dialect))  # fmt: skip


def millionths(share: ColumnElement[Any]) -> ColumnElement[int]:
    """A chance in whole millionths, half up."""
    return cast(func.round(cast(share * MILLION, Numeric(20, 6))), BigInteger)


def chance_ppm(rates: Rates) -> ColumnElement[int]:
    """The chance to close of a lead of ``lead_latest`` in millionths; NULL where it is not known.

    The one definition on all screens: in contract by how the team's contracts ended, before it by its last score.
    """
    return counted_ppm(lead_latest.c.stage, lead_latest.c.closing_probability, rates.in_contract)


def counted_ppm(
    stage: ColumnElement[Any], by_score: ColumnElement[Any], chances: ContractChances | None
) -> ColumnElement[int]:
    """The chance of a lead of ``lead_latest`` that stands in ``stage`` and whose score says ``by_score``."""
    if chances is None:
        return millionths(by_score)
    by_contract = _counted_in_contract(chances)
    return case(
        (stage == Stage.CONTRACT.value, func.coalesce(by_contract, millionths(by_score))), else_=millionths(by_score)
    )


def _counted_in_contract(chances: ContractChances) -> ColumnElement[Any]:
    """The chance by the day of the contract, looked up once a lead; NULL where nobody told the day."""
    signed_at = func.min(outcomes.c.occurred_at)
    later = literal(chances.by_day[-1], BigInteger)
    steps = [(signed_at > start, literal(ppm, BigInteger)) for start, ppm in _spans(chances)]
    counted = case((signed_at.is_(None), null()), *steps, else_=later)
    query = select(counted).where(outcomes.c.lead_id == lead_latest.c.lead_id, outcomes.c.stage.in_(CONVERTED))
    return query.correlate(lead_latest).scalar_subquery()


def _spans(chances: ContractChances) -> list[tuple[datetime, int]]:
    """After which moment a contract must have been signed for which chance; equal days are one span."""
    found: list[tuple[datetime, int]] = []
    for day, ppm in enumerate(chances.by_day[:-1]):
        start = chances.at - timedelta(days=day + 1)
        if found and found[-1][1] == ppm:
            found.pop()
        found.append((start, ppm))
    return found


def gci_cents(
    price: ColumnElement[Any], agent: ColumnElement[Any], side: ColumnElement[Any], rates: Rates
) -> ColumnElement[int]:
    """Price x side rate in whole cents, half up."""
    return _over_million(cast(price, BigInteger) * rate_ppm(agent, side, rates))


def rate_ppm(agent: ColumnElement[Any], side: ColumnElement[Any], rates: Rates) -> ColumnElement[int]:
    """A lead's side rate in millionths of the price."""
    owners: dict[SideRates, list[str]] = {}
    for name, own in rates.by_agent.items():
        if own != rates.default:
            owners.setdefault(own, []).append(name)
    return case(
        *((and_(agent.in_(names), side == one.value), _ppm(own, one)) for own, names in owners.items() for one in Side),
        *((side == one.value, _ppm(rates.default, one)) for one in (Side.SELLER, Side.BOTH)),
        else_=_ppm(rates.default, Side.BUYER),
    )


def expected_cents(gci: ColumnElement[int], chance: ColumnElement[int]) -> ColumnElement[int]:
    """Commission times chance in whole cents, half up."""
    return _over_million(gci * chance)


def _over_million(product: ColumnElement[int]) -> ColumnElement[int]:
    return (product + MILLION // 2) // MILLION


def _ppm(rates: SideRates, side: Side) -> int:
    return int(rates.rate_for(side) * MILLION)


def _cell(row: Any) -> Cell:
    agent, source, stage, month, leads, priced, counted, chances, gci, expected = row
    return Cell(
        agent, source, Stage(stage), month, leads, priced, counted,
        Decimal(int(chances)) / MILLION, from_cents(int(gci)), from_cents(int(expected)),
    )  # fmt: skip


def _lead(row: Any) -> ExpectedLead:
    return ExpectedLead(
        row.lead_id, row.name, row.agent, row.source, Stage(row.stage), Side(row.side), row.price,
        None if row.chance is None else Decimal(row.chance) / MILLION,
        None if row.gci is None else from_cents(row.gci),
        None if row.expected is None else from_cents(row.expected),
    )  # fmt: skip
