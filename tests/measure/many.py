"""A past for many leads: outcomes and ten interactions each, written by the database itself in seconds."""

from __future__ import annotations

from sqlalchemy import text

from core.store import Store

_DAY = 86_400_000_000
_OUTCOMES = (  # contract 20 to 79 days after arrival, closing 30 to 44 days later, loss 15 to 94 days after arrival
    ("contract", "closed', 'contract", 20, 60),
    ("closed", "closed", 65, 30),
    ("lost", "lost", 15, 80),
)
_TOUCHES = 9


def add_past(store: Store) -> None:
    """Give the leads of a filled SQLite store outcomes by their stage, and nine more touches of ours or theirs each."""
    with store.database.write() as connection:
        for stage, of, first, spread in _OUTCOMES:
            connection.execute(
                text(
                    "INSERT INTO outcomes (lead_id, stage, occurred_at, recorded_at, sale_price_usd) "
                    f"SELECT lead_id, '{stage}', created_at + ({first} + abs(random()) % {spread}) * {_DAY}, "
                    f"created_at, sale_price_usd FROM lead_latest WHERE stage IN ('{of}')"
                )
            )
        for number in range(1, _TOUCHES + 1):
            direction = "outbound" if number % 2 else "inbound"
            connection.execute(
                text(
                    "INSERT INTO interactions (lead_id, occurred_at, digest, kind, direction) "
                    f"SELECT lead_id, created_at + {number} * (600000000 + abs(random()) % {_DAY}), "
                    f"randomblob(16), 'email', '{direction}' FROM lead_latest"
                )
            )
        connection.execute(text("UPDATE counters SET n = n + 1 WHERE name = 'version'"))
