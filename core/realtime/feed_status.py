"""What is said of the feed: where events come from, and whether they come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

FeedWay = Literal["redis", "sql"]


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """Where events come from, whether they come, since when, and what to tell the user about it."""

    source: FeedWay
    ok: bool
    since: datetime
    detail: str

    def then(self, source: FeedWay, ok: bool, detail: str) -> FeedStatus:
        """The status that follows: ``since`` stays while source and ``ok`` do."""
        same = (self.source, self.ok) == (source, ok)
        if same and self.detail == detail:
            return self
        return FeedStatus(source, ok, self.since if same else datetime.now(UTC), detail)
