"""Bare figures that count millions: "we can go up to 1.3"."""

from __future__ import annotations

import re

from core.features.text.figures import AFTER_BARE
from core.features.text.phrases import Before
from core.features.text.prepared import Prepared
from core.features.text.vocabulary import words_of

_SHARE = r"(?:percent|pct|rates?|interest|apr|points?|commission|agents?|hoa|fees?|tax(?:es)?|acres?|miles?|hours?)"
_OF_A_SHARE_BEFORE = re.compile(rf"\b{_SHARE}\b[^.,!?;\n]{{0,20}}$")
_OF_A_SHARE_AFTER = re.compile(rf"[^.,!?;\n]{{0,20}}(?:\b{_SHARE}\b|%)")
_MEASURES = words_of("""
    percent pct rate rates interest apr point points commission agent agents hoa fee fees tax taxes
    acre acres ac mile miles mi km hour hours hr hrs minute minutes mins story stories garage lot lots commute drive
    year years month months mo week weeks
""")
_BATHS = words_of("ba bath baths bathroom bathrooms")
_MILLIONS_BEFORE = re.compile(
    r"\b(?:(?:go|stretch|reach|push|bump)(?: it)?(?: as high as| up)?(?: to)?|"
    r"(?:stay|keep it) (?:under|below|around|at)|in the)(?: about| around| maybe| like)? ?\$?$"
)
_MILLIONS_AFTER = re.compile(
    r" ?(?:budget|(?:is|would be) (?:our|my|the) (?:(?:absolute|hard|upper|top) )?(?:max(?:imum)?|limit|budget|ceiling|"
    r"top|cap))\b"
)


def in_millions(number: float) -> bool:
    """Whether a bare figure may count millions; from 5 on it may be a lender's rate."""
    return 0.3 <= number < 5 and not number.is_integer()


def counts_millions(prepared: Prepared, number: float, before: Before, after: str, budget: bool) -> bool:
    """Whether "budget 1.3" or "go up to 1.3" can only be a price: else it may be acres, baths, hours or percent.

    ``budget`` says that words of a budget lead up to it.

    >>> texts = ("can go up to 1.3", "can go up to 1.3 for the lot", "can go up to 1.3, what are rates?")
    >>> [counts_millions(Prepared(text), 1.3, Before(Prepared(text), 13), text[16:], False) for text in texts]
    [True, False, False]
    """
    if _OF_A_SHARE_BEFORE.search(before.text) or _OF_A_SHARE_AFTER.match(after):
        return False
    if budget:
        return True
    others = _MEASURES if number % 0.5 else _MEASURES | _BATHS
    if "%" in prepared.low or not others.isdisjoint(prepared.tokens):
        return False
    led_up_to = _MILLIONS_BEFORE.search(before.text) and AFTER_BARE.match(after)
    return bool(led_up_to or _MILLIONS_AFTER.match(after))
