"""Makes a stored lead what the CRM's events mean, and leaves alone what others told of it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, RowMapping, delete, select

from core.leads import Lead, LeadHistory, utc_now
from core.store.agent_names import Spelling
from core.store.assignment import assign
from core.store.columns import to_json
from core.store.crm.stages import replace_outcomes
from core.store.prepared import insert_new, upsert
from core.store.profile import TOUCH, interaction_rows, merged
from core.store.schema import interactions, lead_latest, leads
from core.store.write import last_activity, listed
from core.transfer.gohighlevel import Projection

_FIELDS: Final = tuple(name for name in Lead.model_fields if name not in ("lead_id", "tags", "insights", "measured"))


def tell(connection: Connection, before: Projection | None, after: Projection) -> bool:
    """Bring the record from ``before``, what it was told last, to ``after``; whether that changed anything."""
    if before == after:
        return False
    lead_id = after.lead.lead_id
    known = connection.execute(select(leads).where(leads.c.lead_id == lead_id)).mappings().first()
    profile = _profile(connection, known, before, after)
    connection.execute(upsert(connection.dialect.name, "leads"), profile)
    if known is None:
        assign(connection, {lead_id: profile["created_at"]}, utc_now())
    _touches(connection, _rows(before), _rows(after))
    _list(connection, profile)
    replace_outcomes(connection, lead_id, after.outcomes)
    return True


def _profile(
    connection: Connection, known: RowMapping | None, before: Projection | None, after: Projection
) -> dict[str, Any]:
    """The row of the lead: only what the CRM tells otherwise than before is changed."""
    lead_id = after.lead.lead_id
    was, now = _told(before.lead) if before else {}, _told(after.lead)
    changed = {name: value for name, value in now.items() if name not in was or was[name] != value}
    row = merged(
        dict(known) if known else None, Lead.model_construct({"lead_id", *changed}, lead_id=lead_id, **changed)
    )
    Spelling(connection).settle(dict(known) if known else None, row)
    row |= {name: None for name in was if name not in now}
    if after.tags is not None:
        row["tags"] = to_json(after.tags) if after.tags else None
    return row


def _told(lead: Lead) -> dict[str, Any]:
    told = {name: getattr(lead, name) for name in _FIELDS if name in lead.model_fields_set}
    return {name: value for name, value in told.items() if value is not None}


def _rows(projection: Projection | None) -> list[dict[str, Any]]:
    if projection is None:
        return []
    history = LeadHistory.model_construct(lead=projection.lead, interactions=projection.interactions)
    return [dict(zip(TOUCH, row, strict=True)) for row in interaction_rows(history)]


def _touches(connection: Connection, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Take away what the CRM tells no longer, or otherwise, and add the rest."""
    was = {(row["occurred_at"], row["digest"]): row for row in before}
    now = {(row["occurred_at"], row["digest"]): row for row in after}
    for key, row in was.items():
        if now.get(key) != row:
            same = (interactions.c.occurred_at == key[0]) & (interactions.c.digest == key[1])
            connection.execute(delete(interactions).where(interactions.c.lead_id == row["lead_id"], same))
    new = [row for key, row in now.items() if was.get(key) != row]
    if new:
        connection.execute(insert_new(connection.dialect.name, "interactions"), new)


def _list(connection: Connection, profile: dict[str, Any]) -> None:
    """What a list of leads shows."""
    lead_id = profile["lead_id"]
    row = connection.execute(select(lead_latest).where(lead_latest.c.lead_id == lead_id)).mappings().first()
    empty = {**dict.fromkeys(column.name for column in lead_latest.c), "escalation_recommended": False}
    last = last_activity(connection, lead_id, profile["created_at"])
    latest = {**(row or empty), **listed(profile), "last_activity_at": last}
    connection.execute(upsert(connection.dialect.name, "lead_latest"), latest)
