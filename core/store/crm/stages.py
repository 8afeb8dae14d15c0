"""Outcomes that a CRM told: where its opportunities tell otherwise, they are replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from core.leads import Outcome, utc_now
from core.store import events
from core.store.outcome import stand
from core.store.schema import leads, outcomes
from core.store.write import add_events

ACTOR: Final = "GoHighLevel"
_Key = tuple[datetime, str]


def replace_outcomes(connection: Connection, lead_id: str, told: Iterable[Outcome]) -> bool:
    """Let the CRM's outcomes of a lead be ``told``; its stage is then that of the latest outcome of all.

    What was recorded by others stays. The feed is told of what is new. Returns whether anything changed.
    """
    rows = list(connection.execute(select(outcomes).where(outcomes.c.lead_id == lead_id)).mappings())
    known: dict[_Key, RowMapping] = {(row["occurred_at"], row["stage"]): row for row in rows}
    wanted = _by_key(told)
    gone = [row["outcome_id"] for key, row in known.items() if row["actor"] == ACTOR and key not in wanted]
    new = [outcome for key, outcome in wanted.items() if key not in known]
    other = [
        (known[key]["outcome_id"], outcome)
        for key, outcome in wanted.items()
        if key in known
        and known[key]["actor"] == ACTOR
        and (known[key]["sale_price_usd"], known[key]["reason"]) != (outcome.sale_price_usd, outcome.reason)
    ]
    if not (gone or new or other):
        return False
    if gone:
        connection.execute(delete(outcomes).where(outcomes.c.outcome_id.in_(gone)))
    for outcome_id, outcome in other:
        values = {"sale_price_usd": outcome.sale_price_usd, "reason": outcome.reason}
        connection.execute(update(outcomes).where(outcomes.c.outcome_id == outcome_id).values(**values))
    if new:
        connection.execute(insert(outcomes), [_row(outcome) for outcome in new])
        name = connection.execute(select(leads.c.name).where(leads.c.lead_id == lead_id)).scalar()
        add_events(connection, [events.outcome_recorded(outcome, name) for outcome in new])
    left = [key for key, row in known.items() if row["outcome_id"] not in gone]
    stand(connection, lead_id, [*left, *((outcome.occurred_at, outcome.stage.value) for outcome in new)])
    return True


def _by_key(told: Iterable[Outcome]) -> dict[_Key, Outcome]:
    """Of two opportunities that reached a stage at one moment, the one with the higher price."""
    wanted: dict[_Key, Outcome] = {}
    for outcome in told:
        key = (outcome.occurred_at, outcome.stage.value)
        before = wanted.get(key)
        if before is None or (before.sale_price_usd or -1) < (outcome.sale_price_usd or -1):
            wanted[key] = outcome
    return wanted


def _row(outcome: Outcome) -> dict[str, Any]:
    return {
        "lead_id": outcome.lead_id,
        "stage": outcome.stage.value,
        "occurred_at": outcome.occurred_at,
        "recorded_at": utc_now(),
        "actor": ACTOR,
        "sale_price_usd": outcome.sale_price_usd,
        "reason": outcome.reason,
    }
