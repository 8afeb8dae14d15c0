"""All signals of one text."""

from __future__ import annotations

from datetime import date

from core.features.signal import Signal
from core.features.text.address import addresses
from core.features.text.area import areas
from core.features.text.dates import dates
from core.features.text.deadline import deadlines
from core.features.text.financing import financing, pre_approval
from core.features.text.home import home
from core.features.text.household import household, schools
from core.features.text.person import employment, experience, terms
from core.features.text.prepared import Prepared
from core.features.text.price import prices
from core.features.text.questions import questions
from core.features.text.showing import showings
from core.features.text.timeline import timelines

_FINDERS = (
    prices, addresses, areas, dates, home, timelines, deadlines, financing, pre_approval, household, schools,
    employment, experience, terms, questions, showings,
)  # fmt: skip


def read(prepared: Prepared) -> list[Signal]:
    """Return every signal of a prepared text, in the order of their places.

    A figure, a ZIP code or an area inside a street address is part of the address and no signal of its own.
    """
    found = [signal for find in _FINDERS for signal in find(prepared)]
    inside = [signal for signal in found if signal.kind == "address"]
    if inside:
        found = [signal for signal in found if signal.kind not in _PARTS or not _within(signal, inside)]
    found.sort(key=lambda signal: (signal.start, signal.end))
    return found


_PARTS = frozenset({"price", "area", "zip", "date", "rent"})


def _within(signal: Signal, wholes: list[Signal]) -> bool:
    return any(whole.start <= signal.start and signal.end <= whole.end for whole in wholes)


def signals_in(text: str, written_on: date | None = None) -> tuple[Signal, ...]:
    """Return what a text that a lead wrote tells, in the order of the words; the message index is 0.

    ``written_on`` is the day from which "next week" and "by June" are read; without it their values are None.

    >>> [(found.kind, found.text, found.value) for found in signals_in("3 beds in Austin under 600k")]
    [('beds', '3 beds', 3), ('area', 'Austin', 'Austin'), ('price', '600k', 600000)]
    """
    return tuple(read(Prepared(text, written_on)))
