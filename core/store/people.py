"""Who may sign in, and as what; a person who was put out stays, so that nothing lets them in again unasked."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from core.leads.agent_names import AgentNames
from core.store import agent_names
from core.store.connect import Database
from core.store.schema import people
from core.store.write import next_version


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """A person by e-mail in lower case; ``agent`` is how leads name them, None when no lead is theirs.

    ``from_claim``: the role came from the identity provider, with the sign-in of ``claimed_at``, not from an admin.
    """

    email: str
    name: str | None
    role: str
    agent: str | None
    from_claim: bool
    made_at: datetime
    made_by: str
    claimed_at: datetime | None = None
    signed_in_at: datetime | None = None
    revoked_at: datetime | None = None


class PeopleTable:
    """All reading and writing of people. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, StoredPerson]:
        """Everybody, those who were put out too, by e-mail."""
        with self._database.read() as connection:
            rows = connection.execute(select(people).order_by(people.c.email))
            return {row.email: _person(row) for row in rows}

    def keep(self, person: StoredPerson) -> dict[str, str]:
        """Keep a person in place of what was kept of the same e-mail; returns how names on leads are spelled now."""
        values = asdict(person)
        with self._database.write() as connection:
            was = connection.execute(select(people.c.agent).where(people.c.email == person.email)).scalar()
            if not connection.execute(update(people).where(people.c.email == person.email).values(values)).rowcount:
                connection.execute(insert(people).values(values))
            changed = agent_names.respell(connection) if person.agent != was else {}
            if changed:
                next_version(connection)
            return changed

    def agent_names(self) -> AgentNames:
        """By what names agents are known."""
        with self._database.read() as connection:
            return agent_names.known(connection)

    def strangers(self) -> list[tuple[str, int, tuple[str, ...]]]:
        """Names on leads that are no agent's, with their leads, the most first, and whom each may mean."""
        with self._database.read() as connection:
            return agent_names.strangers(connection)

    def signed_in(self, email: str, at: datetime) -> bool:
        """Keep when a person signed in; False when that sign-in or a later one was kept already."""
        kept = people.c.signed_in_at
        later = update(people).where(people.c.email == email, kept.is_(None) | (kept < at)).values(signed_in_at=at)
        with self._database.write() as connection:
            return bool(connection.execute(later).rowcount)


def _person(row: Row[Any]) -> StoredPerson:
    return StoredPerson(**{name: getattr(row, name) for name in StoredPerson.__slots__})
