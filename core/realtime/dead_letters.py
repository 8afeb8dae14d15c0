"""Requests that were given up: to be looked at, tried again or dropped by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from core.errors import NotFound
from core.realtime.connection import connect, redis_errors
from core.realtime.events import StreamEntry
from core.realtime.lead_queue import DEAD, LEADS

PAGE = 500


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """``id`` is its place among the dead letters, by which it is tried again or dropped."""

    id: str
    key: str
    request: bytes
    reason: str
    tries: int

    @property
    def given_up_at(self) -> datetime:
        """When, by the server's clock.

        >>> DeadLetter("1763677000000-0", "k", b"", "", 5).given_up_at.isoformat()
        '2025-11-20T22:16:40+00:00'
        """
        return datetime.fromtimestamp(int(self.id.partition("-")[0]) / 1000, UTC)


class DeadLetters:
    """The dead letters of the Redis at ``url``. Every method raises FeedUnavailable."""

    def __init__(self, url: str) -> None:
        self._client = connect(url, retries=0)

    def all(self, most: int = PAGE) -> list[DeadLetter]:
        """The oldest first, ``most`` at most."""
        with redis_errors("reading the dead letters"):
            entries = cast("list[StreamEntry]", self._client.xrange(DEAD, count=most))
        return [_letter(entry_id, fields or {}) for entry_id, fields in entries]

    def retry(self, ids: Sequence[str]) -> int:
        """Put letters back at the end of the lead stream, with their tries at nought; returns how many.

        Raises NotFound for an id that is none of a dead letter; then nothing is moved.
        """
        letters = [self._letter(letter_id) for letter_id in ids]
        with redis_errors("trying dead letters again"), self._client.pipeline(transaction=True) as pipe:
            for letter in letters:
                pipe.xadd(LEADS, {"request": letter.request, "key": letter.key})
                pipe.xdel(DEAD, letter.id)
            pipe.execute()
        return len(letters)

    def drop(self, ids: Sequence[str]) -> int:
        """Delete letters for good; returns how many. Raises NotFound for an id that is none of a dead letter."""
        letters = [self._letter(letter_id) for letter_id in ids]
        if not letters:
            return 0
        with redis_errors("dropping dead letters"):
            return int(self._client.xdel(DEAD, *(letter.id for letter in letters)))

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _letter(self, letter_id: str) -> DeadLetter:
        number, _, rest = letter_id.partition("-")
        found: list[Any] = []
        if number.isascii() and number.isdigit() and rest.isascii() and rest.isdigit() and len(letter_id) < 40:
            with redis_errors("reading a dead letter"):
                found = cast("list[Any]", self._client.xrange(DEAD, letter_id, letter_id))
        if not found:
            raise NotFound(f"there is no dead letter {letter_id[:40]!r}; list them with: jorge worker dead")
        return _letter(*found[0])


def _letter(entry_id: bytes, fields: dict[bytes, bytes]) -> DeadLetter:
    def text(name: bytes) -> str:
        return fields.get(name, b"").decode(errors="replace")

    tries = text(b"tries")
    return DeadLetter(
        id=entry_id.decode(),
        key=text(b"key"),
        request=fields.get(b"request", b""),
        reason=text(b"reason"),
        tries=int(tries) if tries.isdigit() else 0,
    )
