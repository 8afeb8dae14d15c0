"""How often a caller may call: counted in Redis, so that all servers of a team count together.

A sliding window of a minute, made of two counters: a fixed window would let twice as many pass around its turn, and a
list of every call's time would cost Redis memory for each of them. While Redis is away each server counts by itself.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from enum import StrEnum
from time import monotonic, time
from typing import TYPE_CHECKING, Final

from core.errors import FeedUnavailable, TooManyRequests
from core.settings import Settings

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import SlidingWindowCounterRateLimiter

    from core.services.access.caller import Caller
    from core.services.center import CommandCenter

REST_S: Final = 1.0
NEVER: Final = float("-inf")
PREFIX: Final = "jorge:calls"


class Rate(StrEnum):
    """Calls that are counted together."""

    SCORE = "score"
    BATCH = "batch"
    READ = "read"


def per_minute(settings: Settings) -> dict[Rate, int]:
    """Most calls in a minute; 0 for no limit."""
    return {
        Rate.SCORE: settings.jorge_rate_limit_score_per_minute,
        Rate.BATCH: settings.jorge_rate_limit_batch_per_minute,
        Rate.READ: settings.jorge_rate_limit_read_per_minute,
    }


def is_counted(center: CommandCenter, caller: Caller, rate: Rate) -> bool:
    """Whether there is a limit for this caller's calls."""
    return caller.counted and per_minute(center.settings)[rate] > 0


def count_call(center: CommandCenter, caller: Caller, rate: Rate) -> None:
    """Count a call. Raises TooManyRequests when the caller has had enough of them in the last minute."""
    if is_counted(center, caller, rate):
        limiter_of(center).count(caller.name, rate)


def limiter_of(center: CommandCenter) -> Limiter:
    """The limiter of this process, made when it is first asked for: its library takes a tenth of a second to load."""
    state = center.access
    with state.making:
        if state.limiter is None:
            state.limiter = Limiter(per_minute(center.settings), lambda: _redis_url(center))
        return state.limiter


def _redis_url(center: CommandCenter) -> str | None:
    feed = center.feed
    return center.settings.jorge_redis_url if feed is None else feed.redis_url


class Limiter:
    """Counts calls in the Redis at ``url()``, and in memory while there is none or it fails. Thread-safe.

    A failure costs one caller a time-out; then Redis is left alone for a second, and asked again by one caller.
    """

    def __init__(self, most: dict[Rate, int], url: Callable[[], str | None]) -> None:
        from limits import RateLimitItemPerMinute
        from limits.storage import MemoryStorage
        from limits.strategies import SlidingWindowCounterRateLimiter

        self._items = {rate: RateLimitItemPerMinute(n, namespace=rate.value) for rate, n in most.items() if n}
        self._local = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._url = url
        self._shared: tuple[str, SlidingWindowCounterRateLimiter] | None = None
        self._rests_until = NEVER
        self._trying = threading.Lock()

    def count(self, who: str, rate: Rate) -> None:
        """Count a call of ``who``. Raises TooManyRequests when that is one too many."""
        item = self._items[rate]
        wait_s = self._wait_s(item, who)
        if wait_s is not None:
            raise TooManyRequests(
                f"calls of this kind are limited to {item.amount:,} a minute; wait {wait_s} s", retry_after_s=wait_s
            )

    def close(self) -> None:
        """Close the connections."""
        if self._shared is not None:
            self._shared[1].storage.storage.close()  # type: ignore[attr-defined]  # the client of RedisStorage

    def _wait_s(self, item: RateLimitItem, who: str) -> int | None:
        """Whole seconds until the next call is worth trying; None when this one may pass."""
        shared = self._shared_now()
        if shared is not None:
            from core.realtime.connection import redis_errors

            try:
                with redis_errors("counting calls"):
                    wait_s = _hit(shared, item, who)
            except FeedUnavailable:
                self._rests_until = monotonic() + REST_S
            else:
                self._rests_until = NEVER
                return wait_s
        return _hit(self._local, item, who)

    def _shared_now(self) -> SlidingWindowCounterRateLimiter | None:
        if self._rests_until > NEVER and not self._may_try():
            return None
        url = self._url()
        if url is None:
            return None
        if self._shared is None or self._shared[0] != url:
            self._shared = (url, _in_redis(url))
        return self._shared[1]

    def _may_try(self) -> bool:
        with self._trying:
            now = monotonic()
            if now < self._rests_until:
                return False
            self._rests_until = now + REST_S
            return True


def _in_redis(url: str) -> SlidingWindowCounterRateLimiter:
    from limits.storage import RedisStorage
    from limits.strategies import SlidingWindowCounterRateLimiter

    from core.realtime.connection import connect

    pool = connect(url, retries=0, name="jorge-limits").connection_pool
    return SlidingWindowCounterRateLimiter(RedisStorage("redis://", connection_pool=pool, key_prefix=PREFIX))


def _hit(limiter: SlidingWindowCounterRateLimiter, item: RateLimitItem, who: str) -> int | None:
    if limiter.hit(item, who):
        return None
    return max(1, math.ceil(limiter.get_window_stats(item, who).reset_time - time()))
