"""What each word of a text can mean to the finders, as the bits of one number, looked up once a word.

Lists of words and patterns are registered when their modules are imported; each has a bit. The bits of a text's words
together tell at once which finders can find anything in it, and those of one word where a pattern can begin.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from itertools import count
from typing import Final

from core.features.text.starts import Starts

_MOST_WORDS: Final = 20_000  # remembered; about 3 MB
_MOST_CHARACTERS: Final = 24
_INSIDE: Final = re.compile("['&]")

_tests: dict[int, Callable[[str], bool]] = {}
_listed: dict[str, int] = {}
_capitals: list[tuple[int, int]] = []
_bits = count()


class _Remembered(dict[str, int]):
    """The bits of the words met lately, as they were written: "May" is another than "may"."""

    def __missing__(self, word: str) -> int:
        low = word.lower() if word.isascii() else word
        bits = _listed.get(low, 0) | _BEGINNINGS.of(low)
        for bit, holds in _tests.items():
            if holds(low):
                bits |= bit
        if word[0].isupper():
            bits = capitalised(bits)
        if len(word) <= _MOST_CHARACTERS:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = bits
        return bits


class _Beginnings:
    """With which words patterns can begin (``Starts``), of all patterns together: one look-up a letter of a word.

    A house number or a price is a word that was never met: to ask each pattern took a tenth of the time of reading.
    """

    def __init__(self) -> None:
        self._whole: dict[str, int] = {}
        self._opening: dict[str, int] = {}
        self._openings_begun: set[str] = set()
        self._digits = self._anything = 0

    def add(self, bit: int, starts: Starts) -> None:
        """Let ``bit`` be that of the words for which ``starts.may_begin_with`` holds."""
        for words, known in ((starts.whole, self._whole), (starts.opening, self._opening)):
            for word in words:
                known[word] = known.get(word, 0) | bit
        self._openings_begun.update(word[:end] for word in starts.opening for end in range(1, len(word) + 1))
        self._digits |= bit if starts.digits else 0
        self._anything |= bit if starts.anything else 0

    def of(self, word: str) -> int:
        """The bits of a word (not empty) and of what stands behind an apostrophe or ``&`` in it."""
        bits = self._anything
        for part in (word,) if word.isalnum() else _INSIDE.split(word):
            bits |= self._whole.get(part, 0)
            for end in range(1, len(part) + 1):
                begun = part[:end]
                if begun not in self._openings_begun:
                    break
                bits |= self._opening.get(begun, 0)
            if part[:1].isdecimal():
                bits |= self._digits
        return bits


_BEGINNINGS: Final = _Beginnings()
BITS: Final = _Remembered()
"""The bits of a word: ``BITS["cash"] & bit`` is not 0 where the word has what ``bit`` stands for.

A word that holds letters beyond ASCII is looked up in lower case; ``capitalised`` adds what its capital means.
"""


def mark(holds: Callable[[str], bool]) -> int:
    """Return the bit of the words for which ``holds`` is true.

    >>> bit = mark(str.isdecimal)
    >>> bool(BITS["450"] & bit), bool(BITS["house"] & bit)
    (True, False)
    """
    bit = 1 << next(_bits)
    _tests[bit] = holds
    BITS.clear()
    return bit


def mark_of(words: Collection[str]) -> int:
    """Return the bit of the words of a list: a word met for the first time is looked up in all lists at once."""
    bit = 1 << next(_bits)
    for word in words:
        _listed[word] = _listed.get(word, 0) | bit
    BITS.clear()
    return bit


def mark_capital(but: int = 0) -> int:
    """Return the bit of the words that begin with a capital and have no bit of ``but``.

    >>> bit = mark_capital(but=mark_of({"the"}))
    >>> [bool(BITS[word] & bit) for word in ("Jose", "jose", "The")]
    [True, False, False]
    """
    bit = 1 << next(_bits)
    _capitals.append((bit, but))
    BITS.clear()
    return bit


def capitalised(bits: int) -> int:
    """The bits of a word whose own are ``bits``, begun with a capital."""
    for bit, but in _capitals:
        if not bits & but:
            bits |= bit
    return bits


def mark_starts(starts: Starts) -> int:
    r"""Return the bit of the words that a pattern may begin with.

    >>> from core.features.text.starts import starts_of
    >>> bit = mark_starts(starts_of(r"apprais\w+|2 pets"))
    >>> [bool(BITS[word] & bit) for word in ("appraisal", "2", "3", "pets", "re&appraised")]
    [True, True, False, False, True]
    """
    bit = 1 << next(_bits)
    _BEGINNINGS.add(bit, starts)
    BITS.clear()
    return bit


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in ``word``.

    >>> has_digit("2br"), has_digit("two")
    (True, False)
    """
    return any(map(str.isdecimal, word))


DIGITS: Final = mark(has_digit)
"""The bit of the words with a digit."""
CAPITAL: Final = mark_capital()
"""The bit of the words that begin with a capital."""
