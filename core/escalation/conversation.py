"""A lead and what was said, as lines of JSON without anything personal, within hard limits."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from core.escalation.personal import PLACEHOLDER
from core.escalation.placeholders import Placeholders
from core.escalation.visible import visible
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory

MESSAGE_CHARACTERS: Final = 2_000
CONVERSATION_CHARACTERS: Final = 20_000
MOST_MESSAGES: Final = 60
FIELD_CHARACTERS: Final = 200

_MARKS: Final = str.maketrans("<>＜＞", "‹›‹›")  # a text cannot hold a tag
_FENCES: Final = re.compile(r"`{3,}|~{3,}")
_TOLD: Final = (
    "budget_range",
    "location_preference",
    "timeline",
    "financing",
    "pre_approval",
    "listing_address",
)
_LOOKED_AT: Final = {
    InteractionKind.PROPERTY_VIEW: "listings_viewed",
    InteractionKind.PROPERTY_SAVE: "listings_saved",
    InteractionKind.SHOWING_REQUEST: "showings_asked_for",
    InteractionKind.SHOWING: "showings",
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """``lines`` are sent; ``lead_words`` are the lead's texts as they were written, for checking quotes."""

    lines: tuple[str, ...]
    lead_words: tuple[str, ...]
    placeholders: Placeholders

    @property
    def digest(self) -> str:
        """32 hexadecimal digits of the messages and of what else holds placeholders: where it is the same, so are they.

        It is made of what is sent, so that it tells nothing more.
        """
        profile = json.loads(self.lines[0])["profile"]
        held = [f"{name}={value}" for name, value in profile.items() if PLACEHOLDER.search(str(value))]
        return blake2b("\n".join([*held, *self.lines[1:]]).encode(), digest_size=16).hexdigest()


def conversation_of(history: LeadHistory) -> Conversation:
    """The profile and the newest messages that fit, oldest first."""
    messages = _newest(history)
    texts = [visible(part)[:MESSAGE_CHARACTERS] for touch in messages for part in (touch.subject, touch.text) if part]
    placeholders = Placeholders(history, texts)
    profile = _profile(history, placeholders)
    lines, left = [], CONVERSATION_CHARACTERS
    lead_words: list[str] = []
    for touch in reversed(messages):  # the newest must fit
        line = _line(touch, placeholders)
        left -= len(line)
        if left < 0:
            lines.append(json.dumps({"left_out": "older messages"}))
            break
        lines.append(line)
        if touch.direction is Direction.INBOUND:
            lead_words += [visible(part) for part in (touch.subject, touch.text) if part]
    return Conversation((profile, *reversed(lines)), tuple(lead_words), placeholders)


def _newest(history: LeadHistory) -> list[Interaction]:
    """The messages that may be sent, oldest first; the lead's first words among them."""
    written = [touch for touch in history.interactions if touch.text and touch.text.strip()]
    first = history.lead.message
    if first and first.strip() and all(touch.text != first for touch in written):
        arrived = history.lead.created_at or (written[0].occurred_at if written else None)
        asked: dict[str, Any] = {"occurred_at": arrived, "kind": InteractionKind.FORM, "direction": Direction.INBOUND}
        written.insert(0, Interaction.model_construct(**asked, text=first))
    return written[-MOST_MESSAGES:]


def _profile(history: LeadHistory, placeholders: Placeholders) -> str:
    lead = history.lead
    counted = Counter(_LOOKED_AT[touch.kind] for touch in history.interactions if touch.kind in _LOOKED_AT)
    told: dict[str, Any] = {
        "name": _defused(placeholders.hide_name(visible(lead.name), FIELD_CHARACTERS)) if lead.name else None,
        "side": lead.side.value,
        "stage": lead.stage.value,
        "source": _field((lead.source or "").removesuffix(".com"), placeholders),  # Realtor.com is no link here
        **{name: _field(getattr(lead, name), placeholders) for name in _TOLD},
        **_prices(lead),
        "came_on": f"{lead.created_at:%Y-%m-%d}" if lead.created_at else None,
        **dict(counted),
    }
    return _json({"profile": {name: value for name, value in told.items() if value not in (None, "")}})


def _prices(lead: Lead) -> dict[str, str]:
    names = ("price_min_usd", "price_max_usd", "listing_price_usd")
    return {name: f"{value:.0f}" for name in names if (value := getattr(lead, name)) is not None}


def _line(touch: Interaction, placeholders: Placeholders) -> str:
    return _json(
        {
            "on": f"{touch.occurred_at:%Y-%m-%d %H:%M}" if touch.occurred_at else "unknown",
            "from": "lead" if touch.direction is Direction.INBOUND else "team",
            "via": touch.kind.value,
            **({"subject": _field(touch.subject, placeholders)} if touch.subject else {}),
            "text": _defused(placeholders.hide(visible(touch.text or ""), MESSAGE_CHARACTERS)),
        }
    )


def _field(value: str | None, placeholders: Placeholders) -> str | None:
    return None if value is None else _defused(placeholders.hide(visible(value), FIELD_CHARACTERS))


def _defused(text: str) -> str:
    return _FENCES.sub("'''", text.translate(_MARKS))


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
