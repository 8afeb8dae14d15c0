"""What a client of the live WebSocket wants to hear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Wishes:
    """What a client wants to hear; everything until it says."""

    events: frozenset[str] | None = None
    min_score: float = 0.0

    def fits(self, event: Mapping[str, Any]) -> bool:
        """Whether ``event`` is wanted. Only an event with a score can be too low.

        >>> wishes = Wishes(frozenset({"lead_scored"}), min_score=80)
        >>> wishes.fits({"event_type": "lead_scored", "ml_score": 79.9}), wishes.fits({"event_type": "cache_hit"})
        (False, False)
        """
        if self.events is not None and event.get("event_type") not in self.events:
            return False
        score = event.get("ml_score")
        return not isinstance(score, int | float) or score >= self.min_score
