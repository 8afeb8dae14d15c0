"""A lead with its interactions and outcomes, from all that is known of a contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from core.errors import InputError
from core.leads import Direction, Interaction, InteractionKind, Lead, Outcome, Stage
from core.leads.agent_names import AgentNames
from core.leads.clock import CLOCK_SKEW, utc_now
from core.leads.text import LINE_CHARACTERS, MESSAGE_CHARACTERS
from core.transfer import words
from core.transfer.contacts import parse_contact
from core.transfer.draft import Draft, lead_id_for
from core.transfer.gohighlevel.event import Kind, moment
from core.transfer.gohighlevel.known import Known, value_of
from core.transfer.gohighlevel.stages import added_at, moment_of, outcomes_of
from core.transfer.headers import SEVERAL_COLUMNS
from core.transfer.html_text import is_html, message_of_html
from core.transfer.rows import parser_for

DELETED_TAG: Final = "Deleted in CRM"
FIELD_TARGETS: Final = (
    "budget_range", "price_min_usd", "price_max_usd", "location_preference", "timeline", "financing", "pre_approval",
    "listing_price_usd", "listing_address", "message", "side", "source", "agent",
)  # fmt: skip
_LONGEST_HTML: Final = 400_000
_KINDS: Final = {
    "SMS": InteractionKind.SMS,
    "EMAIL": InteractionKind.EMAIL,
    "CALL": InteractionKind.CALL,
    "VOICEMAIL": InteractionKind.CALL,
    "IVR CALL": InteractionKind.CALL,
}
_CHATS: Final = ("CHAT", "FB", "FACEBOOK", "IG", "INSTAGRAM", "GMB", "WHATSAPP", "WEBCHAT")
_BOOKED: Final = ("new", "booked", "confirmed", "showed", "noshow", "cancelled")
_KEPT: Final = ("showed", "completed")
_NO_SHOWING: Final = ("call", "phone", "zoom", "consult")
_PERSON: Final = ("first_name", "last_name", "name", "email", "phone", "source", "created_at")


@dataclass(frozen=True, slots=True)
class Rules:
    """How a team reads its CRM: by id what stages and custom fields mean, and what users are called."""

    stages: Mapping[str, str] = field(default_factory=dict)
    stage_names: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    agents: AgentNames = field(default_factory=AgentNames)
    value_is_price: bool = True


@dataclass(frozen=True, slots=True)
class Projection:
    """``tags`` is what the CRM last said, also when that is none; None when it said nothing."""

    lead: Lead
    interactions: tuple[Interaction, ...]
    outcomes: tuple[Outcome, ...]
    tags: tuple[str, ...] | None
    deleted: bool


def lead_id_of(contact_id: str) -> str:
    """The lead's id: the contact's own where it can be one, so that it is the lead of an imported export too."""
    return lead_id_for(contact_id, None, None, None, 0, [])


def project(contact_id: str, known: Mapping[tuple[str, str], Known], rules: Rules) -> Projection:
    """Everything that ``known`` (by kind and id of the entity) means. Raises InputError for a lead that cannot be.

    The same for the same events, in whatever order they came and however often.
    """
    lead_id = lead_id_of(contact_id)
    by_kind = {kind: {name: state for (of, name), state in sorted(known.items()) if of == kind.value} for kind in Kind}
    contact = by_kind[Kind.CONTACT].get(contact_id, {})
    messages, appointments = by_kind[Kind.MESSAGE].values(), by_kind[Kind.APPOINTMENT].values()
    opportunities = by_kind[Kind.OPPORTUNITY].values()
    told = [_message(state) for state in messages]
    touches = [*told, *(touch for state in appointments for touch in _visits(state))]
    found = [
        outcome
        for state in opportunities
        for outcome in outcomes_of(lead_id, state, rules.stages, rules.stage_names, value_is_price=rules.value_is_price)
    ]
    found += [outcome for state in appointments for outcome in _shown(lead_id, state)]
    moments = [touch.occurred_at for touch in touches] + [added_at(state) for state in opportunities if state]
    draft = Draft()
    _fill(draft, contact, rules)
    _fill_in(draft, [*messages], [*opportunities], moments)
    lead = _lead(draft, contact_id)
    deleted = bool(value_of(contact, "deleted"))
    tags: tuple[str, ...] | None = None
    if value_of(contact, "tags") is not None or value_of(contact, "ever_deleted"):
        tags = (*lead.tags, *([DELETED_TAG] if deleted else []))
        side = lead.side if "side" in lead.model_fields_set else words.side_in_tags(lead.tags)
        lead = lead.model_copy(update={"tags": tags, "side": side})
    return Projection(lead, tuple(sorted(touches, key=_order)), tuple(found), tags, deleted)


def _lead(draft: Draft, contact_id: str) -> Lead:
    draft.values["lead_id"] = contact_id
    try:
        return draft.history(0, [], datetime(2000, 1, 1, tzinfo=UTC)).lead
    except ValidationError as error:
        names = sorted({str(problem["loc"][0]) for problem in error.errors() if problem["loc"]})
        raise InputError(f"the contact's {', '.join(names)} cannot be used; correct it in the CRM") from error


def _fill(draft: Draft, contact: Known, rules: Rules) -> None:
    """What the contact itself tells; a value that cannot be read is left out, and the others count."""
    for name in _PERSON:
        _put(draft, name, value_of(contact, name))
    if agent := value_of(contact, "agent"):
        _put(draft, "agent", rules.agents.of(agent))
    for name, target in sorted(rules.fields.items()):
        if target in FIELD_TARGETS:
            _put(draft, target, value_of(contact, f"custom:{name}"))
    for tag in value_of(contact, "tags") or ():
        draft.lists.setdefault("tags", []).append((tag[:LINE_CHARACTERS],))
    if "first_name" in draft.values or "last_name" in draft.values:
        draft.values.pop("name", None)  # the parts keep their capitals, the whole comes in small letters


def _fill_in(draft: Draft, messages: list[Known], opportunities: list[Known], moments: list[datetime]) -> None:
    """What others tell of a contact that has not come yet, or left it open."""
    if "created_at" not in draft.values and moments:
        draft.values["created_at"] = min(moments)
    for state in messages:
        who = value_of(state, "from" if value_of(state, "direction") == "inbound" else "to")
        target = "email" if "@" in (who or "") else "phone"
        if who and target not in draft.lists:
            contact = parse_contact(who[:LINE_CHARACTERS])
            if contact.email or contact.phone:
                draft.lists[target] = [contact]
    for state in opportunities:
        for stamp in sorted(state):
            _put(draft, "source", state[stamp][1].get("source"))


def _put(draft: Draft, target: str, text: Any) -> None:
    text = text.strip() if isinstance(text, str) else ""
    if not text or (len(text) <= words.LONGEST_NOTHING and text.lower() in words.NOTHING):
        return
    try:
        value = parser_for(target, False, utc_now() + CLOCK_SKEW)(text)
    except ValueError:
        return
    if target in SEVERAL_COLUMNS:
        draft.lists.setdefault(target, []).append(value)
    elif value is not None:
        draft.values.setdefault(target, value)


def _message(state: Known) -> Interaction:
    """A message as a touch, at the moment that the CRM gives it, else when it was sent to us."""
    sent = str(value_of(state, "messageType") or "").upper().removeprefix("TYPE_").replace("_", " ")
    kind = _KINDS.get(sent) or (InteractionKind.CHAT if any(word in sent for word in _CHATS) else InteractionKind.OTHER)
    body = str(value_of(state, "body") or "")[:_LONGEST_HTML]
    content = str(value_of(state, "contentType") or "").lower()
    if "html" in content or is_html(body):
        body = message_of_html(body)
    subject = " ".join(str(value_of(state, "subject") or "").split())
    return Interaction.model_construct(
        occurred_at=moment(value_of(state, "dateAdded")) or moment_of(min(stamp for stamp, _ in state.values())),
        kind=kind,
        direction=Direction(value_of(state, "direction")),
        subject=subject[:LINE_CHARACTERS] or None,
        text=body[:MESSAGE_CHARACTERS] or None,
    )


def _visits(state: Known) -> Iterator[Interaction]:
    """An appointment as touches: that it was asked for, and that it took place."""
    booked = [moment_of(state[name][0]) for status in _BOOKED if (name := f"first:{status}") in state]
    title = str(value_of(state, "title") or "")
    is_call = any(word in title.lower() for word in _NO_SHOWING)
    subject = " ".join(title.split())[:LINE_CHARACTERS] or None
    if booked:
        yield Interaction.model_construct(
            occurred_at=min(booked),
            kind=InteractionKind.OTHER if is_call else InteractionKind.SHOWING_REQUEST,
            direction=Direction.INBOUND,
            subject=subject,
        )
    at = _took_place(state)
    if at is not None:
        yield Interaction.model_construct(
            occurred_at=at,
            kind=InteractionKind.CALL if is_call else InteractionKind.SHOWING,
            direction=Direction.INBOUND,
            subject=subject,
        )


def _shown(lead_id: str, state: Known) -> Iterator[Outcome]:
    """A showing that took place moves the lead to that stage."""
    at = _took_place(state)
    title = str(value_of(state, "title") or "").lower()
    if at is not None and not any(word in title for word in _NO_SHOWING):
        yield Outcome(lead_id=lead_id, stage=Stage.SHOWING, occurred_at=at)


def _took_place(state: Known) -> datetime | None:
    """When, if the CRM says that the lead came; never in the future."""
    if str(value_of(state, "status") or "").lower() not in _KEPT:
        return None
    told = moment_of(state["status"][0])
    start = moment(value_of(state, "start"))
    return told if start is None else min(start, told)


def _order(touch: Interaction) -> tuple[datetime, str, str, str, str]:
    return (touch.occurred_at, touch.kind.value, touch.direction.value, touch.subject or "", touch.text or "")
