"""What is known of an entity of the CRM after any number of events, in whatever order they came.

Contacts, messages and appointments are maps of registers: of each field the value with the highest stamp stands, and
what an event does not tell it leaves alone. An opportunity is the set of its events. Both merge in any order and take
the same event twice without a change (Shapiro et al., "Conflict-free Replicated Data Types", 2011).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.transfer.gohighlevel.event import Event, Kind

Known = Mapping[str, list[Any]]
"""By field (of an opportunity: by stamp) the stamp and the value."""


def merged(known: Known | None, event: Event) -> dict[str, list[Any]]:
    """``known`` with ``event``.

    >>> from datetime import UTC, datetime
    >>> def named(name: str, second: int) -> Event:
    ...     at = datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)
    ...     return Event(f"w{second}", Kind.CONTACT, "c", "c", at, {"name": name})
    >>> old, new = named("Ana", 1), named("Ana Lima", 2)
    >>> merged(merged(None, new), old) == merged(merged(None, old), new)
    True
    """
    after = dict(known or {})
    stamp = event.stamp
    if event.kind is Kind.OPPORTUNITY:
        after[stamp] = [stamp, dict(event.told)]
        return after
    for field, value in event.told.items():
        before = after.get(field)
        if before is None or before[0] < stamp:
            after[field] = [stamp, value]
    if event.kind is Kind.APPOINTMENT and (status := event.told.get("status")):
        first = after.get(f"first:{status}")  # when it was first said to be booked, or kept
        if first is None or first[0] > stamp:
            after[f"first:{status}"] = [stamp, True]
    return after


def value_of(known: Known, field: str) -> Any:
    """The value that stands; None when nobody told."""
    found = known.get(field)
    return None if found is None else found[1]
