"""API keys as they are kept: a digest, never the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, insert, or_, select, update

from core.errors import InputError, NotFound
from core.store.connect import Database
from core.store.schema import api_keys

USE_KEPT_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A key without the key: ``prefix`` is its beginning, by which its owner recognises it."""

    name: str
    digest: bytes
    prefix: str
    scope: str
    made_at: datetime
    made_by: str
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


class KeyTable:
    """All reading and writing of API keys. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, key: StoredKey) -> None:
        """Keep a key. Raises InputError when a living key has its name."""
        with self._database.write() as connection:
            same = select(api_keys.c.key_id).where(api_keys.c.name == key.name, api_keys.c.revoked_at.is_(None))
            if connection.execute(same).first() is not None:
                raise InputError(f"there is a key {key.name!r} already; take another name, or revoke it first")
            connection.execute(insert(api_keys).values({name: getattr(key, name) for name in StoredKey.__slots__}))

    def revoke(self, name: str, at: datetime) -> None:
        """End the life of a key. Raises NotFound when no living key has this name."""
        ended = update(api_keys).where(api_keys.c.name == name, api_keys.c.revoked_at.is_(None)).values(revoked_at=at)
        with self._database.write() as connection:
            if not connection.execute(ended).rowcount:
                raise NotFound(f"there is no living key {name!r}; list them with: jorge keys")

    def all(self) -> list[StoredKey]:
        """Every key, revoked ones too, oldest first."""
        with self._database.read() as connection:
            return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.key_id))]

    def living(self) -> dict[bytes, StoredKey]:
        """The keys that open the API, by digest."""
        with self._database.read() as connection:
            rows = connection.execute(select(api_keys).where(api_keys.c.revoked_at.is_(None)))
            return {row.digest: _key(row) for row in rows}

    def used(self, uses: Mapping[bytes, datetime]) -> None:
        """Keep when keys were last used, by digest; a use within a minute of the one that is kept changes nothing."""
        kept = api_keys.c.last_used_at
        with self._database.write() as connection:
            for digest, at in uses.items():
                due = or_(kept.is_(None), kept <= at - USE_KEPT_EVERY)
                connection.execute(update(api_keys).where(api_keys.c.digest == digest, due).values(last_used_at=at))


def _key(row: Row[Any]) -> StoredKey:
    return StoredKey(**{name: getattr(row, name) for name in StoredKey.__slots__})
