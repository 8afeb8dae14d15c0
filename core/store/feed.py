"""The outbox, in the order in which the feed tells it, and the small counters and settings beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from core.store.columns import from_json, to_json
from core.store.prepared import Prepared, upsert
from core.store.rows import OutboxEvent
from core.store.schema import counters, metadata, outbox, workspace
from core.store.write import next_version

_KEPT = (
    "workspace", "counters", "api_keys", "stream_entries", "claude_spending", "audit", "commission_plans", "ab_tests",
    "model_trials", "segments", "area_places", "ad_spend", "people", "model_versions", "model_files",
)  # fmt: skip


_COUNTER: Final = Prepared(lambda _: select(counters.c.n).where(counters.c.name == bindparam("name")))
_VALUE: Final = Prepared(lambda _: select(workspace.c.value).where(workspace.c.key == bindparam("key")))


def counter(connection: Connection, name: str) -> int:
    """The value of ``version`` or ``feed_seq``."""
    return int(_COUNTER.read(connection, {"name": name})[0]["n"])


def outbox_after(connection: Connection, feed_seq: int, most: int) -> list[OutboxEvent]:
    """Events after ``feed_seq``, oldest first."""
    query = select(outbox).where(outbox.c.feed_seq > feed_seq)
    rows = connection.execute(query.order_by(outbox.c.feed_seq).limit(most))
    return [OutboxEvent(row.feed_seq, row.event_id, from_json(row.payload), row.created_at) for row in rows]


def workspace_value(connection: Connection, key: str) -> Any | None:
    """The value kept under ``key``; None when there is none."""
    stored = _VALUE.read(connection, {"key": key})
    return from_json(stored[0]["value"]) if stored else None


def set_workspace_value(connection: Connection, key: str, value: object) -> None:
    """Keep ``value`` as JSON under ``key``."""
    row = {"key": key, "value": to_json(value)}
    connection.execute(upsert(connection.dialect.name, "workspace"), row)


def change_workspace_value(connection: Connection, key: str, change: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Keep what ``change`` makes of the value under ``key`` (None when there is none); both, before and after."""
    before = workspace_value(connection, key)
    after = change(before)
    if after != before:
        set_workspace_value(connection, key, after)
    return before, after


def clear(connection: Connection) -> None:
    """Delete every lead and all that hangs on it; settings, API keys, version and the feed's last number stay.

    Were the feed's numbers to start again, the stream would take new events for ones that it has already.
    """
    connection.execute(insert(counters).values(name="clearing", n=1))
    for table in reversed(metadata.sorted_tables):
        if table.name not in _KEPT:
            connection.execute(delete(table))
    connection.execute(delete(counters).where(counters.c.name == "clearing"))
    next_version(connection)
