"""Finding phrases by tables of rules: a gate of words first, so that most texts cost one look-up.

Past the gate a rule is tried only at the words that it can begin with (``starts``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter, or_

from core.features.signal import Signal
from core.features.text.marks import mark_of, mark_starts
from core.features.text.prepared import Prepared
from core.features.text.starts import starts_of
from core.features.text.taken import Taken
from core.features.text.vocabulary import words_of

Value = float | str | None
_START = attrgetter("start")
_LONGEST_QUESTION = 300  # characters before or behind a word; hostile texts have longer ones
_ASKS = re.compile(
    r"\W{0,3}(?:(?:hi|hello|hey|and|so|also|but|or|ok|okay|thanks|just|curious)\W{1,3}){0,2}"
    r"(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|had|what|what's|whats|when|where|who|why|"
    r"which|how|any)\b"
)
_WRITER = re.compile(r"\b(?:i|im|ive|we|my|our|(?:help|for|find|get) (?:me|us))\b")


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A pattern that can match only from where a word begins, and the ``bit`` of the words that it can begin with.

    ``others`` are characters, no letter and no digit, that it may begin with as well.
    """

    pattern: re.Pattern[str]
    bit: int
    others: frozenset[str]

    def matches(self, prepared: Prepared) -> list[re.Match[str]]:
        """Return what ``pattern.finditer(prepared.low)`` finds, in far less time."""
        if not prepared.marks & self.bit and not self.others:
            return []
        return self.among(prepared.low, prepared.places)

    def stands_in(self, prepared: Prepared, start: int, end: int) -> bool:
        """Whether ``pattern`` is found in ``prepared.low[start:end]``, which begins with no part of a word."""
        bit, low, match = self.bit, prepared.low, self.pattern.match
        places = [place for place, bits in prepared.places if bits & bit and start <= place < end]
        return any(match(low, place, end) for place in places)

    def matches_as_written(self, prepared: Prepared) -> list[re.Match[str]]:
        """Return what ``pattern.finditer(prepared.text)`` finds, for one that takes letters of both cases."""
        if prepared.has_blanks:
            return list(self.pattern.finditer(prepared.text))
        return self.among(prepared.text, prepared.places) if prepared.marks & self.bit else []

    def among(self, text: str, places: list[tuple[int, int]]) -> list[re.Match[str]]:
        """The same in ``text`` where only ``places`` begin with a word of this pattern's."""
        if self.others and not self.others.isdisjoint(text):
            return list(self.pattern.finditer(text))
        bit, match, end = self.bit, self.pattern.match, 0
        matches = []
        for start, bits in places:
            if bits & bit and start >= end:
                found = match(text, start)
                if found:
                    end = found.end()
                    matches.append(found)
        return matches


def word_pattern(pattern: str) -> WordPattern:
    """Compile a pattern and put it between word boundaries.

    >>> [found[0] for found in word_pattern("hot dogs?").matches(Prepared("A hot dog, a shot dog"))]
    ['hot dog']
    """
    return at_words(rf"\b(?:{pattern})(?![\w])")


def at_words(pattern: str) -> WordPattern:
    """Compile a pattern that is itself bound to begin where a word begins, or with one of ``others``."""
    starts = starts_of(pattern)
    return WordPattern(re.compile(pattern), mark_starts(starts), starts.others)


class Before:
    r"""Up to ``most`` characters of a text that end at ``position``: do words stand there that lead up to it?

    ``position`` is inside no word.

    >>> patterns = [at_words(pattern) for pattern in (r"\baround $", r"\bbudget[^.]{0,20}$", r"\bour $")]
    >>> before = Before(Prepared("our budget is around 500k"), 21)
    >>> [before.has(pattern) for pattern in patterns]
    [True, True, False]
    """

    __slots__ = ("_begin", "_cut", "_near", "_prepared", "text")

    def __init__(self, prepared: Prepared, position: int, most: int = 40) -> None:
        begin, low = max(0, position - most), prepared.low
        self._prepared, self._begin = prepared, begin
        self._near: list[tuple[int, int]] | None = None
        self.text = low[begin:position]
        self._cut = begin > 0 and (low[begin - 1].isalnum() or low[begin - 1] == "_")  # it may begin with half a word

    def has(self, words: WordPattern) -> bool:
        """Whether ``words`` are found in it."""
        text, bit = self.text, words.bit
        if self._cut or (words.others and not words.others.isdisjoint(text)):
            return words.pattern.search(text) is not None
        if not self._prepared.marks & bit:
            return False
        if self._near is None:
            places, end = self._prepared.places, self._begin + len(text)
            self._near = places[bisect_left(places, (self._begin, 0)) : bisect_left(places, (end, 0))]
        begin, match = self._begin, words.pattern.match
        return any(match(text, place - begin) for place, bits in self._near if bits & bit)


Rule = tuple[WordPattern, Value | Callable[[re.Match[str]], Value]]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Rules for one kind of signal, tried in order; an earlier rule keeps its words from later ones.

    A rule whose value is None only keeps its words: "single family home" is no word on a family. ``bit`` is that of
    the words of ``gate``, ``begins`` has those of the words that a rule can begin with. Of a table that is
    ``of_writer``, what stands in a question about others tells nothing: "Is it a flip?" makes nobody an investor.
    """

    kind: str
    gate: frozenset[str]
    bit: int
    begins: int
    rules: tuple[Rule, ...]
    of_writer: bool = False

    def find(self, prepared: Prepared, taken: Taken | None = None) -> list[Signal]:
        """Return the signals of this kind in a text, in order, where nothing is ``taken`` yet."""
        marks, begins = prepared.marks, self.begins
        if not marks & self.bit:
            return []
        found: list[Signal] = []
        low = prepared.low
        taken = taken or Taken(len(low))
        places = [place for place in prepared.places if place[1] & begins]
        for pattern, value in self.rules:
            if not marks & pattern.bit and not pattern.others:
                continue
            for match in pattern.among(low, places):
                start, end = match.span()
                if not taken.take(start, end):
                    continue
                told = value(match) if callable(value) else value
                if told is not None and not (self.of_writer and asks_of_others(low, start, end)):
                    found.append(prepared.signal(self.kind, start, end, told))
        if len(found) > 1:
            found.sort(key=_START)
        return found


def asks_of_others(low: str, start: int, end: int) -> bool:
    """Whether ``low[start:end]`` stands in a question that does not speak of who writes.

    >>> [asks_of_others(text, 5, 6) for text in ("is it a flip?", "can i flip it?", "asap, can you help?")]
    [True, False, False]
    """
    find, earliest = low.find, max(0, start - _LONGEST_QUESTION)
    stop = find("?", end, end + _LONGEST_QUESTION)
    if stop < 0 or find(".", end, stop) >= 0 or find("\n", end, stop) >= 0 or find("!", end, stop) >= 0:
        return False
    begin = max([low.rfind(sign, earliest, start) for sign in ".!?\n"]) + 1
    if earliest and not begin:
        return False
    return _ASKS.match(low, begin) is not None and _WRITER.search(low, begin, stop) is None


def phrases(
    kind: str,
    gate: str,
    rules: Sequence[tuple[str, Value | Callable[[re.Match[str]], Value]]],
    of_writer: bool = False,
) -> Phrases:
    """Compile a table of (pattern, value); patterns stand between word boundaries.

    >>> pets = phrases("pet", "dog cat", [("hot dog", None), ("dogs?|cats?", 1)])
    >>> [found.text for found in pets.find(Prepared("A dog, no hot dog"))]
    ['dog']
    """
    words = words_of(gate)
    compiled = tuple((word_pattern(pattern), value) for pattern, value in rules)
    begins = reduce(or_, (pattern.bit for pattern, _ in compiled))
    return Phrases(kind, words, mark_of(words), begins, compiled, of_writer)
