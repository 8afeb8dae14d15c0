"""What lead sources cost by month, as a person uploaded it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import bindparam, delete, insert, select

from core.store.connect import Database
from core.store.schema_analysis import ad_spend
from core.store.write import next_version

_SAME: Final = delete(ad_spend).where(ad_spend.c.channel == bindparam("of"), ad_spend.c.month == bindparam("on"))


@dataclass(frozen=True, slots=True)
class StoredSpend:
    """``amount_usd`` was paid for the source ``channel`` in ``month`` (its first day)."""

    channel: str
    month: date
    amount_usd: Decimal
    saved_at: datetime
    saved_by: str


class SpendTable:
    """Reads and changes what sources cost. Thread-safe; every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[StoredSpend]:
        """By channel and month."""
        query = select(ad_spend).order_by(ad_spend.c.channel, ad_spend.c.month)
        with self._database.read() as connection:
            return [StoredSpend(**row) for row in connection.execute(query).mappings()]

    def put(self, rows: Sequence[StoredSpend], replace_all: bool) -> None:
        """Keep ``rows`` in place of those of the same channel and month, or with ``replace_all`` of all.

        What is computed from costs counts as old. No two of ``rows`` may be of the same channel and month.
        """
        with self._database.write() as connection:
            if replace_all:
                connection.execute(delete(ad_spend))
            if rows:
                connection.execute(_SAME, [{"of": row.channel, "on": row.month} for row in rows])
                connection.execute(insert(ad_spend), [_row(row) for row in rows])
            next_version(connection)

    def remove(self, channel: str | None) -> int:
        """Take away what is kept of a channel, or (None) of all; returns how many rows."""
        gone = delete(ad_spend) if channel is None else delete(ad_spend).where(ad_spend.c.channel == channel)
        with self._database.write() as connection:
            rows = connection.execute(gone).rowcount
            next_version(connection)
        return rows


def _row(row: StoredSpend) -> dict[str, object]:
    return {
        "channel": row.channel,
        "month": row.month,
        "amount_usd": row.amount_usd,
        "saved_at": row.saved_at,
        "saved_by": row.saved_by,
    }
