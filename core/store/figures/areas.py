"""Leads by area, summed up by the database, and where areas lie, as far as a person has said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger, case, cast, delete, func, select, type_coerce

from core.leads import OPEN_STAGES, Stage
from core.scoring import Tier
from core.store.browse import conditions_of, tier_is
from core.store.columns import from_cents
from core.store.connect import Database
from core.store.figures.ends import DECIDED, has_signed
from core.store.figures.pipeline import Rates, chance_ppm, expected_cents, gci_cents
from core.store.filters import LeadFilter
from core.store.prepared import upsert
from core.store.schema import lead_latest, outcomes
from core.store.schema_analysis import area_places
from core.store.write import next_version

_OPEN: Final = tuple(stage.value for stage in OPEN_STAGES)


@dataclass(frozen=True, slots=True)
class AreaSums:
    """Leads of one area (None: not told). ``decided`` signed or were lost; ``expected_usd`` is of the open leads.

    ``hot`` are open ones. ``closings`` have a sale price, of which ``median_usd`` is the median, None without any.
    """

    area: str | None
    leads: int
    open: int
    hot: int
    decided: int
    signed: int
    expected_usd: Decimal
    closings: int
    median_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an area lies, in degrees north and east."""

    latitude: float
    longitude: float


class AreaTable:
    """Figures and places of areas. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sums(self, wanted: LeadFilter, rates: Rates, now: datetime) -> list[AreaSums]:
        """A row for each area of the leads that ``wanted`` lets through, most leads first."""
        row = lead_latest.c
        is_open = row.stage.in_(_OPEN)
        gci = gci_cents(row.sale_price_usd, row.agent, row.side, rates)
        with self._database.read() as connection:
            expected = expected_cents(gci, chance_ppm(rates))
            conditions = conditions_of(wanted, now, connection.dialect.name)
            counted = (
                select(
                    row.area,
                    func.count(),
                    func.sum(case((is_open, 1), else_=0)),
                    func.sum(case((is_open & tier_is((Tier.HOT,), now), 1), else_=0)),
                    func.sum(case((row.stage.in_(DECIDED), 1), else_=0)),
                    func.sum(case((row.stage.in_(DECIDED) & has_signed(), 1), else_=0)),
                    func.coalesce(func.sum(case((is_open, expected))), 0),
                )
                .where(*conditions)
                .group_by(row.area)
            )
            totals = connection.execute(counted).all()
            medians = {area: (n, price) for area, n, price in connection.execute(_medians(conditions))}
        found = []
        for area, leads, opened, hot, decided, signed, expected_sum in totals:
            closings, median = medians.get(area, (0, None))
            found.append(
                AreaSums(
                    area, leads, int(opened), int(hot), int(decided), int(signed), from_cents(int(expected_sum)),
                    int(closings), None if median is None else from_cents(int(median)),
                )
            )  # fmt: skip
        return sorted(found, key=lambda one: (-one.leads, one.area or ""))

    def places(self) -> dict[str, Place]:
        """Where areas lie, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(area_places).order_by(area_places.c.area))
            return {row.area: Place(row.latitude, row.longitude) for row in rows}

    def place(self, told: Mapping[str, Place], at: datetime, by: str) -> None:
        """Keep where areas lie, in place of what was known of them."""
        rows = [
            {"area": area, "latitude": one.latitude, "longitude": one.longitude, "placed_at": at, "placed_by": by}
            for area, one in told.items()
        ]
        if rows:
            with self._database.write() as connection:
                connection.execute(upsert(connection.dialect.name, "area_places"), rows)
                next_version(connection)

    def forget(self, areas: Sequence[str]) -> None:
        """Forget where areas lie."""
        with self._database.write() as connection:
            connection.execute(delete(area_places).where(area_places.c.area.in_(areas)))
            next_version(connection)


def _medians(conditions: Sequence[Any]) -> Any:
    """The median sale price in cents and the number of closings with a price, by area; a closing a lead."""
    price = func.max(type_coerce(outcomes.c.sale_price_usd, BigInteger)).label("price")
    sold = (
        select(lead_latest.c.area, price)
        .join(outcomes, outcomes.c.lead_id == lead_latest.c.lead_id)
        .where(outcomes.c.stage == Stage.CLOSED.value, outcomes.c.sale_price_usd.is_not(None), *conditions)
        .group_by(lead_latest.c.lead_id, lead_latest.c.area)
        .subquery()
    )
    ranked = select(
        sold.c.area,
        sold.c.price,
        func.row_number().over(partition_by=sold.c.area, order_by=sold.c.price).label("place"),
        func.count().over(partition_by=sold.c.area).label("n"),
    ).subquery()
    middle = (ranked.c.place == (ranked.c.n + 1) // 2) | (ranked.c.place == (ranked.c.n + 2) // 2)
    both = cast(func.sum(ranked.c.price), BigInteger) // func.count()
    return select(ranked.c.area, func.max(ranked.c.n), both).where(middle).group_by(ranked.c.area)
