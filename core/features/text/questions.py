"""Questions, and whether they go into specifics."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.marks import mark_starts
from core.features.text.phrases import at_words
from core.features.text.prepared import Prepared
from core.features.text.starts import starts_of

_STOP = re.compile(r"[?？؟.!\n](?:(?<=[.!])(?=\s|$)|(?<=\n)|(?<=[?？؟])[?？؟]*(?:[!?？؟]+)?)")
_MARKS = frozenset("?？؟")
_LETTER = re.compile(r"[^\W_]")
_OPENS = (
    r"(?:(?:what|how|when|where|who|why|which)(?:'s| is| are| was| do| does| did| can| could| would| will| should|"
    r" much| many| long| "
    r"about| soon| old| far| big| kind| type| time)|(?:is|are) (?:there|it|this|that|the|these|those|you|they)|"
    r"(?:can|could|may|should) (?:you|i|we|someone)|(?:do|does|did) (?:you|they|i|we|it|the|this|that|any)|"
    r"(?:would|will) (?:you|it|they|there)|any chance|anything else)\b"
)
_ASKS = re.compile(r"\W{0,3}(?:(?:hi|hello|hey|and|so|also|but|ok|okay|thanks)\W{1,2}(?:there\W{1,2})?)?" + _OPENS)
_OPENING = mark_starts(starts_of(_OPENS))
_SPECIFIC = at_words(
    r"\b(?:offers?|offering|inspect\w{0,5}|fees?|tax(?:es)?|hoa|closing costs?|apprais\w{1,4}|contingen\w{1,5}|"
    r"disclosures?|title|"
    r"escrow|roof|foundation|hvac|furnace|plumbing|wiring|septic|sewer|insurance|flood|zon(?:ed|ing)|survey|"
    r"utilit(?:y|ies)|warranty|"
    r"liens?|comps|days on market|lenders?|interest|rates?|mortgage|down payment|earnest|square f\w{2,6}|sq ft|"
    r"sqft|lot size|"
    r"year built|built|how old|repairs?|renovat\w{1,4}|remodel\w{0,3}|permits?|negotia\w{1,6}|price|priced|"
    r"commission|easements?|deed|"
    r"restrictions?|bylaws?|why (?:are|is) (?:they|the (?:seller|owner))\b|as[- ]is|termites?|mold|radon|asbestos|"
    r"deposit|"
    r"pre[- ]?approv\w{1,4}|cost|costs|equity|concessions?|under contract|other bids?)\b"
)


def questions(prepared: Prepared) -> list[Signal]:
    """Return the questions, kind ``question``: 1 when it asks for specifics (offer, inspection, fees, taxes), else 0.

    >>> [(found.text, found.value) for found in questions(Prepared("Nice! Is it furnished? what are the hoa fees"))]
    [('Is it furnished?', 0), ('what are the hoa fees', 1)]
    """
    low, found, start, open_ended = prepared.low, list[Signal](), 0, prepared.marks & _OPENING != 0
    if not open_ended and "?" not in low and (low.isascii() or _MARKS.isdisjoint(low)):
        return found
    asks = _ASKS.match
    for stop in _STOP.finditer(low):
        end, behind = stop.span()
        if low[end] in _MARKS:
            found += _question(prepared, start, behind)
        elif open_ended and asks(low, start, end):
            found += _question(prepared, start, end)
        start = behind
    if open_ended and asks(low, start):
        found += _question(prepared, start, len(low))
    return found


def _question(prepared: Prepared, start: int, end: int) -> list[Signal]:
    sentence = prepared.low[start:end]
    if not _LETTER.search(sentence):
        return []
    start += len(sentence) - len(sentence.lstrip())
    end -= len(sentence) - len(sentence.rstrip())
    specific = prepared.marks & _SPECIFIC.bit and _SPECIFIC.stands_in(prepared, start, end)
    return [prepared.signal("question", start, end, 1 if specific else 0)]
