"""Leads and interactions as rows, and what becomes of a lead that is told again.

The rule: what comes later wins, but what it does not tell never erases what is known. None, an empty text, an empty
list and a field that was left at its default tell nothing. ``insights`` and ``measured`` are merged name by name.
A stage that an outcome has set is changed by outcomes only; what was told beside them is kept for when none is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

from core.leads import Direction, Insights, Interaction, InteractionKind, Lead, LeadHistory, Side, Stage
from core.store.columns import from_json, to_json

_PLAIN: Final = (
    "name",
    "email",
    "phone",
    "source",
    "agent",
    "created_at",
    "budget_range",
    "price_min_usd",
    "price_max_usd",
    "location_preference",
    "timeline",
    "financing",
    "pre_approval",
    "listing_price_usd",
    "listing_address",
    "message",
)
PROFILE: Final = ("lead_id", *_PLAIN, "side", "stage", "stage_at", "stage_told", "tags", "insights", "measured")
_NOTHING: Final = dict.fromkeys(PROFILE)
PHONE_DIGITS: Final = 10  # without the country's code, which is not always written
_WITHOUT_TEXT: Final = "\x00no text"
DIGEST_BYTES: Final = 16  # what a program told; one that a person logged has more (core.store.logged)


def merged(known: Mapping[str, Any] | None, lead: Lead) -> dict[str, Any]:
    """The row of ``leads`` after ``lead`` was told; ``known`` is the row before, None for a new lead."""
    row: dict[str, Any] = dict(known) if known else {**_NOTHING, "lead_id": lead.lead_id}
    values, told = lead.__dict__, lead.model_fields_set
    for name in _PLAIN:
        value = values[name]
        if value is not None and value != "":
            row[name] = value
    if "side" in told:
        row["side"] = lead.side.value
    if "stage" in told:
        row["stage_told"] = lead.stage.value
        if row["stage_at"] is None:
            row["stage"] = lead.stage.value
    if lead.tags:
        row["tags"] = to_json(lead.tags)
    insights = {name: value for name, value in lead.insights.__dict__.items() if value is not None}
    row["insights"] = _merged_json(row["insights"], insights)
    row["measured"] = _merged_json(row["measured"], lead.measured)
    return row


def _merged_json(known: str | None, told: Mapping[str, Any]) -> str | None:
    if not told:
        return known
    return to_json({**(from_json(known) if known else {}), **told})


def lead_of(row: Mapping[str, Any]) -> Lead:
    """The lead that a row of ``leads`` tells of; ``model_fields_set`` names what is known."""
    known: dict[str, Any] = {name: row[name] for name in _PLAIN if row[name] is not None}
    if row["side"] is not None:
        known["side"] = Side(row["side"])
    if row["stage"] is not None:
        known["stage"] = Stage(row["stage"])
    if row["tags"]:
        known["tags"] = tuple(from_json(row["tags"]))
    if row["insights"]:
        known["insights"] = Insights(**from_json(row["insights"]))
    if row["measured"]:
        known["measured"] = from_json(row["measured"])
    # Validated when it came in; a clock that was set back since must not make it unreadable.
    return Lead.model_construct(lead_id=row["lead_id"], **known)


_SAID: Final = (
    "subject",
    "text",
    "response_time_hours",
    "message_length",
    "questions_asked",
    "listing_price_usd",
    "listing_area",
)
TOUCH: Final = ("lead_id", "occurred_at", "digest", "kind", "direction", *_SAID)
_said: Final = itemgetter(*_SAID)


def interaction_rows(history: LeadHistory) -> list[tuple[Any, ...]]:
    """The rows of a history's interactions, values as ``TOUCH`` names them, with what tells one that is told again.

    A written one is known by time, kind, direction and text. One without a text also by the listing, and by how
    many like it came before in the same history: three calls on a day of which only the date is known are three.
    """
    seen: dict[tuple[Any, bytes], int] = {}
    rows, lead_id = [], history.lead.lead_id
    for touch in history.interactions:
        told = touch.__dict__  # many rows a lead: the model's own attributes take twice as long, ``value`` four times
        moment, kind, direction = told["occurred_at"], told["kind"]._value_, told["direction"]._value_
        digest = _digest(kind, direction, told)
        if not told["text"]:
            before = seen.get((moment, digest), 0)
            seen[moment, digest] = before + 1
            if before:
                digest = blake2b(digest + before.to_bytes(4, "little"), digest_size=DIGEST_BYTES).digest()
        rows.append((lead_id, moment, digest, kind, direction, *_said(told)))
    return rows


def _digest(kind: str, direction: str, told: Mapping[str, Any]) -> bytes:
    """16 bytes of BLAKE2b over kind, direction and what was written, else the listing."""
    said = told["text"] or f"{_WITHOUT_TEXT}{told['listing_price_usd']}\x00{told['listing_area']}"
    return blake2b(f"{kind}\x00{direction}\x00{said}".encode(), digest_size=DIGEST_BYTES).digest()


def interaction_of(row: Mapping[str, Any]) -> Interaction:
    """The interaction that a row tells of."""
    values = {name: row[name] for name in ("occurred_at", *_SAID) if row[name] is not None}
    return Interaction.model_construct(
        kind=InteractionKind(row["kind"]), direction=Direction(row["direction"]), **values
    )


_FIRST_AREA: Final = re.compile(r"[,;/|\n\r]|\s+(?:or|and|&)\s+", re.IGNORECASE)


@lru_cache(1024)  # a team's leads name the same areas
def area_of(location: str | None) -> str | None:
    """The first area that a location preference names, in one spelling; None when it names none.

    Words all in small or all in capital letters are capitalised; three letters or fewer in capitals are left.

    >>> area_of("  downtown   AUSTIN, TX or Round Rock ")
    'Downtown Austin'
    >>> area_of("78704; 78745"), area_of("McKinney TX"), area_of(" , ")
    ('78704', 'McKinney TX', None)
    """
    pieces = (piece.split() for piece in _FIRST_AREA.split((location or "").strip()))
    words = next((words for words in pieces if words), None)
    return " ".join(_capitalised(word) for word in words) if words else None


def _capitalised(word: str) -> str:
    return word.capitalize() if word.islower() or (word.isupper() and len(word) > 3) else word


def folded(text: str) -> str:
    """``text`` as search compares it: compatibility forms united, letter case and extra spaces gone.

    >>> folded(" ÉCOLE  Straße ")
    'école strasse'
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).split())


def search_text(row: Mapping[str, Any]) -> str:
    """All that search looks through, a line each: name, e-mail, phone, the phone's digits, lead id."""
    phone = row["phone"] or ""
    told: Iterable[str | None] = (row["name"], row["email"], phone, _digits(phone), row["lead_id"])
    return "\n".join(folded(text) for text in told if text)


def search_words(text: str) -> list[str]:
    """What must occur in ``search_text``: each word, or the digits alone where only a phone number was typed.

    Of a whole number the country's code is left out: who calls is shown with it, and the lead may have written none.

    >>> search_words("Ana  LIMA"), search_words("(512) 555-01"), search_words("+1 512–555–0198")
    (['ana', 'lima'], ['51255501'], ['5125550198'])
    """
    digits = _digits(text)
    if len(digits) >= 4 and re.fullmatch(r"[\d\s()+./\u2010-\u2015-]+", text):
        return [digits[-PHONE_DIGITS:]]
    return folded(text).split()


_DIGITS: Final = re.compile("[0-9]+")


def _digits(text: str) -> str:
    return "".join(_DIGITS.findall(text))
