"""Commission plans as they were made; none is ever changed or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from core.store.columns import from_json, to_json
from core.store.connect import Database
from core.store.schema import commission_plans
from core.store.write import next_version


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan of ``agent`` (None: of everyone without one) that counts from ``valid_from`` on."""

    agent: str | None
    valid_from: date
    terms: Mapping[str, Any]
    made_at: datetime
    made_by: str


class PlanTable:
    """Reads and adds plans. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, plan: StoredPlan) -> None:
        """Keep a plan; what is computed from plans counts as old."""
        row = {
            "agent": plan.agent,
            "valid_from": plan.valid_from,
            "terms": to_json(plan.terms),
            "made_at": plan.made_at,
            "made_by": plan.made_by,
        }
        with self._database.write() as connection:
            connection.execute(insert(commission_plans), row)
            next_version(connection)

    def all(self) -> list[StoredPlan]:
        """Every plan: of one agent and day the one that counts stands last."""
        order = (commission_plans.c.valid_from, commission_plans.c.plan_id)
        with self._database.read() as connection:
            rows = connection.execute(select(commission_plans).order_by(*order))
            return [
                StoredPlan(row.agent, row.valid_from, from_json(row.terms), row.made_at, row.made_by) for row in rows
            ]
