"""The audit log: who changed what, when. Rows are added and read, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, or_, select

from core.store.columns import from_json, to_json
from core.store.connect import Database
from core.store.schema import audit


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """``actor`` did ``action`` to ``subject``; ``details`` hold plain values, nothing personal."""

    happened_at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)


def mark(lead_ids: Sequence[str]) -> str:
    """By what the log names leads, which may be erased: whoever knows the ids can find the entry, nobody else.

    >>> mark(["ana"]) == mark(["bo"]), mark(["ana", "bo"]) == mark(["bo", "ana"])
    (False, True)
    """
    return blake2b("\n".join(sorted(lead_ids)).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


class AuditTable:
    """All reading and writing of the audit log. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry; on the disk when this returns."""
        values = {name: getattr(entry, name) for name in ("happened_at", "actor", "action", "subject")}
        with self._database.write() as connection:
            connection.execute(insert(audit).values(values | {"details": to_json(dict(entry.details))}))

    def find(
        self,
        words: str = "",
        action: str | None = None,
        most: int = 50,
        skip: int = 0,
        *,
        who: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[AuditEntry]:
        """The newest entries whose actor, action, subject or details hold ``words``, in any case, or of that lead.

        ``since`` is inclusive, ``until`` exclusive.
        """
        query = select(audit).where(*_conditions(words, action, who, since, until))
        newest_first = query.order_by(audit.c.audit_id.desc()).limit(most).offset(skip)
        with self._database.read() as connection:
            return [_entry(row) for row in connection.execute(newest_first)]

    def count(
        self,
        words: str = "",
        action: str | None = None,
        *,
        who: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> int:
        """How many entries ``find`` could give."""
        query = select(func.count()).select_from(audit).where(*_conditions(words, action, who, since, until))
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def actors(self) -> list[str]:
        """Everybody who occurs, by name."""
        with self._database.read() as connection:
            return list(connection.execute(select(audit.c.actor).distinct().order_by(audit.c.actor)).scalars())

    def actions(self) -> list[str]:
        """The actions that occur, by name."""
        with self._database.read() as connection:
            return list(connection.execute(select(audit.c.action).distinct().order_by(audit.c.action)).scalars())


def _conditions(
    words: str, action: str | None, who: str | None, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if who is not None:
        found.append(audit.c.actor == who)
    if since is not None:
        found.append(audit.c.happened_at >= since)
    if until is not None:
        found.append(audit.c.happened_at < until)
    if action is not None:
        found.append(audit.c.action == action)
    if words.strip():
        wanted = words.strip().lower()
        columns = (audit.c.actor, audit.c.action, audit.c.subject, audit.c.details)
        of_lead = audit.c.subject == mark([words.strip()])
        found.append(or_(of_lead, *(func.lower(column).contains(wanted, autoescape=True) for column in columns)))
    return found


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.happened_at, row.actor, row.action, row.subject, from_json(row.details))
