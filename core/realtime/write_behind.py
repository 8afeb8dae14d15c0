"""Scores on their way into the cache: many share a call of Redis, after those who asked for them have their answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from core.realtime.cache import ScoreCache
from core.realtime.gathering import Gathering

GATHER_S: Final = 0.05
MOST: Final = 2_000  # that wait, while Redis is slow; what comes then is not kept
Entry = tuple[str, dict[str, Any], float]  # what ``ScoreCache.set`` takes


class WriteBehind:
    """What waits for the cache by name, made into entries when it is handed over, within 50 ms. Safe in any thread.

    Whoever looks for something by a name that is ``in`` it calls ``hand_over`` first, and then finds it in the cache.
    """

    def __init__(self, cache: ScoreCache, *, gather_s: float = GATHER_S) -> None:
        self._cache = cache
        self._waiting: dict[str, Callable[[], Entry]] = {}
        self._leaving: Mapping[str, Callable[[], Entry]] = {}
        self._changing = threading.Lock()
        self._handing = threading.Lock()
        self._gathering = Gathering("score-keeper", self.hand_over, gather_s)

    def start(self) -> WriteBehind:
        """Start its thread; returns itself."""
        self._gathering.start()
        return self

    def add(self, name: str, entry: Callable[[], Entry]) -> None:
        """Let ``entry`` be kept soon, in place of what waits by the same name."""
        with self._changing:
            if len(self._waiting) < MOST or name in self._waiting:
                self._waiting[name] = entry
        self._gathering.wake()

    def __contains__(self, name: str) -> bool:
        with self._changing:
            return name in self._waiting or name in self._leaving

    def hand_over(self) -> None:
        """Let the cache have all that waits; returns when it has, or has refused it."""
        with self._handing:
            with self._changing:
                self._leaving, self._waiting = self._waiting, {}
            try:
                if self._leaving:
                    self._cache.set_all([entry() for entry in self._leaving.values()])
            finally:
                self._leaving = {}

    def close(self) -> None:
        """Stop, after what waits."""
        self._gathering.close()
