"""Street addresses and ZIP codes."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.area_words import STREETS
from core.features.text.marks import mark, mark_of
from core.features.text.phrases import at_words
from core.features.text.places import STATE_CODES, STATES
from core.features.text.prepared import Prepared

_STREET = "|".join(sorted(STREETS - {"place", "square", "way", "court", "plaza", "trail", "loop", "cove", "lane"}))
_STREET_IN_FULL = "place|square|way|court|plaza|trail|loop|cove|lane"
_IN_FULL = tuple(_STREET_IN_FULL.split("|"))
_NUMBERED = at_words(
    r"(?<![\w$.,/#-])\d{1,6}[a-z]?,? (?:[nsew]\.? |north |south |east |west |ne |nw |se |sw )?"
    r"(?:(?!(?:bed|bath|min|hour|mile|day|week|month|car|story)[a-z]*\b)[a-z0-9'.]{1,20} ){1,4}?"
    rf"(?:{_STREET}|{_STREET_IN_FULL})\b"
    r"(?: (?:#|apt\.? ?|unit ?|suite ?)[\w-]{1,6})?"
)
_NAME = rf"(?:[A-Z][\w'.]{{1,20}} |\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}(?:{_STREET}|{_STREET_IN_FULL})"
_NAMED = at_words(
    rf"\b(?i:(?:on|off|along) (?P<on>{_NAME})|the (?P<the>{_NAME})(?= (?:house|home|one|property|listing|place|"
    rf"condo|unit)))\b"
)
_ZIP = re.compile(r"(?<![\w$.,#/-])\d{5}(?:-\d{4})?(?![\w%]|[.,]\d|-\d)")
_STREETS = mark_of(STREETS)
_FIVE_DIGITS = mark(lambda word: re.search(r"\d{5}", word) is not None)
_ZIP_BEFORE = re.compile(
    r"(?:\bzip(?: ?codes?)?(?: is| of|:)?|\b(?:in|near|around|within|area|of|or|and|also|prefer|to)|,|/|^|&|\n) ?$"
)
_NO_ZIP_AFTER = re.compile(
    r" ?(?:sq|sqft|square|ft|feet|miles?|dollars?|k\b|people|[a-z'.]{2,20} (?:st|street|ave|dr|rd)\b)"
)
_STATE_BEFORE = re.compile(r"\b([a-z]{2,13})\.?,? $")
_NOT_STREET = re.compile(
    r"\b(?:and|or|in|is|the|a|with|for|to|my|near|bedrooms?|baths?|sq|sqft|houses?|homes?|minutes?|min)\b"
)
_WORDS_OF_EVERY_DAY = re.compile(
    r"\b(?:on|of|at|from|per|by|we|i|it|this|that|one|more|other|another|rental|better|best|called|different|nice|"
    rf"great)\b.* (?:{_STREET_IN_FULL})$"
)
"""What follows a number as written: "2 more nice place" and no "100 Isle of Palms Way"."""


def addresses(prepared: Prepared) -> list[Signal]:
    """Return street addresses (kind ``address``) and ZIP codes (kind ``zip``).

    >>> text = "Is 1204 Elm St, Austin, TX 78704 sold? 12345 views"
    >>> [(found.kind, found.text) for found in addresses(Prepared(text))]
    [('address', '1204 Elm St'), ('zip', '78704')]
    """
    found: list[Signal] = []
    streets = bool(prepared.marks & _STREETS)
    if streets and prepared.digits:
        found.extend(
            prepared.signal("address", match.start(), match.end(), prepared.text[match.start() : match.end()])
            for match in _NUMBERED.matches(prepared)
            if not _NOT_STREET.search(match[0])
            and not (
                match[0].endswith(_IN_FULL) and _WORDS_OF_EVERY_DAY.search(prepared.text, match.start(), match.end())
            )
        )
    if streets:
        found.extend(
            prepared.signal("address", *match.span(match.lastgroup or 0), match[match.lastgroup or 0])
            for match in _NAMED.matches_as_written(prepared)
            if not match[match.lastgroup or 0][0].islower()
        )
    if prepared.marks & _FIVE_DIGITS:
        found.extend(
            prepared.signal("zip", *match.span(), match[0][:5])
            for match in _ZIP.finditer(prepared.low)
            if _is_zip(prepared, match)
        )
    return found


def _is_zip(prepared: Prepared, match: re.Match[str]) -> bool:
    before = prepared.before(match.start(), 20)
    if _NO_ZIP_AFTER.match(prepared.after(match.end())):
        return False
    state = _STATE_BEFORE.search(before)
    if state and (state[1] in STATE_CODES or state[1] in STATES):
        return True
    return _ZIP_BEFORE.search(before) is not None and match[0][2:] != "000"
