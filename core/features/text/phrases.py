"""Finding phrases by tables of rules: a gate of words first, so that most texts cost one look-up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.features.signal import Signal
from core.features.text.prepared import Prepared
from core.features.text.taken import Taken
from core.features.text.vocabulary import words_of

Value = float | str | None
Rule = tuple[re.Pattern[str], Value | Callable[[re.Match[str]], Value]]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Rules for one kind of signal, tried in order; an earlier rule keeps its words from later ones.

    A rule whose value is None only keeps its words: "single family home" is no word on a family.
    """

    kind: str
    gate: frozenset[str]
    rules: tuple[Rule, ...]

    def find(self, prepared: Prepared, taken: Taken | None = None) -> list[Signal]:
        """Return the signals of this kind in a text, in order, where nothing is ``taken`` yet."""
        if prepared.words.isdisjoint(self.gate):
            return []
        found: list[Signal] = []
        taken = taken or Taken(len(prepared.low))
        for pattern, value in self.rules:
            for match in pattern.finditer(prepared.low):
                start, end = match.span()
                if not taken.take(start, end):
                    continue
                told = value(match) if callable(value) else value
                if told is not None:
                    found.append(prepared.signal(self.kind, start, end, told))
        found.sort(key=lambda signal: signal.start)
        return found


def phrases(kind: str, gate: str, rules: Sequence[tuple[str, Value | Callable[[re.Match[str]], Value]]]) -> Phrases:
    """Compile a table of (pattern, value); patterns stand between word boundaries.

    >>> pets = phrases("pet", "dog cat", [("hot dog", None), ("dogs?|cats?", 1)])
    >>> [found.text for found in pets.find(Prepared("A dog, no hot dog"))]
    ['dog']
    """
    compiled = tuple((re.compile(rf"\b(?:{pattern})(?![\w])"), value) for pattern, value in rules)
    return Phrases(kind, words_of(gate), compiled)
