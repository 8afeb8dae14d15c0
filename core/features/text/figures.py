"""Figures of money as people write them: digits with sign, separators and unit, or words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from core.features.text.prepared import Prepared

MOST_FIGURES = 200
_FIGURE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,3})?)"
    r"(?: ?(?P<unit>k|m|mm|mil|mill|millions?|thousands?|thous|grand)(?![\w(]))?(?!(?!ish\b)[\w@]|[,.]\d)"
)
_DIGITS = re.compile(r"\d[\d,.]*")
_SIGN = re.compile(r"(?:us)?\$ ?$|usd ?$")
_GLUED = frozenset(".,#_\x1f")
_PLANS = frozenset({"203", "401", "403", "457"})
_SCALES = {"k": 1e3, "t": 1e3, "g": 1e3, "m": 1e6}
_FEWEST_MIL = 10  # from here up "mil" is the Spanish thousand
_PLAN = re.compile(r"(?:4\d\d ?\(?[kb]\b|203 ?\(?[kbh]\)? ?(?:loans?|rehab|renovation|program|mortgage|financing)\b)")
_HUNDREDS = re.compile(
    r"(?P<where>\b(?:low|lower|mid|middle|high|upper)(?:[ -]+(?:to|-)[ -]+(?:low|mid|high|upper))?[ -]+(?:\$ ?)?|"
    r"\b(?:in )?(?:the|thinking) (?:\$ ?)?|\$ ?)(?P<hundreds>[1-9])00'?(?:s|k'?s|ks)\b"
)
AFTER_BARE = re.compile(
    r" ?(?:$|[.,;:!?)\n\"'+]|-? ?(?:for|in|and|or|if|but|with|please|near|around|is|would|total|max|maximum|tops|top|"
    r"range|budget|so|ish|price|though|cash|all|as|at|we|i|only|ideally|preferably|right|because|since|depending|"
    r"today|now|which|w|pls|plz|thx|con|o)\b)"
)
"""What may follow a figure without sign or unit that is a price."""
_THIRDS = {"low": 0, "lower": 0, "mid": 1, "middle": 1, "high": 2, "upper": 2}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ROUND = ("ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_COUNTS = {name: number for number, name in enumerate(_ONES, start=1)} | {"a": 1}
_TENS = {name: 10 * number for number, name in enumerate(_ROUND, start=1)}
_SPELT = re.compile(
    r"\b(?:(?P<share>half|quarter|(?:a|one) quarter(?: of)?|three quarters(?: of)?) a million"
    rf"|(?P<millions>{'|'.join(_COUNTS)})(?: point (?P<point>{'|'.join(_COUNTS)}))? million(?P<half> and a half)?"
    rf"|(?P<hundred>{'|'.join(_COUNTS)}) hundred(?:(?: and)? (?P<tens>{'|'.join(_TENS)}))? (?:thousand|k|grand)"
    rf"|(?P<digit>{'|'.join(_COUNTS)})[ -](?P<tens2>{'|'.join(_TENS)}) ?(?:thousand|k|grand))\b"
)


class Figure(NamedTuple):
    """A number at ``start:end``; ``scale`` is 1000 or 1000000 when its unit says so, else 0."""

    start: int
    end: int
    number: float
    scale: float = 0.0
    dollar: bool = False
    comma: bool = False
    metres: bool = False  # its unit is a bare "m", which may mean something else

    @property
    def explicit(self) -> bool:
        """Whether it says by itself that it counts thousands of something, or dollars."""
        return self.dollar or self.comma or self.scale > 0

    @property
    def large(self) -> bool:
        """Whether it can be a price of anything, once the words around it allow."""
        return self.explicit or 100 <= self.number < 10_000 or self.number >= 25_000 or not self.number.is_integer()


def figures_in(prepared: Prepared) -> list[Figure]:
    """Return the figures written in digits, in order, at most ``MOST_FIGURES``.

    >>> [figure.number * figure.scale for figure in figures_in(Prepared("500k or $1.2M, my 401k is small"))]
    [500000.0, 1200000.0]
    """
    low, figures = prepared.low, []
    signs = "$" in low or "usd" in low
    for digits in islice(_DIGITS.finditer(low), MOST_FIGURES):
        figure = _figure_at(low, digits.start(), signs)
        if figure:
            figures.append(figure)
    return figures


def _figure_at(low: str, at: int, signs: bool) -> Figure | None:
    sign = _SIGN.search(low[max(0, at - 4) : at]) if signs else None
    start = at - len(sign[0]) if sign else at
    glued = start > 0 and (low[start - 1].isalnum() or low[start - 1] in _GLUED)
    found = None if glued else _FIGURE.match(low, at)
    if found is None:
        return None
    number, unit = found.groups("")
    if number in _PLANS and _PLAN.match(low, at):
        return None
    count = float(number.replace(",", ""))
    return Figure(
        start,
        found.end(),
        count,
        0.0 if not unit else 1e3 if unit == "mil" and count >= _FEWEST_MIL else _SCALES[unit[0]],
        sign is not None,
        "," in number,
        unit == "m",
    )


def spelt_figures(prepared: Prepared) -> Iterator[Figure]:
    """Yield the figures written in words.

    >>> [figure.number for figure in spelt_figures(Prepared("half a million, or six hundred thousand"))]
    [500000.0, 600000.0]
    """
    for found in _SPELT.finditer(prepared.low):
        yield Figure(found.start(), found.end(), _spelt_value(found), 1.0)


def _spelt_value(found: re.Match[str]) -> float:
    if found["share"]:
        return {"h": 500_000.0, "t": 750_000.0}.get(found["share"][0], 250_000.0)
    if found["millions"]:
        tenths = _COUNTS[found["point"]] / 10 if found["point"] else 0.5 if found["half"] else 0.0
        return round(1e6 * (_COUNTS[found["millions"]] + tenths))
    if found["hundred"]:
        return 1e3 * (100 * _COUNTS[found["hundred"]] + _TENS.get(found["tens"], 0))
    return 1e3 * (100 * _COUNTS[found["digit"]] + _TENS[found["tens2"]])


def has_hundreds(low: str) -> bool:
    """Whether ``hundreds_in`` can find anything; soon told.

    >>> has_hundreds("in the 400's"), has_hundreds("3400 elm st")
    (True, False)
    """
    return "00s" in low or "00k" in low or "00'" in low


def hundreds_in(prepared: Prepared) -> Iterator[tuple[int, int, list[int]]]:
    """Yield (start, end, [low, high]) of "mid 400s" and the like, in thirds of a hundred thousand.

    >>> [found[2] for found in hundreds_in(Prepared("mid 400s, or in the $500s"))]
    [[433000, 467000], [500000, 600000]]
    """
    open_range: tuple[int, int, list[int]] | None = None
    for found in _HUNDREDS.finditer(prepared.low):
        base = 100_000 * int(found["hundreds"])
        thirds = [third for word, third in _THIRDS.items() if word in re.split(r"[ -]+", found["where"])]
        low = (0, 33_000, 67_000)[min(thirds)] if thirds else 0
        high = (33_000, 67_000, 100_000)[max(thirds)] if thirds else 100_000
        start, bounds = found.start(), [base + low, base + high]
        gap = prepared.low[open_range[1] : start].strip(" ,/") if open_range else ""
        if open_range and (gap in ("to", "-") or (gap in ("", "or", "and") and bounds[0] == open_range[2][1])):
            start, bounds = open_range[0], [open_range[2][0], bounds[1]]
        elif open_range:
            yield open_range
        open_range = (start, found.end(), bounds)
    if open_range:
        yield open_range
