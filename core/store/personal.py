"""Everything that is kept of a person: found by address or number, read out whole, and deleted for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, delete, false, func, insert, or_, select, text, update

from core.leads import Stage
from core.store.browse import contains
from core.store.columns import to_json, unpack
from core.store.crm.schema import crm_events, crm_known, crm_names, crm_people
from core.store.profile import PHONE_DIGITS, folded
from core.store.schema import counters, lead_latest, leads, metadata, outbox, scores
from core.store.write import next_version

# Tables that hold nothing of a lead. A test holds that every other one is reached below.
NOT_OF_LEADS: Final = frozenset(
    (
        "workspace", "day_counters", "api_keys", "counters", "stream_entries", "audit", "commission_plans",
        "claude_spending", "ab_tests", "model_trials", "segments", "area_places", "clusterings", "crm_names", "people",
        "ad_spend", "model_versions", "model_files",
    )
)  # fmt: skip
CRM_FIELD: Final = "field"  # its example is what some contact had in it, that of a user the user's own e-mail
FEWEST_DIGITS: Final = 7
PAGE: Final = 1_000
_PACKED: Final = {"features": "<f4", "contributions": "<f8"}


@dataclass(frozen=True, slots=True)
class Contact:
    """A stored lead by what tells who it is."""

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    created_at: datetime | None


def contacts_of(connection: Connection, who: str) -> list[Contact]:
    """Leads with the id, e-mail address or phone number ``who``, and those that share an address or number with them.

    E-mail addresses are compared without regard to case, numbers by their last ten digits.
    """
    first = _matching(connection, [who], [who], [who])
    emails = [one.email for one in first if one.email]
    phones = [one.phone for one in first if one.phone]
    more = _matching(connection, [one.lead_id for one in first], emails, phones)
    return sorted({one.lead_id: one for one in (*first, *more)}.values(), key=lambda one: one.lead_id)


def _matching(
    connection: Connection, lead_ids: Sequence[str], emails: Sequence[str], phones: Sequence[str]
) -> list[Contact]:
    """Compared here: SQL knows neither how numbers are written nor the case of every letter."""
    numbers = {digits for phone in phones if len(digits := _digits(phone)) >= FEWEST_DIGITS}
    told = {folded(email) for email in emails}
    wanted: list[ColumnElement[bool]] = [leads.c.lead_id.in_(lead_ids)]
    if told:
        wanted.append(leads.c.email.is_not(None))
    if numbers:
        wanted.append(leads.c.phone.is_not(None))
    query = select(leads.c.lead_id, leads.c.name, leads.c.email, leads.c.phone, leads.c.created_at).where(or_(*wanted))
    rows = connection.execute(query.execution_options(yield_per=PAGE))
    return [
        Contact(*row)
        for row in rows
        if row.lead_id in lead_ids or folded(row.email or "") in told or _digits(row.phone or "") in numbers
    ]


def _digits(phone: str) -> str:
    """The last ten digits, however they are set apart.

    >>> _digits("+1 (512) 555-0198")
    '5125550198'
    >>> _digits("512.555.01.98") == _digits("+1 512 555 01 98") == "5125550198"
    True
    """
    return "".join(filter(str.isdigit, phone))[-PHONE_DIGITS:]


def rows_of(connection: Connection, lead_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Every stored row of the leads, by table, in the order of their keys; numbers that are packed are lists."""
    found = {}
    contact_ids = _in_crm(connection, lead_ids)
    for table in metadata.sorted_tables:
        condition = of_leads(table, lead_ids, contact_ids, connection.dialect.name)
        if condition is not None:
            query = select(table).where(condition).order_by(*table.primary_key.columns)
            found[table.name] = [_plain(row) for row in connection.execute(query).mappings()]
    return found


def count_of(connection: Connection, lead_ids: Sequence[str]) -> dict[str, int]:
    """How many rows of the leads each table holds."""
    contact_ids = _in_crm(connection, lead_ids)
    conditions = {
        table: of_leads(table, lead_ids, contact_ids, connection.dialect.name) for table in metadata.sorted_tables
    }
    return {
        table.name: int(connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one())
        for table, condition in conditions.items()
        if condition is not None
    }


def erase(connection: Connection, lead_ids: Sequence[str]) -> dict[str, int]:
    """Delete every row of the leads, and return how many went from each table.

    On SQLite the places where they stood are overwritten. The numbers of their events on the feed are not given again.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete=ON"))
    connection.execute(insert(counters).values(name="clearing", n=1))  # lets go of the append-only tables
    gone = {}
    contact_ids = _in_crm(connection, lead_ids)
    for table in reversed(metadata.sorted_tables):
        condition = of_leads(table, lead_ids, contact_ids, connection.dialect.name)
        if condition is not None:
            gone[table.name] = connection.execute(delete(table).where(condition)).rowcount
    connection.execute(update(crm_names).where(crm_names.c.kind == CRM_FIELD).values(example=None))
    connection.execute(delete(counters).where(counters.c.name == "clearing"))
    next_version(connection)
    return gone


def unheard_since(connection: Connection, before: datetime, most: int) -> list[str]:
    """Leads that nobody has heard from since ``before`` and that did not sign: at most ``most``, the oldest first."""
    kept = (Stage.CONTRACT.value, Stage.CLOSED.value)
    last = func.coalesce(lead_latest.c.last_activity_at, lead_latest.c.created_at, lead_latest.c.scored_at)
    query = select(lead_latest.c.lead_id).where(last < before, lead_latest.c.stage.not_in(kept))
    return list(connection.execute(query.order_by(last, lead_latest.c.lead_id).limit(most)).scalars())


def unheard_count(connection: Connection, before: datetime) -> int:
    """How many ``unheard_since`` has in all."""
    kept = (Stage.CONTRACT.value, Stage.CLOSED.value)
    last = func.coalesce(lead_latest.c.last_activity_at, lead_latest.c.created_at, lead_latest.c.scored_at)
    query = select(func.count()).select_from(lead_latest).where(last < before, lead_latest.c.stage.not_in(kept))
    return int(connection.execute(query).scalar_one())


def of_leads(
    table: Table, lead_ids: Sequence[str], contact_ids: Sequence[str], dialect: str
) -> ColumnElement[bool] | None:
    """Which rows of ``table`` are of the leads, who are these contacts in the CRM; None where a table holds nothing."""
    if "lead_id" in table.c:
        return table.c.lead_id.in_(lead_ids)
    if table is crm_known:
        return crm_known.c.contact_id.in_(contact_ids)
    if table is outbox:
        return _tells_of(outbox.c.payload, [f'"lead_id":{to_json(lead_id)}' for lead_id in lead_ids], dialect)
    if table is crm_events:
        return _tells_of(crm_events.c.payload, [to_json(contact_id) for contact_id in contact_ids], dialect)
    if any(key.column is scores.c.score_id for key in table.foreign_keys):
        return table.c.score_id.in_(select(scores.c.score_id).where(scores.c.lead_id.in_(lead_ids)))
    return None


def _in_crm(connection: Connection, lead_ids: Sequence[str]) -> list[str]:
    query = select(crm_people.c.contact_id).where(crm_people.c.lead_id.in_(lead_ids))
    return list(connection.execute(query).scalars())


def _tells_of(payload: ColumnElement[str], words: Sequence[str], dialect: str) -> ColumnElement[bool]:
    return or_(false(), *(contains(payload, word, dialect) for word in words))


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        name: unpack(value, _PACKED[name]).tolist()
        if name in _PACKED
        else value.hex()
        if isinstance(value, bytes)
        else value
        for name, value in row.items()
    }
