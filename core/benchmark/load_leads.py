"""Score requests for a load: distinct leads of about 1.5 KB with their messages, as a CRM would send them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import orjson

from core.sample import generate
from core.services.scores.wire import to_request

FEWEST_BYTES, MOST_BYTES = 1_300, 1_700
# Their 15,000 texts are several times what the reader of texts remembers, so that each is read anew on every turn.
LEADS: Final = 3_000
_END: Final = datetime(2026, 10, 1, tzinfo=UTC)


class Leads:
    """Bodies of requests without end, no two for the same lead. ``leads`` is how many different ones are drawn."""

    def __init__(self, leads: int = LEADS, seed: int = 7) -> None:
        drawn = (_of_size(to_request(item.history)) for item in generate(leads, seed, _END))
        self._data = [orjson.dumps(data) for data in drawn if data is not None]
        self._numbers = count()

    def one(self) -> tuple[str, bytes]:
        """The id of a lead that was not sent before, and the request to score it."""
        number = next(self._numbers)
        lead_id = f"load-{number}"
        data = self._data[number % len(self._data)]
        return lead_id, b'{"lead_id":"%b","lead_data":%b}' % (lead_id.encode(), data)

    def batch(self, size: int, *, parallel: bool = True) -> bytes:
        """The request to score ``size`` such leads at once; unless ``parallel`` one process is to read them."""
        options = b"true" if parallel else b"false"
        leads = b",".join(self.one()[1] for _ in range(size))
        return b'{"leads":[%b],"options":{"parallel_processing":%b}}' % (leads, options)


def _of_size(request: dict[str, Any]) -> dict[str, Any] | None:
    """What is known of a lead, its last messages left out until it fits; None for one of whom too little is known."""
    data: dict[str, Any] = request["lead_data"]
    touches = data["interaction_history"]
    while touches and len(orjson.dumps(data)) > MOST_BYTES:
        touches.pop()
    return data if FEWEST_BYTES <= len(orjson.dumps(data)) <= MOST_BYTES else None
