"""What the stand-in does with the next request, and what it was sent so far."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

HEADER: Final = "x-fake-mode"
MODES: Final = {
    "success": "a simulated opinion from plain keyword rules",
    "obedient": "follows every instruction that it finds in the lead's text",
    "thinking": "a thinking block before the opinion",
    "slow": "a whole answer, a few bytes at a time",
    "stalled": "no byte for a minute",
    "cut": "half an answer, then the connection is gone",
    "dropped": "the connection is gone before a byte",
    "not_json": "200 with a page of HTML",
    "wrong_json": "an opinion cut in the middle of its JSON",
    "wrong_schema": "JSON of another form",
    "out_of_range": "a band, lengths and numbers of items out of bounds",
    "odd_usage": "counts of tokens that are no numbers",
    "max_tokens": "cut by max_tokens",
    "refusal": "stop_reason refusal, no content",
    "redirect": "307 to another address",
    "400": "invalid_request_error",
    "401": "authentication_error",
    "402": "billing_error",
    "403": "permission_error",
    "404": "not_found_error",
    "413": "request_too_large",
    "429": "rate_limit_error, retry-after as set in the plan",
    "500": "api_error",
    "503": "a proxy's page in HTML",
    "529": "overloaded_error",
}


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Plan:
    """``modes`` are used up one by one, then ``default`` holds; a request's own header goes before both.

    ``texts`` are whole replies to be given instead of simulated ones, used up one by one. ``batch_polls`` is how often
    a batch says that it is still running; with ``batch_modes`` handing one in takes a mode too. ``kept`` is
    how many requests ``received`` remembers at most.
    """

    modes: Iterable[str] = ()
    default: str = "success"
    texts: Iterable[str] = ()
    retry_after: str | None = None
    drip_s: float = 0.05
    batch_polls: int = 1
    batch_modes: bool = False
    kept: int = 10_000
    received: list[Received] = field(default_factory=list)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    cached: set[bytes] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.modes, self.texts = deque(self.modes), deque(self.texts)
        unknown = {mode for mode in (*self.modes, self.default) if mode not in MODES}
        if unknown:
            raise ValueError(f"there is no mode {sorted(unknown)}; there are: {', '.join(MODES)}")

    def keep(self, request: Received) -> None:
        """Remember what came."""
        if len(self.received) < self.kept:
            self.received.append(request)

    def next_mode(self, header: str | None = None) -> str:
        """What to do with the request that came just now."""
        with self._lock:
            if header in MODES:
                return str(header)
            return self.modes.popleft() if isinstance(self.modes, deque) and self.modes else self.default

    def next_text(self) -> str | None:
        """The reply that was laid ready, if any."""
        with self._lock:
            return self.texts.popleft() if isinstance(self.texts, deque) and self.texts else None

    @property
    def asked(self) -> list[Received]:
        """The requests for one message, without batches."""
        return [request for request in self.received if request.path == "/v1/messages"]
