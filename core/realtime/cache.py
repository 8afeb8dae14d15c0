"""Scores that were computed a short while ago, kept in Redis; anything wrong with it only means computing again."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import orjson
from redis import Redis
from redis.exceptions import ResponseError

from core.errors import FeedUnavailable
from core.realtime.connection import redis_errors

PREFIX = "jorge:score:"
LONGEST_S = 900
REST_S = 1.0

T = TypeVar("T")


def lifetime_s(confidence: float) -> int:
    """How long a score is kept, in seconds: the surer, the longer. ``confidence`` lies in [0, 1].

    >>> [lifetime_s(confidence) for confidence in (0.97, 0.95, 0.9, 0.85, 0.6)]
    [900, 900, 600, 600, 300]
    """
    if confidence >= 0.95:
        return LONGEST_S
    return 600 if confidence >= 0.85 else 300


def cache_key(*parts: object) -> str:
    """A key for everything that a score depends on: equal parts give equal keys, different ones different keys.

    Parts are JSON values, dates, decimals, bytes, numpy arrays and lists or dicts of them; the order of a dict's
    keys does not matter, types do (but an enum member is its value). Raises TypeError for anything else.

    >>> cache_key({"a": 1, "b": 2}, "v1") == cache_key({"b": 2, "a": 1}, "v1")
    True
    >>> len({cache_key("a", "b"), cache_key("ab"), cache_key(["a", "b"]), cache_key(1), cache_key("1")})
    5
    """
    digest = hashlib.blake2b(digest_size=20)
    options = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME
    for part in parts:
        try:
            data = orjson.dumps(part, default=_plain, option=options)
        except TypeError as error:  # the writer hides what _plain says behind words of its own
            raise TypeError(str(error.__cause__ or error)) from error
        digest.update(b"%d:" % len(data) + data)
    return PREFIX + digest.hexdigest()


def _plain(value: object) -> dict[str, Any]:
    import numpy as np  # plain JSON values, the most common parts, do without

    name = f"\0{type(value).__name__}"  # no dict of JSON values looks like this by accident
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError("an array of objects cannot be part of a key; pass a list")
        return {name: [str(array.dtype), list(array.shape), array.tobytes().hex()]}
    if isinstance(value, bytes):
        return {name: value.hex()}
    if isinstance(value, Decimal):
        return {name: str(value)}
    if isinstance(value, datetime | date):
        return {name: value.isoformat()}
    raise TypeError(f"{name[1:]} cannot be part of a key; pass JSON values, dates, decimals, bytes or numpy arrays")


class ScoreCache:
    """Get and set JSON objects by key. Never raises for Redis's sake: an outage is a miss.

    After a failure Redis is left alone for a second, and then asked by one caller at a time, so that an outage
    costs one caller one time-out and the others nothing. ``client`` None is a cache that is always empty.
    """

    def __init__(self, client: Redis | None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = threading.Lock()
        self._rests_until: float | None = None

    def get(self, key: str, read: Callable[[dict[str, Any]], T]) -> T | None:
        """What was stored, turned by ``read`` into the caller's own type; None for a miss.

        An entry that is not a JSON object, or from which ``read`` raises ValueError, TypeError, KeyError or
        AttributeError, is a miss, and is removed.
        """
        return self.get_all((key,), read)[0]

    def get_all(self, keys: Sequence[str], read: Callable[[dict[str, Any]], T]) -> list[T | None]:
        """``get`` of each key, asked for in one go."""
        found = self._ask("reading cached scores", lambda client: _get_all(client, keys))
        if found is None:
            return [None] * len(keys)
        return [None if data is None else self._read(key, data, read) for key, data in zip(keys, found, strict=True)]

    def set(self, key: str, value: dict[str, Any], confidence: float) -> bool:
        """Keep ``value`` (JSON) as long as ``confidence`` earns; whether it was kept."""
        return self.set_all(((key, value, confidence),))

    def set_all(self, entries: Sequence[tuple[str, dict[str, Any], float]]) -> bool:
        """``set`` of each key, value and confidence, sent in one go; whether all were kept."""
        return bool(self._ask("caching scores", lambda client: _set_all(client, entries)))

    def _read(self, key: str, data: bytes, read: Callable[[dict[str, Any]], T]) -> T | None:
        try:
            entry = orjson.loads(data)
            if not isinstance(entry, dict):
                raise TypeError("a cached score is a JSON object")
            return read(entry)
        except (ValueError, TypeError, KeyError, AttributeError):
            self._ask("removing a broken cached score", lambda client: client.delete(key))
            return None

    def _ask(self, doing: str, call: Callable[[Redis], T]) -> T | None:
        if self._client is None or not self._may_ask():
            return None
        try:
            with redis_errors(doing):
                answer = call(self._client)
        except FeedUnavailable:
            self._rests_until = self._clock() + REST_S
            return None
        self._rests_until = None
        return answer

    def _may_ask(self) -> bool:
        """Yes while Redis is well; after a failure, for the first caller of each second."""
        if self._rests_until is None:
            return True
        with self._lock:
            now = self._clock()
            if self._rests_until is not None and now < self._rests_until:
                return False
            self._rests_until = now + REST_S
            return True


def _get_all(client: Redis, keys: Sequence[str]) -> list[bytes | None]:
    with client.pipeline(transaction=False) as pipe:
        for key in keys:
            pipe.get(key)
        return [_entry(found) for found in pipe.execute(raise_on_error=False)]


def _entry(found: object) -> bytes | None:
    if found is None or isinstance(found, bytes):
        return found
    if isinstance(found, ResponseError) and str(found).startswith("WRONGTYPE"):
        return b"not a score"  # read as a broken entry, and removed
    raise found if isinstance(found, Exception) else ResponseError("what was read is no text")


def _set_all(client: Redis, entries: Sequence[tuple[str, dict[str, Any], float]]) -> bool:
    with client.pipeline(transaction=False) as pipe:
        for key, value, confidence in entries:
            pipe.set(key, orjson.dumps(value), ex=lifetime_s(confidence))
        return all(pipe.execute())
