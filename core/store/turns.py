"""Work that is due now and then, and that one of several servers shall do."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.store import feed
from core.store.connect import Database


class TurnTable:
    """Who does what is due. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, every: timedelta, now: datetime) -> bool:
        """Whether ``name`` is due and this caller shall do it: True once in ``every`` over all processes.

        Ask again only after ``every``; a caller that dies with its turn has had it. A turn further ahead than ``every``
        is of a clock that was wrong, and counts as none.
        """
        key = f"turn:{name}"
        with self._database.write() as connection:
            kept = feed.workspace_value(connection, key)
            if isinstance(kept, str) and abs(now - datetime.fromisoformat(kept)) < every:
                return False
            feed.set_workspace_value(connection, key, now.isoformat())
        return True

    def last(self, name: str) -> datetime | None:
        """When the last turn was taken; None when there was none."""
        with self._database.read() as connection:
            kept = feed.workspace_value(connection, f"turn:{name}")
        return datetime.fromisoformat(kept) if isinstance(kept, str) else None
