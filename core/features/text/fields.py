"""The lead's own fields, read as answers: "500k-750k" under budget is a price without any word around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from core.features.signal import Signal
from core.features.text.address import addresses
from core.features.text.area import areas
from core.features.text.deadline import deadlines
from core.features.text.financing import financing, pre_approval
from core.features.text.prepared import OwnText, Prepared
from core.features.text.price import prices
from core.features.text.timeline import timelines
from core.features.text.vocabulary import lines_of
from core.leads import Lead

REMEMBERED_FIELDS, REMEMBERED_CHARACTERS = 4096, 100  # about 4 MB at most
NOTHING = lines_of("""
-, --, n/a, na, none, null, nan, unknown, select, select one, not specified, not sure, no preference, tbd,
undecided, blank, ?, any, anywhere, all, other, open, flexible, everywhere, no answer, prefer not to say,
not provided
""")
_YES = lines_of("""
yes, y, true, 1, 2, approved, pre-approved, preapproved, pre approved, pre-approval, preapproval, pre approval,
done, complete, completed, verified, cash, cash buyer, all cash, paying cash, i'm pre-approved,
already approved, have letter
""")
_STARTED = lines_of("""
in progress, in process, pending, applied, started, working on it, working with lender, under way, underway,
pre-qualified, prequalified, pre qualified, submitted, soon, in review
""")
_NO = lines_of(
    "no, n, false, 0, not yet, not started, declined, denied, no pre-approval, not approved, not pre-approved, none"
)
_PIECES = re.compile(r"[^,;/|\n]+")
_NAME = re.compile(r"[^\W\d_]")
_FIRST_TO_LAST = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_AMOUNT = re.compile(r"\$? ?\d")


def answer(text: str | None) -> str:
    """Return a field's answer in lower case, empty when it says nothing.

    >>> answer(" N/A "), answer("Yes")
    ('', 'yes')
    """
    low = (text or "").strip().lower()
    return "" if low in NOTHING else low


def field_signals(lead: Lead, written_on: date) -> tuple[Signal, ...]:
    """The signals in a lead's fields other than its message; ``message`` is -1 and ``field`` names them."""
    found: tuple[Signal, ...] = ()
    if lead.budget_range:
        found += _read(lead.budget_range, "budget_range", None)
    if lead.location_preference:
        found += _read(lead.location_preference, "location_preference", None)
    if lead.timeline:
        found += _time_frame(lead.timeline, written_on)
    if lead.financing:
        found += _read(lead.financing, "financing", None)
    if lead.pre_approval:
        found += _read(lead.pre_approval, "pre_approval", None)
    if lead.listing_address:
        found += _read(lead.listing_address, "listing_address", None)
    return found


def _time_frame(text: str, written_on: date) -> tuple[Signal, ...]:
    """The signals of the field for a time frame: most mean the same on any day, and are remembered without one."""
    found = _read(text, "timeline", None)
    if any(signal.value is None for signal in found):
        return _read(text, "timeline", written_on)
    return found


def _read(text: str, field: str, written_on: date | None) -> tuple[Signal, ...]:
    """The signals of one field. Short answers are remembered: most are picked from the list of a form."""
    if len(text) > REMEMBERED_CHARACTERS:
        return tuple(_signals_of(text, field, written_on))
    return _remembered(text, field, written_on)


@lru_cache(maxsize=REMEMBERED_FIELDS)
def _remembered(text: str, field: str, written_on: date | None) -> tuple[Signal, ...]:
    return tuple(_signals_of(text, field, written_on))


def forget_fields() -> None:
    """Let go of every field that is remembered in this process."""
    _remembered.cache_clear()


def _signals_of(text: str, field: str, written_on: date | None) -> Iterator[Signal]:
    if field == "pre_approval":
        if text.strip():
            yield from _approval(_prepared(text, written_on, field))
        return
    if not answer(text):
        return
    if field == "listing_address":
        yield from _listing(OwnText(text, written_on, -1, field))
        return
    prepared = _prepared(text, written_on, field)
    if field == "budget_range":
        yield from prices(prepared, asked=True)
    elif field == "location_preference":
        yield from _places(prepared)
    elif field == "timeline":
        yield from timelines(prepared, asked=True)
        yield from deadlines(prepared)
    elif field == "financing":
        yield from financing(prepared)
        yield from pre_approval(prepared)


def _listing(own: OwnText) -> Iterator[Signal]:
    """The address of a field that asks for it, from its first letter or digit to its last.

    Its words are not read: most are numbers and names that no other text has.
    """
    found = _FIRST_TO_LAST.search(own.low)
    if found:
        yield own.signal("address", *found.span(), own.text.strip())


def _prepared(text: str, written_on: date | None, field: str) -> Prepared:
    return Prepared(text, written_on, -1, field)


def _places(prepared: Prepared) -> Iterator[Signal]:
    """The places of a field that asks for them: whatever stands between commas is one."""
    found = addresses(prepared) + areas(prepared)
    yield from found
    for piece in _PIECES.finditer(prepared.text):
        name = piece[0].strip()
        overlaps = any(signal.start < piece.end() and piece.start() < signal.end for signal in found)
        if overlaps or not answer(name) or not _NAME.search(name) or len(name) < 3:
            continue
        start = piece.start() + piece[0].index(name)
        yield prepared.signal("area", start, start + len(name), name)


def _approval(prepared: Prepared) -> list[Signal]:
    """How far approval is by a field that asks for it; an amount means approved.

    >>> [_approval(Prepared(text))[0].value for text in ("Yes", "Not yet", "In progress", "$450,000", "pre-approved")]
    [2.0, 0.0, 1.0, 2.0, 2.0]
    """
    low = prepared.low.strip()
    level = 2.0 if low in _YES else 1.0 if low in _STARTED else 0.0 if low in _NO else None
    if level is None and _AMOUNT.match(low):
        level = 2.0
    if level is None:
        return pre_approval(prepared)
    start = prepared.low.index(low)
    return [prepared.signal("pre_approval", start, start + len(low), level)]
