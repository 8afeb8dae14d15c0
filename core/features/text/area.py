"""Areas: cities, regions, neighbourhoods and landmarks, by how people write about them.

A name is taken for a place when a preposition leads up to it ("in", "near", "close to"), when a noun follows it
("the Mueller neighborhood"), when it stands beside another place ("Fremont or Hayward"), or when it is one of the
larger cities. Capitals help and are not needed: "i want a house in san jose".
"""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.area_words import (
    AFTER_NAME,
    AREA_NOUNS,
    BEFORE_IN,
    CITY_OF,
    COMPASS,
    DIRECTIONS,
    FILLERS,
    FITS,
    GENERIC,
    IS,
    LANDMARKS,
    LEADS_IN,
    LEADS_IN_PAIRS,
    LOANS,
    NEVER,
    NOT_PLACES_IN_LOWER_CASE,
    NOT_PLACES_THAT_END_SO,
    PLACE_ENDING,
    PREFIXES,
    QUARTERS,
    SHAPES,
    SOUNDS,
    STREETS,
    VERBS,
)
from core.features.text.marks import mark_of
from core.features.text.names import CAPITAL_NAME, KNOWN, SAME, Names
from core.features.text.places import ALSO_WORDS, SHORT_FORMS
from core.features.text.prepared import Prepared

_STARTS = frozenset(KNOWN) | LEADS_IN | frozenset(LEADS_IN_PAIRS) | VERBS | DIRECTIONS
_ALONE = _STARTS - frozenset(LEADS_IN_PAIRS)
_STARTING_ALONE = mark_of(_ALONE)
_LEADING, _VERB, _SHAPED, _AREA_NOUN = mark_of(LEADS_IN), mark_of(VERBS), mark_of(SHAPES), mark_of(AREA_NOUNS)
_PAIRS = [(mark_of({second}), mark_of(firsts)) for second, firsts in LEADS_IN_PAIRS.items()]
_FROM, _TO = mark_of({"from"}), mark_of({"to"})
_SECONDS = {first: {name[1] for name in names} for first, names in KNOWN.items() if all(name[1:] for name in names)}
_FIRST_OF_SEVERAL = mark_of(_SECONDS.keys() - LEADS_IN - LEADS_IN_PAIRS.keys() - VERBS - DIRECTIONS - LANDMARKS)
_LOOSE = mark_of(DIRECTIONS | KNOWN.keys() | SAME.keys())
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w']*")


def areas(prepared: Prepared) -> list[Signal]:
    """Return the areas that a text names, kind ``area``; the value is the name, as it was written.

    >>> [found.text for found in areas(Prepared("A 3 bed in San Jose, near Barton Springs or downtown austin."))]
    ['San Jose', 'Barton Springs', 'downtown austin']
    >>> areas(Prepared("I am interested in March, in cash, near the airport"))
    []
    """
    pairs = _pairs_in(prepared.marks)
    if not pairs and not _may_name(prepared):
        return []
    reader = _Reader(prepared, pairs)
    return [
        prepared.signal("area", reader.starts[first], reader.end(last - 1), reader.name(first, last))
        for first, last in reader.places()
    ]


def _pairs_in(marks: int) -> int:
    """The bits of the words that lead up to a place behind another word which stands in the text as well."""
    pairs = 0
    for second, firsts in _PAIRS:
        if marks & second and marks & firsts:
            pairs |= second
    return pairs


def _may_name(prepared: Prepared) -> bool:
    """Whether a text has a word that leads up to a place alone, is one, or has a capital that may begin one."""
    marks = prepared.marks
    if marks & _STARTING_ALONE:
        return True
    if not marks & CAPITAL_NAME and not (marks & _FROM and marks & _TO):
        return False
    capitals = {word.lower() for word in _CAPITALISED.findall(prepared.text)}
    return not capitals <= NEVER


class _Reader(Names):
    """Walks once over the words of a text; ``pairs`` are the bits of the words that may lead up behind another."""

    def __init__(self, prepared: Prepared, pairs: int) -> None:
        super().__init__(prepared)
        self.pairs = pairs | _TO if prepared.marks & _FROM else pairs
        self.area_nouns = prepared.marks & _AREA_NOUN != 0

    def places(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        read_to = 0
        beginning = _STARTING_ALONE | self.pairs
        if self.capitals_tell:
            beginning |= CAPITAL_NAME
        for index in [index for index, bits in enumerate(self.bits) if bits & beginning]:
            if index < read_to or not self._may_begin(index):
                continue
            beside, place = -1, self.place(index, -1)
            while place:
                found += [] if self.is_elsewhere(*place) else [place]
                read_to, beside = self.after(place[1])
                place = self.place(beside, beside) if 0 <= beside < self.count else None
                read_to += beside >= 0 and not place
        return found

    def _may_begin(self, index: int) -> bool:
        """Whether a word that may begin a place or lead up to one can do so before the next word."""
        bits = self.bits[index]
        if not bits & _FIRST_OF_SEVERAL or (bits & CAPITAL_NAME and self.capitals_tell):
            return True
        return index + 1 < self.count and self.tokens[index + 1] in _SECONDS[self.tokens[index]]

    def place(self, index: int, beside: int) -> tuple[int, int] | None:
        """The place that begins at word ``index``, or that the preposition at ``index`` leads up to."""
        bits = self.bits[index]
        if bits & _LEADING or (bits & self.pairs and self._pair(index)):
            start = self._skip_fillers(index + 1)
            end = self._named(start, strong=True, led_by=index)
            return (start, end) if end else None
        if index == beside:
            start = self._skip_fillers(index)
            end = self._named(start, strong=False, led_by=index)
            return (start, end) if end else None
        if bits & _VERB and (self.tokens[index] != "through" or (index and self.tokens[index - 1] not in LOANS)):
            start = self._skip_fillers(index + 1)
            end = self.capitals(start)
            return (start, end) if end and self._stands_alone(end) else None
        if not bits & _LOOSE and not self._may_be_named(index):
            return None
        end = self._loose(index)
        return (index, end) if end else None

    def _may_be_named(self, index: int) -> bool:
        """Whether word ``index``, which begins no place that is known, may begin one by its capital."""
        return self.capital[index] and (
            self.area_nouns or self.bits[index] & _SHAPED != 0 or self.starts_sentence(index)
        )

    def _pair(self, index: int) -> bool:
        leaders = LEADS_IN_PAIRS.get(self.tokens[index])
        if leaders is None or index == 0:
            return False
        from_there = self.tokens[index] == "to" and "from" in self.tokens[max(0, index - 4) : index]
        return self.tokens[index - 1] in leaders or from_there

    def _skip_fillers(self, index: int) -> int:
        stop = min(index + 3, self.count)
        while index < stop and self.tokens[index] in FILLERS and not self.known(index):
            index += 1
        if index + 2 < self.count and self.tokens[index] in CITY_OF and self.tokens[index + 1] == "of":
            index += 2
        return index

    def _stands_alone(self, end: int) -> bool:
        return self.ends(end) or self.tokens[end] in AREA_NOUNS or self.tokens[end] in NEVER

    def _named(self, start: int, strong: bool, led_by: int) -> int:
        """Where the place that begins at ``start`` ends, 0 when there is none; ``strong`` takes lower case too."""
        if start >= self.count or (start > led_by and self.starts_sentence(start)):
            return 0
        if self.tokens[start] in DIRECTIONS:
            end = self._directed(start, strong)
            if end:
                return end
        end = self.known(start) or self.capitals(start)
        if end == start + 1 and strong and self.tokens[start] in PREFIXES and not self.known(start):
            end = self._lower(start, led_by) or end  # "in St helena"
        if not end and strong:
            end = self._short_form(start) or self._lower(start, led_by)
        if end and end < self.count and self.tokens[end] in STREETS and self.joined(end) and self.capital[end]:
            return 0
        return end

    def _directed(self, start: int, strong: bool) -> int:
        token = self.tokens[start]
        if self.joined(start + 1):
            end = self.known(start) or self.known(start + 1)
            if not end and self.capital[start + 1]:
                end = self.capitals(start + 1)
            if end:
                return end
        return start + 1 if token in QUARTERS and strong else 0

    def _short_form(self, start: int) -> int:
        return start + 1 if self.tokens[start] in SHORT_FORMS else 0

    def _lower(self, start: int, led_by: int) -> int:
        """The same for lower-case names, by their shape or by what leads up to them."""
        token = self.tokens[start]
        if token in NEVER or not token.isalpha() or token in GENERIC:
            return 0
        following = self.tokens[start + 1] if self.joined(start + 1) else ""
        if following and token in PREFIXES and following not in NEVER:
            return start + 2
        if following in GENERIC:
            return start + 2
        if PLACE_ENDING.fullmatch(token) and token not in NOT_PLACES_THAT_END_SO:
            return start + 1
        return start + 1 if self._unknown_fits(start, led_by) else 0

    def _unknown_fits(self, start: int, led_by: int) -> bool:
        token = self.tokens[start]
        if led_by == 0 or self.tokens[led_by] not in ("in", "to") or len(token) < 4 or token.endswith("ing"):
            return False
        if token in NOT_PLACES_IN_LOWER_CASE:
            return False
        leads = self.tokens[led_by - 1]
        homes = leads in BEFORE_IN or leads.rstrip("s") in BEFORE_IN
        homes = homes or (leads in LEADS_IN_PAIRS["to"] and not (leads == "move" and self.tokens[start] == "ready"))
        return homes and (self.ends(start + 1) or self.tokens[start + 1] in AFTER_NAME)

    def _loose(self, index: int) -> int:
        """A place without a preposition: a known city, or a name that an area's noun or a verdict follows."""
        token = self.tokens[index]
        before = self.tokens[index - 1] if index else ""
        if before == "from" or (token in ALSO_WORDS and self.names_somebody(index)) or self._inside_name(index):
            return 0
        if token in DIRECTIONS:
            end = self._loosely_directed(index)
            if end:
                return end
        end = self.known(index)
        if end and (self._certain(index) or end - index > 1 or self._fits(index, end)):
            return 0 if self.is_street(end) else end
        end = self.capitals(index)
        shaped = token in SHAPES and self.joined(index + 1) and self.capital[index + 1]
        told = end and (shaped or self._noun_follows(end) or self._fits(index, end) or (index == 0 and self.listed()))
        return end if told else 0

    def _inside_name(self, index: int) -> bool:
        """Whether a capitalised word that is no place stands right before: "Wells Fargo"."""
        return self.capital[index] and self.joined(index) and self.capital[index - 1] and not self.common(index - 1)

    def _loosely_directed(self, index: int) -> int:
        if not self.joined(index + 1):
            return index + 1 if self.tokens[index] in QUARTERS else 0
        end = self.known(index) or self.known(index + 1)
        if end - index > 1 and not (end < self.count and self.joined(end) and self.tokens[end] in STREETS):
            return end
        compass = self.tokens[index] in COMPASS and self.capital[index] and not self.starts_sentence(index)
        end = self.capitals(index + 1) if compass or self.tokens[index] in QUARTERS else 0
        return end or (index + 1 if self.tokens[index] in QUARTERS and self.tokens[index + 1] != "of" else 0)

    def _certain(self, index: int) -> bool:
        """Whether a one-word city is no other word: unlike "Reading" or "Austin" it needs no context."""
        if self.tokens[index] not in ALSO_WORDS:
            return True
        after_capital = self.joined(index + 1) and self.capital[index + 1] and not self.is_state(index + 1)
        return self.capital[index] and not self.starts_sentence(index) and not after_capital

    def _noun_follows(self, end: int) -> bool:
        if not self.joined(end) or self.capital[end]:
            return False
        return self.tokens[end] in AREA_NOUNS or (
            self.tokens[end] in ("a", "the") and not AREA_NOUNS.isdisjoint(self.tokens[end + 1 : end + 4])
        )

    def _fits(self, index: int, end: int) -> bool:
        """Whether what follows a capitalised name at the start of a sentence speaks of a place."""
        if not self.starts_sentence(index) or not self.capital[index]:
            return False
        if end + 1 < self.count and self.tokens[end] in (SOUNDS if self.known(index) else IS):
            verdict = self.tokens[end + 1 : end + 3]
            return any(word in FITS for word in verdict)
        if self.is_state(end):
            return True
        known = self.known(index) > 0
        alone = end >= self.count or self.tokens[end] in ("please", "area", "pls", "preferably")
        if not alone and not (known and self.ends(end)):
            return False
        return known or self.looks_so(index, end)
