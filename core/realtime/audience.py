"""Who listens in this process: events go to each reader in its own loop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from core.realtime.events import FeedEvent
from core.realtime.subscription import Subscription


class Audience:
    """The readers that are here now. Safe in any thread."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._subscriptions)

    def enter(self, subscription: Subscription) -> None:
        """Deliver to ``subscription`` from now on."""
        with self._lock:
            self._subscriptions.add(subscription)

    def leave(self, subscription: Subscription) -> None:
        """Deliver no more."""
        with self._lock:
            self._subscriptions.discard(subscription)

    def push(self, events: Sequence[FeedEvent]) -> None:
        """Hand ``events`` to everyone."""
        self._each(lambda subscription: subscription.push(events))

    def restart(self, position: int) -> None:
        """Let everyone go on from ``position`` in a record that has replaced the one they knew."""
        self._each(lambda subscription: subscription.restart(position))

    def end(self) -> None:
        """End every reader's iteration."""
        self._each(lambda subscription: subscription.end())

    def _each(self, call: Callable[[Subscription], None]) -> None:
        """Call for every subscription in its own loop, with one wake-up per loop."""
        with self._lock:
            everyone = list(self._subscriptions)
        for loop in {subscription.loop for subscription in everyone}:
            mine = [subscription for subscription in everyone if subscription.loop is loop]
            try:
                loop.call_soon_threadsafe(_call_all, call, mine)
            except RuntimeError:  # the loop was closed with readers in it
                for subscription in mine:
                    self.leave(subscription)


def _call_all(call: Callable[[Subscription], None], subscriptions: Sequence[Subscription]) -> None:
    for subscription in subscriptions:
        call(subscription)
