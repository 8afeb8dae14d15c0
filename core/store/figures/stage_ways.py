"""When each lead reached each stage, with the groups that it is of; the database brings its outcomes together."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy import Connection, Select, case, func, select, type_coerce
from sqlalchemy.types import BigInteger

from core.analytics.stage_ways import STAGES, StageWays, grouped, stage_ways
from core.leads import Stage
from core.store.browse import conditions_of, first_scores
from core.store.connect import Database
from core.store.figures.arrivals import price_band
from core.store.figures.milestones import days, in_columns
from core.store.filters import LeadFilter
from core.store.schema import lead_latest, outcomes

KINDS: Final = ("source", "agent", "area", "side", "band")
_DATED: Final = STAGES[1:]  # a lead is generated when it arrives


def read_stage_ways(database: Database, wanted: LeadFilter, now: datetime) -> StageWays:
    """The leads of a filter, by lead id. ``band`` is a place among the price bands.

    A loss counts while the lead is lost: one that came back is open. Raises StoreUnavailable.
    """
    with database.read() as connection:
        (lead_ids, stages, *kinds), columns = in_columns(connection, _rows(connection, wanted, now), 2 + len(KINDS))
    *first, lost_at, price = columns
    return stage_ways(
        lead_ids,
        np.array(first),
        stages,
        lost_at,
        price / 100.0,
        {kind: grouped(values) for kind, values in zip(KINDS, kinds, strict=True)},
    )


def read_first_tiers(database: Database) -> dict[str, str]:
    """The tier of each lead's first score, which no outcome has moved. Raises StoreUnavailable."""
    with database.read() as connection:
        return dict(tuple(row) for row in connection.execute(first_scores()))


def _rows(connection: Connection, wanted: LeadFilter, now: datetime) -> Select[Any]:
    """Texts and bands first, then days and the price."""
    dialect = connection.dialect.name
    row, past = lead_latest.c, _past(dialect)
    return (
        select(
            row.lead_id,
            row.stage,
            row.source,
            row.agent,
            row.area,
            row.side,
            price_band(),
            days(row.created_at, dialect),
            *(past.c[stage.value] for stage in _DATED),
            past.c.lost,
            past.c.price,
        )
        .select_from(lead_latest)
        .outerjoin(past, past.c.lead_id == row.lead_id)
        .where(*conditions_of(wanted, now, dialect))
        .order_by(row.lead_id)
    )


def _past(dialect: str) -> Any:
    stage, moment = outcomes.c.stage, days(outcomes.c.occurred_at, dialect)
    return (
        select(
            outcomes.c.lead_id,
            *(func.min(case((stage == one.value, moment))).label(one.value) for one in _DATED),
            func.max(case((stage == Stage.LOST.value, moment))).label("lost"),
            func.max(type_coerce(outcomes.c.sale_price_usd, BigInteger)).label("price"),
        )
        .group_by(outcomes.c.lead_id)
        .subquery()
    )
