"""Does the cache keep a score, forget it in time, and survive an entry that is none?"""

from __future__ import annotations

from time import sleep
from typing import Any
from uuid import uuid4

from redis import Redis

from core.errors import JorgeError
from core.realtime import ScoreCache, cache_key, connect, lifetime_s, redis_errors
from core.validation.room import Room

CONFIDENCE = 0.9
SOON_MS, WAIT_S = 1, 0.02


class CacheWrong(JorgeError):
    """The cache does not do what it should."""


def look(room: Room) -> str:
    """Raises CacheWrong, FeedUnavailable. What it stores is removed again."""
    configured = room.settings.jorge_redis_url
    client = connect(configured or room.center.redis_url)
    key = cache_key("validate", uuid4().hex)
    try:
        with redis_errors("caching"):
            client.ping()
            try:
                _try(client, ScoreCache(client), key)
            finally:
                client.delete(key)
    finally:
        client.close()
    return f"kept, found, expired and poisoned on {'the configured' if configured else 'an embedded'} Redis"


def _try(client: Redis, cache: ScoreCache, key: str) -> None:
    entry = {"score": 82.5}
    _require(cache.get(key, _whole) is None, "an entry was found before it was kept")
    _require(cache.set(key, entry, CONFIDENCE), "an entry was not kept")
    _require(cache.get(key, _whole) == entry, "an entry came back with other values")
    left_s = client.ttl(key)
    allowed_s = lifetime_s(CONFIDENCE)
    _require(isinstance(left_s, int) and 0 < left_s <= allowed_s, f"an entry lives {left_s} s instead of {allowed_s}")
    client.pexpire(key, SOON_MS)
    sleep(WAIT_S)
    _require(cache.get(key, _whole) is None, "an entry outlived its time")
    client.set(key, b"\x00 not a score", ex=allowed_s)
    _require(cache.get(key, _whole) is None, "a poisoned entry was taken for a score")
    _require(not client.exists(key), "a poisoned entry was not removed")


def _whole(entry: dict[str, Any]) -> dict[str, Any]:
    return entry


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise CacheWrong(otherwise)
