"""What a client of the live WebSocket says: what it wants to hear, and where it left off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from core.api.hosts import REFUSED

EVENTS: Final = (
    "lead_scored", "lead_escalated", "opinion_received", "outcome_recorded", "model_status", "cache_hit",
    "batch_processing", "lead_erased", "heartbeat",
)  # fmt: skip
_LONGEST_SHOWN: Final = 30  # characters of a name: a close frame has room for 123 bytes


class Bye(Exception):
    """The conversation ends, with a close code and a sentence."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass(slots=True)
class Wishes:
    """What a client wants to hear; everything until it says."""

    events: frozenset[str] | None = None
    min_score: float = 0.0

    @classmethod
    def said_in(cls, message: Mapping[str, Any]) -> Wishes:
        """What a subscription asks for. Raises Bye for one that makes no sense."""
        events, low = message.get("events"), message.get("min_score", 0)
        named = isinstance(events, list) and len(events) <= 50 and all(isinstance(name, str) for name in events)
        if events is not None and not named:
            raise Bye(REFUSED, "events must be a list of names")
        if isinstance(low, bool) or not isinstance(low, int | float) or not 0 <= low <= 100:
            raise Bye(REFUSED, "min_score must be a number from 0 to 100")
        _check_known(events or ())
        return cls(None if events is None else frozenset(events), float(low))

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


def _check_known(names: Iterable[str]) -> None:
    """Raise Bye for a name that no event has: whoever waited for it would wait for ever."""
    for name in names:
        if name not in EVENTS:
            near = get_close_matches(name, EVENTS, 1)
            told = f"is {near[0]} meant?" if near else "lead_scored is one;"
            raise Bye(REFUSED, f"no event is called {ascii(name)[:_LONGEST_SHOWN]}; {told} docs/live-feed.md has all")


def left_off(message: Mapping[str, Any]) -> str | None:
    """After which event a client wants to go on; None when it does not say."""
    after = message.get("last_event_id")
    return after if isinstance(after, str) else None
