"""What each word of a text can mean to the finders, as the bits of one number, looked up once a word.

Lists of words and patterns are registered when their modules are imported; each has a bit. The bits of a text's words
together tell at once which finders can find anything in it, and those of one word where a pattern can begin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import count
from typing import Final

_MOST_WORDS: Final = 20_000  # remembered; about 3 MB
_MOST_CHARACTERS: Final = 24

_tests: dict[int, Callable[[str], bool]] = {}
_listed: dict[str, int] = {}
_bits = count()


class _Remembered(dict[str, int]):
    """The bits of the words met lately."""

    def __missing__(self, word: str) -> int:
        bits = _listed.get(word, 0)
        for bit, holds in _tests.items():
            if holds(word):
                bits |= bit
        if len(word) <= _MOST_CHARACTERS:
            if len(self) >= _MOST_WORDS:
                self.clear()
            self[word] = bits
        return bits


BITS: Final = _Remembered()
"""The bits of a word: ``BITS["cash"] & bit`` is not 0 where the word has what ``bit`` stands for."""


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


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in ``word``.

    >>> has_digit("2br"), has_digit("two")
    (True, False)
    """
    return any(map(str.isdecimal, word))


DIGITS: Final = mark(has_digit)
"""The bit of the words with a digit."""
