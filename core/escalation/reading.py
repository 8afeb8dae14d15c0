"""Reads what Claude wrote into an opinion that is bounded in every field, or says why it cannot be used."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from core.escalation.harmless import quoted, spoken
from core.escalation.opinion import (
    DRAFT_CHARACTERS,
    LINE_CHARACTERS,
    MOST_ITEMS,
    QUOTE_CHARACTERS,
    Band,
    Evidence,
    Opinion,
)
from core.escalation.prompt import Prompt

_MOST_CHARACTERS: Final = 60_000


class Unusable(Exception):
    """What came back is no opinion; the message is a plain sentence without a word of it."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Quote(_Shape):
    quote: str
    why: str


class _Reply(_Shape):
    evidence: list[_Quote]
    objections: list[str]
    band: Band
    next_best_action: str
    draft_reply: str


def opinion_of(text: str, prompt: Prompt) -> Opinion:
    """The opinion that ``text`` holds. Raises Unusable for what is no JSON, or JSON of another shape."""
    if len(text) > _MOST_CHARACTERS:
        raise Unusable(f"Claude's answer has {len(text):,} characters; it was not read.")
    try:
        reply = _Reply.model_validate_json(text)
    except ValidationError as error:
        raise Unusable(_complaint(error)) from None
    held = prompt.placeholders
    objections = (spoken(line, held, LINE_CHARACTERS) for line in reply.objections[: 2 * MOST_ITEMS])
    return Opinion(
        band=reply.band,
        evidence=_evidence(reply.evidence[: 2 * MOST_ITEMS], prompt),
        objections=tuple(dict.fromkeys(filter(None, objections)))[:MOST_ITEMS],
        next_best_action=spoken(reply.next_best_action, held, LINE_CHARACTERS),
        draft_reply=spoken(reply.draft_reply, held, DRAFT_CHARACTERS),
    )


def _evidence(told: list[_Quote], prompt: Prompt) -> tuple[Evidence, ...]:
    """Quotes that the lead really wrote, each once, with what they tell."""
    found: dict[str, Evidence] = {}
    for item in told:
        quote = quoted(item.quote, prompt.placeholders, prompt.lead_words, QUOTE_CHARACTERS)
        why = spoken(item.why, prompt.placeholders, LINE_CHARACTERS)
        if quote and why:
            found.setdefault(quote, Evidence(quote=quote, why=why))
    return tuple(found.values())[:MOST_ITEMS]


def _complaint(error: ValidationError) -> str:
    """Names our fields only: keys and values that came back are not repeated."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    if first["type"] == "json_invalid":
        return "Claude's answer is not the JSON that was asked for, or only half of it."
    where = next((str(part) for part in first["loc"] if str(part) in _Reply.model_fields), "an unknown field")
    return f"Claude's answer does not have the form that was asked for ({where})."
