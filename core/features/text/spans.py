"""Lengths of time in words: "3-6 months", "a couple of weeks", "6mo"."""

from __future__ import annotations

import re
from datetime import date

from core.features.text.prepared import Prepared

_NUMBERS: dict[str, float] = dict.fromkeys(("a", "an", "one"), 1) | {
    "half": 0.5, "two": 2, "couple": 2, "three": 3, "few": 3, "four": 4, "several": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "eighteen": 18,
}  # fmt: skip
_DAYS = {"d": 1 / 30, "w": 7 / 30, "m": 1.0, "y": 12.0}
GLUED = frozenset(
    f"{number}{unit}"
    for number in range(1, 121)
    for unit in ("mo", "mos", "mth", "mths", "month", "months", "wk", "wks", "week", "weeks", "yr", "yrs", "days")
)
_N = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|half|few|several|couple)"
SPAN = re.compile(
    rf"(?<![\w.,$/])(?:(?P<low>{_N}) ?(?:-|to|or) ?)?(?P<high>{_N})(?P<more>\+| plus| or more)?(?: of| an?| good|"
    rf" more| short)?"
    r"[ -]?(?P<unit>days?|weeks?|wks?|months?|mos?\b|mths?|years?|yrs?)(?![a-z])"
)


def _count(word: str) -> float:
    return float(word) if word.isdigit() else float(_NUMBERS[word])


def spans(prepared: Prepared) -> list[re.Match[str]]:
    """The spans in a text, which may lie ahead or behind.

    >>> [match[0] for match in spans(Prepared("in 3-6 months, or 6mo"))]
    ['3-6 months', '6mo']
    """
    return list(SPAN.finditer(prepared.low))


def months_of_span(match: re.Match[str], _: date | None = None) -> float:
    """The middle of a span in months; the day of writing does not matter to it."""
    high = _count(match["high"])
    low = _count(match["low"]) if match["low"] else high
    return (low + high) / 2 * _DAYS[match["unit"][0]]
