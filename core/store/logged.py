"""Touches that a person logged on a lead's screen: kept beside all others, known apart, and taken back one by one."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.sql.expression import FromClause

from core.errors import NotFound
from core.leads import Interaction
from core.store.connect import Database
from core.store.prepared import insert_new
from core.store.profile import DIGEST_BYTES, interaction_of
from core.store.schema import interactions, lead_latest
from core.store.write import last_activity, next_version

# Before the bytes by which every touch is known again. The same call told by a program stays another one, so that a
# person takes back nothing that a program told, nor a program what a person logged.
_MARK: Final = b"logged"


class LoggedTouches:
    """What persons logged. Every method raises StoreUnavailable when the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, lead_id: str, touch: Interaction) -> bool:
        """Keep a touch; False when the same was logged before. Raises NotFound for a lead that is not stored."""
        with self._database.write() as connection:
            known = select(lead_latest.c.lead_id).where(lead_latest.c.lead_id == lead_id)
            if connection.execute(known).first() is None:
                raise NotFound(f"there is no lead {lead_id!r}; look it up in the list of leads")
            told = insert_new(connection.dialect.name, "interactions")
            new = connection.execute(told, _row(lead_id, touch)).rowcount > 0
            if new:
                _list(connection, lead_id)
        return new

    def take_back(self, lead_id: str, touch: Interaction) -> bool:
        """Forget a touch that was logged; False when there is none such, also where a program told the same."""
        this = (interactions.c.occurred_at == touch.occurred_at) & (interactions.c.digest == _digest(touch))
        with self._database.write() as connection:
            gone = connection.execute(delete(interactions).where(interactions.c.lead_id == lead_id, this)).rowcount > 0
            if gone:
                _list(connection, lead_id)
        return gone

    def of_lead(self, lead_id: str) -> list[Interaction]:
        """The touches with a lead that were logged, newest first."""
        query = select(interactions).where(interactions.c.lead_id == lead_id, is_logged(interactions))
        ordered = query.order_by(interactions.c.occurred_at.desc(), interactions.c.interaction_id.desc())
        with self._database.read() as connection:
            return [interaction_of(dict(row)) for row in connection.execute(ordered).mappings()]


def is_logged(table: FromClause) -> ColumnElement[bool]:
    """Whether a person logged a touch."""
    return func.length(table.c.digest) > DIGEST_BYTES


def _row(lead_id: str, touch: Interaction) -> dict[str, object]:
    return {
        "lead_id": lead_id,
        "occurred_at": touch.occurred_at,
        "digest": _digest(touch),
        "kind": touch.kind.value,
        "direction": touch.direction.value,
        "subject": touch.subject,
        "text": touch.text,
    }


def _digest(touch: Interaction) -> bytes:
    said = "\x00".join((touch.kind.value, touch.direction.value, touch.subject or "", touch.text or ""))
    return _MARK + blake2b(said.encode(), digest_size=DIGEST_BYTES).digest()


def _list(connection: Connection, lead_id: str) -> None:
    """Count the change, and let the list of leads show when something last happened."""
    row = lead_latest.c
    arrived = connection.execute(select(row.created_at).where(row.lead_id == lead_id)).scalar()
    last = last_activity(connection, lead_id, arrived)
    connection.execute(update(lead_latest).where(row.lead_id == lead_id).values(last_activity_at=last))
    next_version(connection)
