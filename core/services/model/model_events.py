"""What is told on the live feed when another model answers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from core.errors import StoreUnavailable
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter


def tell(center: CommandCenter, version: str, change: str) -> None:
    """Put a ``model_status`` event on the feed: ``change`` says what happened to the model."""
    from core.store.events import wire_time

    event = {
        "event_type": "model_status",
        "timestamp": wire_time(utc_now()),
        "model_version": version,
        "change": change,
    }
    with suppress(StoreUnavailable):  # the model answers all the same; nobody could be told
        center.store.add_event(event)
        center.wake_feed()
