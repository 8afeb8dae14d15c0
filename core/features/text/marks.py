"""What each word of a text can mean to the finders, as the bits of one number, looked up once a word.

Lists of words and patterns are registered when their modules are imported; each has a bit. The bits of a text's words
together tell at once which finders can find anything in it, and those of one word where a pattern can begin.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

_MOST_WORDS: Final = 20_000  # remembered; about 3 MB
_MOST_CHARACTERS: Final = 24

_tests: list[Callable[[str], bool]] = []


class _Remembered(dict[str, int]):
    """The bits of the words met lately."""

    def __missing__(self, word: str) -> int:
        bits = sum(1 << place for place, holds in enumerate(_tests) if holds(word))
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
    _tests.append(holds)
    BITS.clear()
    return 1 << (len(_tests) - 1)


def mark_of(words: Collection[str]) -> int:
    """Return the bit of the words of a list."""
    return mark(frozenset(words).__contains__)


def has_digit(word: str) -> bool:
    """Whether a digit stands anywhere in ``word``.

    >>> has_digit("2br"), has_digit("two")
    (True, False)
    """
    return any(map(str.isdecimal, word))


DIGITS: Final = mark(has_digit)
"""The bit of the words with a digit."""
