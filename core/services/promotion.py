"""Which model answers: a change of it is told on the live feed, and kept with the record."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from core import registry
from core.errors import StoreUnavailable
from core.leads import utc_now

if TYPE_CHECKING:
    from core.services.center import CommandCenter


def promote(center: CommandCenter, version: str) -> None:
    """Let ``version`` answer. Raises what ``core.registry.promote`` raises."""
    registry.promote(center.models_dir, center.data_dir, version)
    _tell(center, version, "promoted")


def roll_back(center: CommandCenter) -> str:
    """Let the version before the present one answer again; returns which. Raises what the registry raises."""
    version = registry.roll_back(center.models_dir, center.data_dir)
    _tell(center, version, "rolled_back")
    return version


def _tell(center: CommandCenter, version: str, change: str) -> None:
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
