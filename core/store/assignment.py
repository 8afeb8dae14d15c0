"""New leads are given a variant of every A/B test that runs, in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select

from core.analytics.ab_test import design_of, variant_of
from core.store.columns import from_json
from core.store.prepared import Prepared
from core.store.schema_analysis import ab_assignments, ab_tests

_RUNNING: Final = Prepared(
    lambda _: select(ab_tests.c.test_id, ab_tests.c.design, ab_tests.c.started_at).where(ab_tests.c.ended_at.is_(None))
)


def assign(connection: Connection, arrived: Mapping[str, datetime | None], now: datetime) -> None:
    """Assign leads that were not stored before; ``arrived`` is when each came in, as far as that was told.

    A lead that came in before a test began, or is said to come from the future, is no lead of the test.
    """
    rows = []
    for test in _RUNNING.read(connection, {}):
        test_id, started_at = test["test_id"], test["started_at"]
        shares = design_of(from_json(test["design"])).shares
        rows += [
            {
                "test_id": test_id,
                "lead_id": lead_id,
                "variant": variant_of(test_id, lead_id, shares),
                "arrived_at": moment or now,
                "assigned_at": now,
            }
            for lead_id, moment in arrived.items()
            if moment is None or started_at <= moment <= now
        ]
    if rows:
        connection.execute(insert(ab_assignments), rows)
