"""All signals of one text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import attrgetter

from core.features.signal import Signal
from core.features.text.address import addresses
from core.features.text.area import areas
from core.features.text.area_words import STREETS
from core.features.text.dates import GATE as DATE_WORDS
from core.features.text.dates import dates
from core.features.text.deadline import DEADLINE, deadlines
from core.features.text.financing import APPROVAL, FINANCING, financing, pre_approval
from core.features.text.home import home
from core.features.text.household import FAMILY, SCHOOL, household, schools
from core.features.text.marks import DIGITS, mark_of
from core.features.text.person import EMPLOYMENT, EXPERIENCE, TERM, employment, experience, terms
from core.features.text.prepared import Prepared
from core.features.text.price import SPELT, prices
from core.features.text.questions import questions
from core.features.text.showing import SHOWING, showings
from core.features.text.taken import Taken
from core.features.text.timeline import GATE as TIMELINE_WORDS
from core.features.text.timeline import timelines

Finder = Callable[[Prepared], list[Signal]]
_WITH_MARKS: tuple[tuple[Finder, int], ...] = (
    (prices, DIGITS | SPELT),
    (addresses, DIGITS | mark_of(STREETS)),
    (timelines, mark_of(TIMELINE_WORDS)),
    (deadlines, DEADLINE.bit),
    (financing, FINANCING.bit),
    (pre_approval, APPROVAL),
    (household, FAMILY.bit),
    (schools, SCHOOL.bit),
    (employment, EMPLOYMENT.bit),
    (experience, EXPERIENCE.bit),
    (terms, TERM.bit),
    (showings, SHOWING.bit),
)
"""Each with the marks of the words of which one must stand in a text for it to find anything."""

_DATE_MARKS = DIGITS | mark_of(DATE_WORDS)

_PLACE = attrgetter("start", "end", "kind")
_PARTS = frozenset({"price", "area", "zip", "date", "rent"})


def _found(prepared: Prepared, for_features: bool) -> list[Signal]:
    """What the finders find that can find anything in these words; no feature asks for homes and dates."""
    marks = prepared.marks
    found = areas(prepared) + questions(prepared)
    for find, words in _WITH_MARKS:
        if marks & words:
            found += find(prepared)
    if not for_features:
        found += home(prepared)
        if marks & _DATE_MARKS:
            found += dates(prepared)
    return found


def read(prepared: Prepared, for_features: bool = False) -> list[Signal]:
    """Return every signal of a prepared text, in the order of their places; ``for_features`` only what these are of.

    A figure, a ZIP code or an area inside a street address is part of the address and no signal of its own.
    """
    found = _found(prepared, for_features)
    if len(found) < 2:
        return found
    streets = [signal for signal in found if signal.kind == "address"]
    if streets:
        taken = Taken(len(prepared.raw))
        for street in streets:
            taken.take(street.start, street.end)
        found = [signal for signal in found if signal.kind not in _PARTS or not taken.holds(signal.start, signal.end)]
    found.sort(key=_PLACE)
    return found


def signals_in(text: str, written_on: date | None = None) -> tuple[Signal, ...]:
    """Return what a text that a lead wrote tells, in the order of the words; the message index is 0.

    ``written_on`` is the day from which "next week" and "by June" are read; without it their values are None.

    >>> [(found.kind, found.text, found.value) for found in signals_in("3 beds in Austin under 600k")]
    [('beds', '3 beds', 3), ('area', 'Austin', 'Austin'), ('price', '600k', 600000)]
    """
    return tuple(read(Prepared(text, written_on)))
