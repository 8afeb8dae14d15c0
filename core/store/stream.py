"""Leads that came through the stream: however often an entry is delivered, it is scored once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select

from core.store.connect import Database
from core.store.schema import stream_entries
from core.store.write import save_scored

if TYPE_CHECKING:
    from core.scoring.scored import ScoredLead

REMEMBERED: Final = timedelta(days=7)  # no entry is delivered again after so long
_KNOWN: Final = select(stream_entries.c.entry_key).where(
    stream_entries.c.entry_key.in_(bindparam("keys", expanding=True))
)


class StreamTable:
    """The keys of the stream's entries that are scored. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def scored(self, keys: Sequence[str]) -> set[str]:
        """Those of ``keys`` whose lead is scored and stored."""
        with self._database.read() as connection:
            return set(connection.execute(_KNOWN, {"keys": keys}).scalars())

    def save_once(self, rows: Sequence[tuple[str, ScoredLead]]) -> int:
        """Save the scored leads whose key is new together with their keys, all or nothing; returns how many were new.

        The key is looked for and written in the transaction of the score, and writers take turns: whoever was killed
        after the commit, or was slower than another worker, changes nothing the second time. Raises LeadError,
        NotFound.
        """
        with self._database.write() as connection:
            known = set(connection.execute(_KNOWN, {"keys": [key for key, _ in rows]}).scalars())
            fresh = {key: scored for key, scored in rows if key not in known}
            if fresh:
                marks = [{"entry_key": key, "scored_at": scored.scored_at} for key, scored in fresh.items()]
                connection.execute(insert(stream_entries), marks)
                save_scored(connection, list(fresh.values()))
        return len(fresh)

    def forget(self, now: datetime) -> int:
        """Delete keys that are older than a week; returns how many."""
        old = delete(stream_entries).where(stream_entries.c.scored_at < now - REMEMBERED)
        with self._database.write() as connection:
            return connection.execute(old).rowcount
