"""One webhook of GoHighLevel, checked and in our words.

A contact event names the contact ``id``, every other ``contactId``; an inbound call comes as ``OutboundMessage``, so
that ``direction`` counts and not the type; ``to`` is a text or a list; most fields may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from core.errors import InputError
from core.leads.clock import EPOCH
from core.transfer.dates import DateReader

MOST_ID: Final = 100
_WORDS: Final = {
    "name": "name",
    "firstName": "first_name",
    "lastName": "last_name",
    "email": "email",
    "phone": "phone",
    "source": "source",
    "assignedTo": "agent",
    "dateAdded": "created_at",
}
_MESSAGE: Final = ("body", "contentType", "messageType", "direction", "subject", "dateAdded", "from")
_OPPORTUNITY: Final = ("pipelineId", "pipelineStageId", "status", "source", "dateAdded")
_STAGE_NAMES: Final = ("pipelineStageName", "stageName", "pipelineStage")


class Kind(StrEnum):
    """What an event is about."""

    CONTACT = "contact"
    MESSAGE = "message"
    OPPORTUNITY = "opportunity"
    APPOINTMENT = "appointment"


KNOWN_TYPES: Final = {
    "ContactCreate": Kind.CONTACT,
    "ContactUpdate": Kind.CONTACT,
    "ContactTagUpdate": Kind.CONTACT,
    "ContactDelete": Kind.CONTACT,
    "InboundMessage": Kind.MESSAGE,
    "OutboundMessage": Kind.MESSAGE,
    "OpportunityCreate": Kind.OPPORTUNITY,
    "OpportunityStageUpdate": Kind.OPPORTUNITY,
    "OpportunityStatusUpdate": Kind.OPPORTUNITY,
    "OpportunityMonetaryValueUpdate": Kind.OPPORTUNITY,
    "AppointmentCreate": Kind.APPOINTMENT,
    "AppointmentUpdate": Kind.APPOINTMENT,
}


@dataclass(frozen=True, slots=True)
class Event:
    """What one webhook told of the entity ``entity_id`` of a contact; ``stamp`` orders all events of an entity."""

    webhook_id: str
    kind: Kind
    contact_id: str
    entity_id: str
    sent_at: datetime
    told: Mapping[str, Any]

    @property
    def stamp(self) -> str:
        """Sorts by the moment of sending, then by id: the same order wherever and whenever events are compared."""
        micros = int((self.sent_at - EPOCH).total_seconds() * 1_000_000)
        return f"{micros:017d}/{self.webhook_id}"


def parse_event(payload: Mapping[str, Any], webhook_id: str, sent_at: datetime) -> Event:
    """The event in a payload of one of ``KNOWN_TYPES``. Raises InputError for one that names nobody."""
    sent_type = payload["type"]
    kind = KNOWN_TYPES[sent_type]
    if kind is Kind.CONTACT:
        contact_id = _id(payload, "id")
        told = {"deleted": True, "ever_deleted": True} if sent_type == "ContactDelete" else _contact(payload)
        return Event(webhook_id, kind, contact_id, contact_id, sent_at, told)
    if kind is Kind.APPOINTMENT:
        inner = payload.get("appointment")
        payload = inner if isinstance(inner, Mapping) else payload
    contact_id = _id(payload, "contactId")
    if kind is Kind.MESSAGE:
        told = _message(payload, sent_type)
        entity_id = _text(payload.get("messageId"))[:MOST_ID] or _likeness(told)
    elif kind is Kind.OPPORTUNITY:
        told, entity_id = _opportunity(payload), _id(payload, "id")
    else:
        told, entity_id = _appointment(payload), _id(payload, "id")
    return Event(webhook_id, kind, contact_id, entity_id, sent_at, told)


def moment(value: Any) -> datetime | None:
    """A moment as these events write it: ISO 8601, or milliseconds since 1970; None for anything else.

    >>> moment("2026-06-08T10:28:39.000Z").isoformat(), moment(1780914519000).isoformat(), moment("soon")
    ('2026-06-08T10:28:39+00:00', '2026-06-08T10:28:39+00:00', None)
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return DateReader()(str(value).strip()[:60])
    except ValueError:
        return None


def _contact(payload: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {ours: text for theirs, ours in _WORDS.items() if (text := _text(payload.get(theirs)))}
    told["deleted"] = False
    if isinstance(tags := payload.get("tags"), list):
        told["tags"] = [text for tag in tags[:200] if (text := _text(tag))]
    custom = payload.get("customFields")
    for field in custom[:500] if isinstance(custom, list) else ():
        if isinstance(field, Mapping) and (name := _text(field.get("id"))[:MOST_ID]):
            value = field.get("value", field.get("field_value"))
            text = ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
            told |= {f"custom:{name}": text} if text else {}
    return told


def _message(payload: Mapping[str, Any], sent_type: str) -> dict[str, Any]:
    told = {name: text for name in _MESSAGE if (text := _text(payload.get(name)))}
    told.setdefault("direction", "inbound" if sent_type == "InboundMessage" else "outbound")
    told["direction"] = "inbound" if told["direction"].lower() == "inbound" else "outbound"
    to = payload.get("to")
    if text := _text(to[0] if isinstance(to, list) and to else to):
        told["to"] = text
    return told


def _opportunity(payload: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: text for name in _OPPORTUNITY if (text := _text(payload.get(name)))}
    name = next((text for key in _STAGE_NAMES if (text := _text(payload.get(key)))), "")
    if name:
        told["stageName"] = name
    if value := _text(payload.get("monetaryValue")):
        told["value"] = value
    return told


def _appointment(payload: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {"appointmentStatus": "status", "appoinmentStatus": "status", "startTime": "start", "title": "title"}
    return {ours: text for theirs, ours in wanted.items() if (text := _text(payload.get(theirs)))}


def _id(payload: Mapping[str, Any], name: str) -> str:
    found = _text(payload.get(name))
    if not found or len(found) > MOST_ID:
        raise InputError(f"{name} is missing or longer than {MOST_ID} characters; the event names no one")
    return found


def _likeness(told: Mapping[str, Any]) -> str:
    """An id for a message that came without one: the same for the same words at the same moment."""
    same = "\x00".join(f"{name}={told[name]}" for name in sorted(told))
    return "like-" + blake2b(same.encode(), digest_size=16).hexdigest()


def _text(value: Any) -> str:
    """A text or a number as text that any database takes; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode().strip()
