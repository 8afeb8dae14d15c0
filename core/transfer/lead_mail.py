"""Leads out of the e-mails that portals send: Lead Metadata 1.0 where they carry it, else lines of label and value."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from core.errors import InputError
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory
from core.leads.clock import CLOCK_SKEW, in_lead_years
from core.transfer.headers import plain, target_of
from core.transfer.html_text import is_html, text_of_html
from core.transfer.mapping import recognise
from core.transfer.mime import LONGEST_HEADER, decoded, header_words, parts_of, taken_apart
from core.transfer.rows import ReadLead, RowReader

METADATA: Final = (
    "lead_source", "lead_type", "lead_name", "lead_email", "lead_phone", "lead_property_address", "lead_mls",
    "lead_message", "lead_property_city", "lead_property_state", "lead_property_zip", "lead_max_price",
    "lead_primary_zip", "lead_time_frame", "lead_financing", "lead_assigned_agent",
)  # fmt: skip
NO_LEAD: Final = (
    "no lead was found in the mail: it must carry Lead Metadata 1.0 (such as lead_name and lead_email), or lines such "
    "as 'Name: Ana Lima' with an e-mail or a phone"
)
_BY_PLAIN: Final = {plain(name): name for name in METADATA}
_META: Final = re.compile(r"<meta\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"\b(name|property|content)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_LABEL: Final = re.compile(r"^[\s>*•-]{0,9}([A-Za-z][A-Za-z0-9 /_()'-]{1,40}?)\s{0,3}:\s*(.*)$")
_PORTALS: Final = {
    "zillow.com": "Zillow", "trulia.com": "Trulia", "realtor.com": "Realtor.com", "move.com": "Realtor.com",
    "homes.com": "Homes.com", "redfin.com": "Redfin", "homesnap.com": "Homesnap",
}  # fmt: skip
_MOST_LINES: Final = 2_000
_WRITTEN: Final = ("message", "note")
_REACHED_BY: Final = ("email", "phone")
# What a line of a mail's body may tell: a lead writes into the same body, and whose lead it is, how far it got and what
# was counted of it are not for a lead to say.
_TOLD_IN_LINES: Final = frozenset(
    {
        "name", "first_name", "last_name", "email", "phone", "source", "side", "created_at", "budget_range",
        "price_min_usd", "price_max_usd", "location_preference", "timeline", "financing", "pre_approval",
        "listing_price_usd", "listing_address", *_WRITTEN,
    }
)  # fmt: skip
_LINES_OF_METADATA: Final = frozenset(plain(name) for name in METADATA if name != "lead_assigned_agent")
# What portals write below a message: the listing and the search, nothing of who the lead is.
_BELOW: Final = ("listing_address", "listing_price_usd")
_METADATA_BELOW: Final = _LINES_OF_METADATA - {
    plain(name) for name in ("lead_source", "lead_name", "lead_email", "lead_phone", "lead_message")
}


@dataclass(frozen=True, slots=True)
class Mail:
    """What matters of one mail; ``headers`` by lower-case name."""

    message_id: str | None = None
    sender: str = ""
    sent_at: datetime | None = None
    text: str = ""
    markup: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MailedLead:
    """A lead that a mail told of; ``read_from`` is "metadata" or "labels", ``fields`` are the names that were read."""

    history: LeadHistory
    read_from: str
    fields: tuple[str, ...]


def mail_of(raw: bytes) -> Mail:
    """The mail in a raw RFC 822 message. Raises InputError for what has no header or cannot be decoded."""
    try:
        parsed = taken_apart(raw)
        plainly = {name.lower(): " ".join(value.split()) for name, value in parsed.items()}
        metadata = {name: header_words(value) for name, value in plainly.items() if _metadata_of(name)}
        headers = {name: _clean(value) for name, value in (plainly | metadata).items()}
        parts = {kind: _content(parsed, f"text/{kind}") for kind in ("plain", "html")}
    except (LookupError, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise InputError(f"the mail cannot be decoded ({type(error).__name__}); send it as it came") from error
    if not headers:
        raise InputError("the body is no mail: it begins with no header such as 'From:'")
    return Mail(
        headers.get("message-id") or None,
        headers.get("from", ""),
        _date(headers.get("date")),
        parts["plain"],
        parts["html"],
        headers,
    )


def lead_of_mail(mail: Mail, now: datetime) -> MailedLead:
    """The lead that a mail tells of. Raises InputError, with what is missing, where it tells of none."""
    told = metadata_in(mail)
    read_from = "metadata"
    if not _names_somebody(told):
        told, read_from = labels_in(mail.text or text_of_html(mail.markup)), "labels"
        if not any(target_of(name) in _REACHED_BY for name in told):
            raise InputError(NO_LEAD)
    source = _PORTALS.get(_domain(mail.sender))
    if source and not any(target_of(name) == "source" for name in told):
        told = {**told, "lead_source": source}
    return MailedLead(lead_of_fields(told, mail.sent_at or now, now), read_from, tuple(sorted(told)))


def lead_of_fields(told: Mapping[str, str], at: datetime, now: datetime) -> LeadHistory:
    """The lead in fields by name, with what it wrote as its first touch. Raises InputError naming what is wrong."""
    columns = list(told)
    reader = RowReader(columns, recognise(columns), now, now + CLOCK_SKEW)
    row = reader.read(1, [told[name] for name in columns])
    if not isinstance(row, ReadLead):
        raise InputError(NO_LEAD if row is None else row.reason.removeprefix("row 1: "))
    lead = row.history.lead
    if not (lead.name or lead.email or lead.phone):
        raise InputError(NO_LEAD)
    known = {name: getattr(lead, name) for name in lead.model_fields_set - {"message"}}
    if known.get("created_at") is None:
        known["created_at"] = at
    asked = Interaction(
        occurred_at=at, kind=InteractionKind.FORM, direction=Direction.INBOUND, text=lead.message or None
    )
    return LeadHistory(lead=Lead(**known), interactions=(asked,))


def metadata_in(mail: Mail) -> dict[str, str]:
    """Lead Metadata 1.0 of meta tags, of headers (also ``X-Lead-Name``), else of lines that name its fields."""
    found: dict[str, str] = {}
    for name, value in (*_meta_tags(mail.markup), *mail.headers.items()):
        _add(found, name, value)
    if not found:
        for name, value in _lines(mail.text or text_of_html(mail.markup)):
            _add(found, name, value)
    return found


def labels_in(text: str) -> dict[str, str]:
    """Lines "label: value" whose label is one that we know; what the lead wrote may go on over several lines.

    >>> labels_in("Name: Ana Lima\\nPhone: 512 555 0198\\nMessage: Hello.\\nIs it still there?\\n\\nRegards")
    {'Name': 'Ana Lima', 'Phone': '512 555 0198', 'Message': 'Hello.\\nIs it still there?'}
    """
    found: dict[str, str] = {}
    for name, value in _lines(text):
        if target_of(name) and value:
            found.setdefault(name, value)
    return found


def _lines(text: str) -> Iterable[tuple[str, str]]:
    """Each label with its value. Below the words of a lead that can be reached, a line is seldom a label."""
    label, value, reached, written, apart = "", [""], False, False, False
    for line in [*text.splitlines()[:_MOST_LINES], ""]:
        split = _LABEL.match(line[:2_000])
        if split is not None and (_is_below(split[1], apart=apart) if written else _is_label(split[1])):
            if label:
                yield label, "\n".join(value).strip()
            label, value = split[1].strip(), [split[2].strip()]
            reached = reached or (target_of(label) in _REACHED_BY and bool(value[0]))
            written = written or (reached and target_of(label) in _WRITTEN)
        elif label and target_of(label) in _WRITTEN and (line.strip() or not value[0]):
            value.append(line.strip())
        elif label:
            yield label, "\n".join(value).strip()
            label = ""
        apart = apart or (written and not line.strip())
    if label:
        yield label, "\n".join(value).strip()


def _is_label(name: str) -> bool:
    return target_of(name) in _TOLD_IN_LINES or plain(name) in _LINES_OF_METADATA


def _is_below(name: str, *, apart: bool) -> bool:
    """Whether a line below a lead's words is the portal's: names that nobody writes, and others after an empty line."""
    return plain(name) in _METADATA_BELOW or (apart and target_of(name) in _BELOW)


def _meta_tags(markup: str) -> Iterable[tuple[str, str]]:
    for tag in _META.finditer(markup):
        told = {key.lower(): html.unescape(double or single) for key, double, single in _ATTRIBUTE.findall(tag[1])}
        name = told.get("name") or told.get("property")
        if name and "content" in told:
            yield name, _clean(told["content"])


def _add(found: dict[str, str], name: str, value: str) -> None:
    known = _metadata_of(name)
    if known and value.strip():
        found.setdefault(known, value.strip())


def _metadata_of(name: str) -> str | None:
    return _BY_PLAIN.get(plain(name[:100].removeprefix("x-").removeprefix("X-")))


def _names_somebody(told: Mapping[str, str]) -> bool:
    return any(told.get(name) for name in ("lead_name", "lead_email", "lead_phone"))


def _content(parsed: Message[str, str], kind: str) -> str:
    part = next((one for one in _texts(parsed) if one.get_content_type() == kind), None)
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes):
        return ""
    text = _clean(decoded(content, part.get_content_charset() or "ascii"))
    return text_of_html(text) if kind == "text/plain" and is_html(text) else text


def _texts(part: Message[str, str]) -> Iterable[Message[str, str]]:
    """The texts of a mail itself: not attached, not of a mail that it carries."""
    if part.get_content_disposition() == "attachment":
        return
    if part.get_content_maintype() == "text":
        yield part
    elif part.get_content_maintype() == "multipart":
        for one in parts_of(part):
            yield from _texts(one)


def _date(text: str | None) -> datetime | None:
    try:
        return in_lead_years(parsedate_to_datetime(text)) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _domain(sender: str) -> str:
    try:
        domain = parseaddr(sender[:LONGEST_HEADER])[1].rpartition("@")[2].lower()
    except RecursionError:
        return ""
    return ".".join(domain.split(".")[-2:])


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
