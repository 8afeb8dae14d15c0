"""A text made ready for the finders: own words, lower case, its words, once for all of them."""

from __future__ import annotations

import re
from datetime import date
from functools import reduce
from operator import or_

from core.features.signal import Signal
from core.features.text.marks import BITS, capitalised
from core.features.text.own_words import own_words

_DIGIT = re.compile(r"\d")
_OF_A_PHONE = re.compile(
    r"\d{3}[ .-]?\d{4}"
)  # in every number that _PHONE finds, and looked for in a fifth of the time
_FEWEST_OF_A_PHONE = 7
_BLANK = "\x1f"  # stands for each character of what is no word
_TOKEN = re.compile(r"[^\W_]+(?:['&][^\W_]+)*")
_APART = bytes(sign if chr(sign).isalnum() or chr(sign) in "'&" else ord(" ") for sign in range(128)).ljust(256)
_INSIDE = re.compile("['&]")
_NO_WORDS = re.compile(r"https?://\S{1,500}|www\.\S{1,500}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?<![\d$.,])(?:\+?\d{1,2}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]?\d{4}(?![\dk%])"
    r"|(?<![\d$.,-])\d{3}[.-]\d{4}(?![\dk,.]\d|\d|k\b|-)"
    r"|\+\d{10,15}(?!\d)|(?<![\d$.,])1?[2-9]\d{9}(?!\d)"
)


class OwnText:
    """What a lead wrote itself; positions are those of ``text``, ``signal`` maps them back to ``raw``.

    ``low`` is ``text`` in lower case and of the same length, with addresses of the web, e-mail and telephone
    numbers blanked.
    """

    __slots__ = ("_cleaned", "digits", "field", "low", "message", "raw", "text", "written_on")

    def __init__(self, raw: str, written_on: date | None = None, message: int = 0, field: str | None = None) -> None:
        self.raw, self.written_on, self.message, self.field = raw, written_on, message, field
        self._cleaned = own_words(raw)
        self.text = text = self._cleaned.text
        plain = text.isascii()
        low = text.lower() if plain else lowered(text)
        digits = digits_in(low) if plain else len(_DIGIT.findall(low))
        self.digits = digits > 0
        if "@" in raw or "://" in raw or "www." in raw:
            low = _NO_WORDS.sub(_same_length, low)
        if digits >= _FEWEST_OF_A_PHONE and _OF_A_PHONE.search(low):
            low = _PHONE.sub(_same_length, low)
        self.low = low

    @property
    def has_blanks(self) -> bool:
        """Whether anything that is no word was blanked in ``low``, which stands in ``text`` still."""
        return _BLANK in self.low

    def signal(self, kind: str, start: int, end: int, value: object) -> Signal:
        """Return what was found at ``text[start:end]``, placed in the text as it came."""
        if self._cleaned.starts is not None:
            start, end = self._cleaned.place(start, end)
        return Signal(kind, self.raw[start:end], start, end, self.message, value, self.field)

    def before(self, position: int, most: int = 40) -> str:
        """Up to ``most`` characters of ``low`` that end at ``position``."""
        return self.low[max(0, position - most) : position]

    def after(self, position: int, most: int = 40) -> str:
        """Up to ``most`` characters of ``low`` from ``position``."""
        return self.low[position : position + most]

    @property
    def length(self) -> int:
        """Characters that the lead wrote itself, without blanks at the ends."""
        return len(self.text.strip())


class Prepared(OwnText):
    """One text with what every finder needs of it.

    ``tokens`` are its words in order, ``bits`` what each can mean (``core.features.text.marks``), ``marks`` what they
    can mean together.
    """

    __slots__ = ("_apart", "_places", "_starts", "bits", "marks", "tokens")

    def __init__(self, raw: str, written_on: date | None = None, message: int = 0, field: str | None = None) -> None:
        super().__init__(raw, written_on, message, field)
        self._starts: list[int] | None = None
        self._places: list[tuple[int, int]] | None = None
        low, text = self.low, self.text
        if text.isascii():
            written = _blanked_like(low, text) if _BLANK in low else text
            self._apart = words_apart(written)
            words = _TOKEN.findall(written) if self._apart is None else self._apart.split()
            self.tokens = " ".join(words).lower().split()
            self.bits = list(map(BITS.__getitem__, words))
        else:
            self._apart, self.tokens = None, words_in(low)
            self.bits = [
                capitalised(BITS[token]) if text[start].isupper() else BITS[token]
                for token, start in zip(self.tokens, self.starts, strict=True)
            ]
        self.marks = reduce(or_, self.bits, 0)

    @property
    def starts(self) -> list[int]:
        """Where each of ``tokens`` begins: no letter and no digit is between two of them, so the next find is it.

        >>> Prepared("a banana").starts
        [0, 2]
        """
        if self._starts is None:
            self._starts = self._found() if self._apart is None else _starts_in(self._apart)
        return self._starts

    def _found(self) -> list[int]:
        find, end, found = self.low.find, 0, []
        for token in self.tokens:
            start = find(token, end)
            found.append(start)
            end = start + len(token)
        return found

    @property
    def words(self) -> frozenset[str]:
        """The different ones of ``tokens``; ``marks`` tell sooner whether any of a list is among them."""
        return frozenset(self.tokens)

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where a word begins, or what stands behind an apostrophe or ``&`` in one, each with the word's bits.

        >>> [start for start, _ in Prepared("I don't know").places]
        [0, 2, 6, 8]
        """
        if self._places is None:
            found = list(zip(self.starts, self.bits, strict=True))
            if "'" in self.low or "&" in self.low:
                for token, (start, bits) in zip(self.tokens, tuple(found), strict=True):
                    if not token.isalnum():
                        found += [(start + mark.end(), bits) for mark in _INSIDE.finditer(token)]
                found.sort()
            self._places = found
        return self._places


def words_in(low: str) -> list[str]:
    """The words of a text in lower case; ``'`` and ``&`` may stand inside one.

    In ASCII they are cut at blanks, in a third of the time that a pattern takes, which is left for odd signs; that
    serves for a text as it was written as well.

    >>> words_in("it's r&d, isn't it?"), words_in("'quoted' q&&a")
    (["it's", 'r&d', "isn't", 'it'], ['quoted', 'q', 'a'])
    """
    apart = words_apart(low) if low.isascii() else None
    return _TOKEN.findall(low) if apart is None else apart.split()


def words_apart(text: str) -> str | None:
    """A text in ASCII with nothing but blanks between its words; None where signs stand oddly.

    >>> words_apart("it's r&d, isn't it?"), words_apart("q&&a")
    ("it's r&d  isn't it ", None)
    """
    apart = text.encode().translate(_APART).decode()  # bytes, for a text of 100 takes twenty times as long
    if "'" not in text and "&" not in text:
        return apart
    inside = [word for word in apart.split() if not word.isalnum()]
    return apart if all(map(_TOKEN.fullmatch, inside)) else None


def _starts_in(apart: str) -> list[int]:
    starts, start = [], 0
    for word in apart.split(" "):
        if word:
            starts.append(start)
        start += len(word) + 1
    return starts


def digits_in(text: str) -> int:
    """How many digits a text in ASCII has; a pattern takes up to five times as long.

    >>> digits_in("3 beds, 12 Elm St"), digits_in("a house")
    (3, 0)
    """
    return len(text) - len(text.encode().translate(None, b"0123456789"))


def lowered(text: str) -> str:
    """Return ``text`` in lower case and of the same length.

    >>> len(lowered("İstanbul")) == len("İstanbul")
    True
    """
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in text)


def _same_length(found: re.Match[str]) -> str:
    return _BLANK * len(found[0])


def _blanked_like(low: str, text: str) -> str:
    """A text in ASCII with the blanks that its lower case has."""
    return "".join(sign if sign == _BLANK else written for sign, written in zip(low, text, strict=True))
