"""What came in, newest first, and the counters of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import FeedUnavailable
from core.leads import utc_now
from core.leads.clock import day_begun
from core.services import access

if TYPE_CHECKING:
    from core.realtime import FeedStatus
    from core.services.center import CommandCenter
    from core.store import DayCounts, LiveRow

ROWS = 50


@dataclass(frozen=True, slots=True)
class LiveSnapshot:
    """The newest scores, the counts since ``since``, and how the feed is; ``feed`` is None where no server runs it.

    ``last_event_id`` is where the feed stood before the rows were read: who listens from there misses nothing.
    """

    rows: list[LiveRow]
    counts: DayCounts
    since: datetime
    feed: FeedStatus | None
    last_event_id: str | None = None


def snapshot(center: CommandCenter, since: datetime | None = None, most: int = ROWS) -> LiveSnapshot:
    """What the live page shows before the first event arrives.

    ``since`` is where the counts begin: midnight of whoever looks, today's midnight in UTC when None. Raises
    StoreUnavailable.
    """
    begin = since or day_begun(utc_now())
    after = last_event_id(center)
    return LiveSnapshot(
        rows=center.store.recent_scores(most, center.actor.seen_by),
        counts=center.store.day_counts(begin, center.actor.seen_by),
        since=begin,
        feed=feed_status(center),
        last_event_id=after,
    )


def last_event_id(center: CommandCenter) -> str | None:
    """The last event that the feed of this process has read, None where it runs none."""
    try:
        return f"{center.hub.position}-1"
    except FeedUnavailable:
        return None


def feed_status(center: CommandCenter) -> FeedStatus | None:
    """How the feed is, None where this process runs none."""
    try:
        return center.hub.status()
    except FeedUnavailable:
        return None


def tell(center: CommandCenter, event_type: str, **fields: object) -> None:
    """Tell whoever looks right now, here and in every process of the workspace, of something that is no record.

    ``cache_hit`` and ``batch_processing`` are such events: JSON values, gone with the moment, not sent again to
    a client that comes back. Costs microseconds, and raises nothing when Redis is gone; where this process runs no feed
    nobody is told. What belongs to the record goes through ``Store.add_event`` instead.
    """
    feed = center.feed
    if feed is not None:
        feed.teller.tell(event_type, fields)


def screen_token(center: CommandCenter, subject: str = "screen") -> str:
    """A token of a few minutes with which a page opens the live WebSocket, and nothing else."""
    return access.screen_token(center, subject)
