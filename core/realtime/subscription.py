"""One reader's place in the feed: what it missed first, then what arrives."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Protocol

from core.realtime.events import FeedEvent

PAGE = 500


class Places(Protocol):
    """What a subscription needs of the hub. All but ``enter`` and ``leave`` may block, and run in a thread."""

    @property
    def position(self) -> int: ...
    def place(self, after: str | None) -> int | None: ...
    def missed(self, after: int, most: int) -> list[FeedEvent]: ...
    def enter(self, subscription: Subscription) -> None: ...
    def leave(self, subscription: Subscription) -> None: ...


class Subscription:
    """An async context manager and iterator of events, for one asyncio task.

    Up to ``most`` events wait for a slow reader; then the oldest are dropped and counted in ``dropped``, or with
    ``every`` fetched again when the reader gets to them. The iteration ends when the hub closes. Everything here
    runs in the reader's own loop, so nothing needs a lock.
    """

    def __init__(self, hub: Places, after: str | None, most: int, every: bool) -> None:
        self._hub = hub
        self._after = after
        self._most = most
        self._every = every
        self._ready = asyncio.Event()
        self._queue: deque[FeedEvent] = deque()
        self._last = 0
        self._behind = False
        self._ended = False
        self.loop = asyncio.get_running_loop()
        self.dropped = 0

    async def __aenter__(self) -> Subscription:
        start = await asyncio.to_thread(self._hub.place, self._after)
        self._hub.enter(self)
        position = self._hub.position
        self._last = position if start is None else start
        self._behind = self._last < position
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hub.leave(self)

    @property
    def position(self) -> int:
        """The number of the last event that this reader has, or has waiting."""
        return self._last

    def leave(self) -> None:
        """Take no more, and let go of what waits."""
        self._hub.leave(self)
        self._queue.clear()
        self.end()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> FeedEvent:
        await self._wait()
        return self._queue.popleft()

    async def batch(self) -> list[FeedEvent]:
        """All events that wait, at least one; waits for it. Raises StopAsyncIteration when the hub closes."""
        await self._wait()
        events = list(self._queue)
        self._queue.clear()
        return events

    async def _wait(self) -> None:
        while not self._queue:
            if self._behind:
                await self._catch_up()
            elif self._ended:
                raise StopAsyncIteration
            else:
                self._ready.clear()
                await self._ready.wait()

    async def _catch_up(self) -> None:
        before = self._hub.position
        page = await asyncio.to_thread(self._hub.missed, self._last, PAGE)
        if page:
            self._queue.extend(page)
            self._last = page[-1].seq
        else:
            self._last = max(self._last, before)  # the record itself no longer has them
        # The hub moves its position before it delivers: what lies above it now will still be pushed here.
        self._behind = self._last < self._hub.position and not self._ended

    def push(self, events: Sequence[FeedEvent]) -> None:
        """Queue what is new to this reader; while it catches up it reads these itself."""
        if self._behind:
            return
        for event in events:
            # An event of the moment counts where this reader stands, or not at all: its id says where to go on.
            wanted = event.seq == self._last if event.passing else event.seq > self._last
            if not wanted:
                continue
            if len(self._queue) >= self._most:
                if event.passing:
                    continue
                if self._every:
                    self._behind = True
                    return
                self._queue.popleft()
                self.dropped += 1
            self._queue.append(event)
            self._last = event.seq
        self._ready.set()

    def restart(self, position: int) -> None:
        """Go on from ``position`` in a record that has replaced the one this reader knew."""
        self._last = position
        self._behind = False

    def end(self) -> None:
        """Finish the iteration once what waits has been read."""
        self._ended = True
        self._ready.set()
