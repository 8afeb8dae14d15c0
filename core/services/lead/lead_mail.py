"""Leads that portals send by e-mail, or as fields of Lead Metadata 1.0: stored, scored, and each mail once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import orjson

from core.errors import InputError
from core.leads import Lead, LeadHistory, utc_now
from core.services.access import may_send
from core.store import StoredScore
from core.transfer.gohighlevel.event import moment
from core.transfer.lead_mail import METADATA, Mail, MailedLead, lead_of_fields, lead_of_mail, mail_of
from core.transfer.multipart import fields_of_form, headed

if TYPE_CHECKING:
    from core.services.center import CommandCenter

VIA: Final = "email"
FORM: Final = "application/x-www-form-urlencoded"
FORM_WITH_FILES: Final = "multipart/form-data"
_MOST_FIELDS: Final = 200
_NAMES: Final = {
    "text": ("text", "body-plain", "TextBody", "plain"),
    "html": ("html", "body-html", "HtmlBody"),
    "from": ("from", "From", "sender"),
    "message_id": ("message_id", "Message-Id", "message-id", "MessageID"),
    "date": ("date", "Date"),
}
_RAW: Final = ("body-mime", "email")  # the whole mail in one field, as Mailgun and SendGrid call it
# What the API's document promises to read; what else a mail service sends along is passed over.
_DECLARED: Final = frozenset((*_NAMES, "subject", *METADATA))
_KINDS: Final = {bool: "true or false", list: "a list", dict: "an object"}


@dataclass(frozen=True, slots=True, eq=False)
class TakenMail:
    """A mail's lead with its score; ``duplicate``: the mail had come before, and nothing was done."""

    lead_id: str
    duplicate: bool
    read_from: str
    fields: tuple[str, ...]
    score: StoredScore


def take(center: CommandCenter, body: bytes, content_type: str) -> TakenMail:
    """Store and score the lead of a raw mail, or of one as JSON or a form.

    Raises InputError with what is missing, StoreUnavailable, ModelUnavailable.
    """
    now = utc_now()
    kind = content_type.partition(";")[0].strip().lower()
    if kind in ("application/json", FORM, FORM_WITH_FILES):
        told = fields_of_form(body, content_type, _MOST_FIELDS) if kind == FORM_WITH_FILES else _told(body, kind)
        raw = next((told[name] for name in _RAW if told.get(name)), None)
        key, found = _of_mail(mail_of(raw.encode()), now) if raw else _of_fields(told, now)
    elif kind.startswith("multipart/"):  # a mail's body, its kind told by the request as the mail's header would
        key, found = _of_mail(mail_of(headed(body, content_type)), now)
    else:
        key, found = _of_mail(mail_of(body), now)
    return _keep(center, "mail:" + _digest(key or body.decode("utf-8", "replace")), found)


def _of_mail(mail: Mail, now: datetime) -> tuple[str | None, MailedLead]:
    return mail.message_id, lead_of_mail(mail, now)


def _told(body: bytes, kind: str) -> dict[str, str]:
    """The text fields of a body."""
    try:
        read: Any = dict(parse_qsl(body.decode(), max_num_fields=_MOST_FIELDS)) if kind == FORM else orjson.loads(body)
    except ValueError as error:
        raise InputError("The body is not JSON in UTF-8, nor a form; correct it.") from error
    if not isinstance(read, dict):
        raise InputError("the body is no JSON object; send one mail, or one lead's fields, as an object")
    for name in _DECLARED & read.keys():
        if isinstance(read[name], bool) or not isinstance(read[name], str | int | float | None):
            raise InputError(f"{name} is {_KINDS[type(read[name])]}; must be text, a number or null")
    return {str(name): _text(value) for name, value in read.items() if isinstance(value, str | int | float)}


def _of_fields(told: Mapping[str, str], now: datetime) -> tuple[str | None, MailedLead]:
    """The key by which it is known again, and the lead."""
    part = {ours: next((told[name] for name in names if told.get(name)), "") for ours, names in _NAMES.items()}
    at = moment(part["date"])
    metadata = {name: told[name] for name in METADATA if told.get(name)}
    if metadata and not (part["text"] or part["html"]):
        key = part["message_id"] or None
        return key, MailedLead(lead_of_fields(metadata, at or now, now), "metadata", tuple(sorted(metadata)))
    mail = Mail(part["message_id"] or None, part["from"], at, part["text"], part["html"], metadata)
    return mail.message_id, lead_of_mail(mail, now)


def _keep(center: CommandCenter, key: str, found: MailedLead) -> TakenMail:
    """The lead is stored first, then its score with the mark that the mail was taken; who sends again completes it."""
    from core.services.scores.batches import score_batch

    may_send(center, found.history)
    lead_id, store = found.history.lead.lead_id, center.store
    duplicate = bool(store.stream.scored([key]))
    if not duplicate:
        store.save_histories([found.history])
        (scored,) = score_batch(center, [store.history(lead_id)], via=VIA)
        bare = replace(scored, history=LeadHistory(lead=Lead(lead_id=lead_id)))
        duplicate = store.stream.save_once([(key, bare)]) == 0
        if not duplicate:
            center.performance.scored((scored,))
            center.wake_feed()
    return TakenMail(lead_id, duplicate, found.read_from, found.fields, store.latest_score(lead_id))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _text(value: object) -> str:
    return "" if isinstance(value, bool) else str(value).replace("\x00", "").strip()
