"""Results that a process keeps: for a while, or until the record changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any, Final, TypeVar

from core.leads import utc_now

MOST_VERSIONED: Final = 256  # a filter of a screen is a key of its own
MOST_FRESH: Final = 10_000  # areas are free text

Value = TypeVar("Value")


@dataclass(slots=True, eq=False)
class _Entry:
    """A result and the state of the record that it was computed from; one thread at a time computes it anew."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    version: int | None = None
    value: Any = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of the record that analyses stand on; they hold all that had happened ``at`` that moment."""

    version: int
    at: datetime
    looked_at: float  # on this process's own clock


def bounded(kept: dict[Hashable, Value], most: int, key: Hashable, compute: Callable[[], Value]) -> Value:
    """``compute()``, never None, once for a ``key`` of ``kept``, which holds at most ``most``; the oldest goes first.

    >>> kept = {}
    >>> [bounded(kept, 2, key, key.upper) for key in ("a", "b", "c", "b")], list(kept)
    (['A', 'B', 'C', 'B'], ['b', 'c'])
    """
    found = kept.get(key)
    if found is None:
        found = compute()
        while len(kept) >= most:
            kept.pop(next(iter(kept), None), None)
        kept[key] = found
    return found


class Kept:
    """Thread-safe and bounded; what was not asked for longest goes first.

    >>> kept = Kept()
    >>> [kept.per_version(version, "double", lambda: 2 * version) for version in (1, 1, 2)]
    [2, 2, 4]
    """

    def __init__(self) -> None:
        self._fresh: dict[Hashable, tuple[float, Any]] = {}
        self._versioned: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        self._seen: Seen | None = None

    def for_a_while(self, lifetime_s: float, key: Hashable, compute: Callable[[], Value]) -> Value:
        """``compute()``, at most ``lifetime_s`` seconds old, whatever has changed since."""
        kept = self._fresh.get(key)
        now = monotonic()
        if kept is None or now - kept[0] > lifetime_s:
            if len(self._fresh) > MOST_FRESH:
                self._fresh.clear()
            kept = (now, compute())
            self._fresh[key] = kept
        value: Value = kept[1]
        return value

    def per_version(self, version: int, key: Hashable, compute: Callable[[], Value]) -> Value:
        """``compute()`` once for each ``version`` of the record; who asks for another key does not wait for it."""
        with self._lock:
            entry = self._versioned.setdefault(key, _Entry())
            self._versioned.move_to_end(key)
            while len(self._versioned) > MOST_VERSIONED:
                self._versioned.popitem(last=False)
        with entry.lock:
            if entry.version != version:
                entry.value = compute()
                entry.version = version
            value: Value = entry.value
        return value

    def seen(self, version: int, behind_s: float) -> Seen:
        """The present ``version``, or while the record moves on an earlier one that was present ``behind_s`` ago.

        >>> kept = Kept()
        >>> [kept.seen(version, behind_s).version for version, behind_s in ((1, 60), (2, 60), (2, 0), (3, 60))]
        [1, 1, 2, 2]
        """
        with self._lock:
            now = monotonic()
            kept = self._seen
            if kept is None or kept.version == version or now - kept.looked_at >= behind_s:
                kept = self._seen = Seen(version, utc_now(), now)
            return kept

    def look_again(self) -> None:
        """Let analyses stand on what is recorded now, when they are next asked for."""
        with self._lock:
            self._seen = None

    def forget(self, key: Hashable) -> None:
        """Compute what ``for_a_while`` keeps under ``key`` anew when it is next asked for."""
        self._fresh.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._fresh.clear()
            self._versioned.clear()
            self._seen = None
