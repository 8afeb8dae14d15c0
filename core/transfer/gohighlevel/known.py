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


def shares(known: Mapping[str, Known], event: Event) -> dict[str, dict[str, list[Any]]]:
    """What each contact knows of the entity of ``event`` after it; ``known`` is what each knew.

    All of an opportunity is the contact's that its newest event names, as when two contacts were merged in the CRM.
    The others keep the knowledge that there was one, which no order of the events may change, and nothing of it.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 1, tzinfo=UTC)
    >>> won = Event("w2", Kind.OPPORTUNITY, "ana", "op", at, {"status": "won"})
    >>> {who: len(state) for who, state in shares({"ann": {"00000000000000001/w1": ["1/w1", {}]}}, won).items()}
    {'ann': 0, 'ana': 2}
    """
    if event.kind is not Kind.OPPORTUNITY:
        return {event.contact_id: merged(known.get(event.contact_id), event)}
    everything = merged({stamp: told for state in known.values() for stamp, told in state.items()}, event)
    newest = max(everything)
    holder = next((contact for contact, state in known.items() if newest in state), event.contact_id)
    return {contact: everything if contact == holder else {} for contact in dict.fromkeys([*known, event.contact_id])}


def value_of(known: Known, field: str) -> Any:
    """The value that stands; None when nobody told."""
    found = known.get(field)
    return None if found is None else found[1]
