"""Leaves of a text only what a reader would see."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_KEPT: Final = frozenset("\n\t")
_UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # control, format (bidi, tags), no characters
_UNSEEN_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # joiners, fillers, blanks
_SELECTORS: Final = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))  # can carry a hidden text


@lru_cache(maxsize=4096)
def _seen(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Zl", "Zp"):
        return "\n"
    if category == "Zs":
        return " "
    if category in _UNSEEN_CATEGORIES and letter not in _KEPT:
        return ""
    point = ord(letter)
    selector = any(first <= point <= last for first, last in _SELECTORS)
    return "" if selector or letter in _UNSEEN_LETTERS else letter


def visible(text: str) -> str:
    r"""Return ``text`` without characters that no reader sees: zero width, direction marks, tags, selectors, controls.

    Every kind of space becomes a plain one, every kind of line end a newline, a letter and its accent one character.

    >>> visible("5\u200b00k\u202e\U000e0049\U000e0067 ok\r\n")
    '500k ok\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", "".join(map(_seen, text)))
