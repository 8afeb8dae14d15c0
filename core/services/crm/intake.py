"""Takes the webhooks of GoHighLevel: what is acknowledged is in the record, and worked through afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson

from core.errors import Forbidden, InputError, JorgeError, SettingsError, Unauthenticated
from core.leads import utc_now
from core.services.access import Right, for_right
from core.services.crm import rules
from core.services.crm.names import locations
from core.services.crm.signature import is_signed, keys_in
from core.store.crm import CrmEvent, EventState
from core.transfer.gohighlevel import KNOWN_TYPES
from core.transfer.gohighlevel.event import moment

if TYPE_CHECKING:
    from core.services.center import CommandCenter

WINDOW: Final = timedelta(minutes=5)
MOST_BYTES: Final = 1_000_000
_LONGEST_ID, _LONGEST_TYPE = 200, 100


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a webhook: kept (``duplicate``: it was known), and whether its type means anything for a lead."""

    webhook_id: str
    event_type: str
    duplicate: bool
    known_type: bool


def take(center: CommandCenter, body: bytes, signature: str | None, now: datetime | None = None) -> Taken:
    """Check a webhook and keep it; the event is on the disk when this returns.

    Raises Forbidden when no webhooks are taken, or of a location that is not ours, Unauthenticated without a valid
    signature, InputError for a payload that cannot be used, StoreUnavailable.
    """
    try:
        return _taken(center, body, signature, now or utc_now())
    except _Refused as refused:
        center.crm.refusals.add(refused.reason)
        raise refused.error from refused.__cause__
    except InputError:
        center.crm.refusals.add("cannot be read")
        raise


class _Refused(Exception):
    """A refusal with the short name under which it is counted."""

    def __init__(self, reason: str, error: JorgeError) -> None:
        super().__init__(reason)
        self.reason, self.error = reason, error


@for_right(Right.SETTINGS)
def try_again(center: CommandCenter) -> int:
    """Let the events that failed wait again, and work them now; returns how many. Raises StoreUnavailable."""
    waiting = center.store.crm.again()
    center.crm.wake()
    return waiting


def _taken(center: CommandCenter, body: bytes, signature: str | None, now: datetime) -> Taken:
    _check_sender(center, body, signature)
    payload = _payload(body)
    event_type = _named(payload, "type", _LONGEST_TYPE)
    webhook_id = _named(payload, "webhookId", _LONGEST_ID)
    sent_at = _sent_at(payload, now)
    _check_location(center, payload)
    known = event_type in KNOWN_TYPES
    event = CrmEvent(
        webhook_id,
        event_type,
        sent_at,
        now,
        state=EventState.WAITING if known else EventState.IGNORED,
        payload=payload if known else None,
    )
    fresh = center.store.crm.receive(event)
    if fresh and known:
        center.crm.wake()
    return Taken(webhook_id, event_type, duplicate=not fresh, known_type=known)


def _check_sender(center: CommandCenter, body: bytes, signature: str | None) -> None:
    setting = center.settings.jorge_ghl_webhook_keys
    if not setting:
        told = "webhooks are not taken: set JORGE_GHL_WEBHOOK_KEYS to the public key of the sender"
        raise _Refused("no key is set", Forbidden(told))
    if not rules.is_on(center):
        told = "webhooks are switched off on the settings page; switch them on there"
        raise _Refused("switched off", Forbidden(told))
    try:
        keys = keys_in(setting)
    except SettingsError as error:
        told = "webhooks are not taken: JORGE_GHL_WEBHOOK_KEYS cannot be used"
        raise _Refused("no key is set", Forbidden(told)) from error
    if not signature:
        told = "the header x-wh-signature is missing; send the signature of the body"
        raise _Refused("no signature", Unauthenticated(told))
    if not is_signed(body, signature.strip(), keys):
        told = "the signature does not fit the body and any key of JORGE_GHL_WEBHOOK_KEYS"
        raise _Refused("wrong signature", Unauthenticated(told))


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise InputError("The body is not JSON in UTF-8; correct it.") from error
    if not isinstance(payload, dict):
        raise InputError("the body is no JSON object; send one event as an object")
    return payload


def _named(payload: Mapping[str, Any], name: str, longest: int) -> str:
    value = payload.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise InputError(f"{name} is missing or no text of 1 to {longest} characters; send it with every event")
    return value


def _sent_at(payload: Mapping[str, Any], now: datetime) -> datetime:
    sent_at = moment(payload.get("timestamp"))
    if sent_at is None:
        raise InputError("timestamp is missing or no moment in ISO 8601; send it with every event")
    if abs(now - sent_at) > WINDOW:
        told = "timestamp is more than 5 minutes from now; check both clocks, and send the event again"
        raise _Refused("too old or too new", InputError(told))
    return sent_at


def _check_location(center: CommandCenter, payload: Mapping[str, Any]) -> None:
    allowed = locations(center)
    if allowed and payload.get("locationId") not in allowed:
        told = "the event is of a location that is not in JORGE_GHL_LOCATION_IDS"
        raise _Refused("another location", Forbidden(told))
