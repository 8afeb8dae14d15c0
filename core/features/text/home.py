"""Beds, baths and square feet."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.marks import mark
from core.features.text.prepared import Prepared
from core.features.text.taken import Taken
from core.features.text.vocabulary import words_of

_NUMBERS = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), start=1)
} | {"single": 1, "a": 1, "an": 1, "another": 1, "studio": 0, "double": 2}
_COUNT = r"(?:\d{1,2}(?:\.\d{1,2}| 1/2)?|one|two|three|four|five|six|seven|eight|single|double)(?: and a half)?"
_BEDS = r"(?:bed[ -]?r{1,2}o{1,2}ms?|beds?|bdrms?|bedrms?|bdr|bds?|brs?)"
_BATHS = r"(?:bath ?rooms?|bath-rooms?|baths?|bths?|ba)"
_SIZE = r"(?:(?:large|small|separate|full|nice|big|spacious|good|real|or more|plus|more|total|actual) ){0,2}"
_COUNTED = (
    r"(?<![\w.,$])(?<!\d/)(?:(?P<low>{count}) ?(?:-|to|or) ?)?(?P<high>{count})"
    r"(?:\+| ?\(\d{{1,2}}\))?[ -]?{size}(?:{noun})(?![a-z])"
)
_BED = re.compile(_COUNTED.format(count=_COUNT, size=_SIZE, noun=_BEDS + r"|rooms?(?! (?:for|to|with a view))"))
_BATH = re.compile(_COUNTED.format(count=_COUNT, size=_SIZE, noun=_BATHS))
_A_BATH = re.compile(rf"\b(?:a|an|another) (?P<high>)(?:full |private |half )?(?:{_BATHS})\b(?! ?(?:tub|and a half))")
_AFTER_NOUN = (
    r"\b{noun}(?: ?[:=]| (?:is|are|of|should be|would be|must be|count is|needed)|,)? ?(?P<low>(?!x)x)?"
    r"(?P<high>(?:at least |minimum |min )?{count})(?![\w.,$/]|[ -]?(?:bed|bath|ba\b|br\b|car|stor|k\b|sq|room|min|"
    r"mile))"
)
_BED_AFTER = re.compile(_AFTER_NOUN.format(noun=r"(?:bed ?rooms?|beds|brs?)", count=_COUNT))
_BATH_AFTER = re.compile(_AFTER_NOUN.format(noun=r"(?:bath ?rooms?|baths)", count=_COUNT))
_BOTH = re.compile(
    r"(?<![\w.,$/])(?P<count>" + _COUNT + r") (?:bed ?rooms?|beds?) and (?P<baths>bath ?rooms?|baths?)\b"
)
_SLASHED = re.compile(
    r"(?<![\w.,$/])(?P<beds>[1-9]) ?[/x] ?(?P<baths>[1-9](?:\.5)?)(?= (?:houses?|homes?|ranch|condos?|single|"
    r"townhouse|"
    r"townhome|"
    r"with|in|near|under|duplex|bungalow|split|on|for|place|unit)\b)"
)
_STUDIO = re.compile(r"\bstudio(?= (?:apartment|apt|unit|flat|condo|in|near|or)\b)")
_AREA = re.compile(
    r"(?<![\w.,$/])(?:(?P<low>\d{1,3}(?:,\d{3})?|\d{3,5}) ?(?:-|to) ?)?(?P<high>\d{1,3},\d{3}|\d{3,5})\+? ?"
    r"(?:sq\.? ?f(?:ee)?t\.?|sqft|square f(?:ee|oo)t|sf)\b"
)
_BED_WORDS = words_of("""
    bed beds bedroom bedrooms bd bds br brs bdrm bdrms bdr bedrm rooms room
""")
_BATH_WORDS = words_of("ba bth bths")
_GLUED = re.compile(r"\d(?:bed|bd|br|ba|bth|bath)")
_SIZE_WORDS = words_of("sq sqft square sf")
_ANY_WORD = _BED_WORDS | _BATH_WORDS | _SIZE_WORDS | {"studio"}
_HOME_WORDS = mark(lambda word: word in _ANY_WORD or "bed" in word or "bath" in word or _GLUED.search(word) is not None)
_NOT_ROOMS = re.compile(r"(?:living|dining|family|bonus|extra|game|rec|class|court|hotel|storage|meeting) rooms?$")


def home(prepared: Prepared) -> list[Signal]:
    """Return beds, baths (a number or [low, high]) and ``sqft`` that a text names.

    >>> [(found.kind, found.value) for found in home(Prepared("A 3-4 bed, 2.5 bath, or a 3/2 house, 2,000 sq ft"))]
    [('beds', [3, 4]), ('beds', 3), ('baths', 2.5), ('baths', 2), ('sqft', 2000)]
    """
    words, low = prepared.words, prepared.low
    slashes = prepared.digits and ("/" in low or "x" in low)
    if not slashes and not prepared.marks & _HOME_WORDS:
        return []
    glued = prepared.digits and _GLUED.search(low) is not None
    found: list[Signal] = []
    if glued or "bed" in low or not words.isdisjoint(_BED_WORDS):
        found.extend(_of_kind(prepared, "beds", (_BED, _BED_AFTER)))
    if "studio" in words:
        found.extend(prepared.signal("beds", *match.span(), 0) for match in _STUDIO.finditer(low))
    slashed = list(_SLASHED.finditer(low)) if slashes else []
    found.extend(prepared.signal("beds", *match.span("beds"), _number(match["beds"])) for match in slashed)
    if glued or "bath" in low or not words.isdisjoint(_BATH_WORDS):
        found.extend(_of_kind(prepared, "baths", (_BATH, _BATH_AFTER, _A_BATH)))
        found.extend(
            prepared.signal("baths", *match.span("baths"), _number(match["count"])) for match in _BOTH.finditer(low)
        )
    found.extend(prepared.signal("baths", *match.span("baths"), _number(match["baths"])) for match in slashed)
    if prepared.digits and not words.isdisjoint(_SIZE_WORDS):
        found.extend(_sizes(prepared))
    return found


def _of_kind(prepared: Prepared, kind: str, patterns: tuple[re.Pattern[str], ...]) -> list[Signal]:
    found: list[Signal] = []
    taken = Taken(len(prepared.low))
    for pattern in patterns:
        found += [
            prepared.signal(kind, *match.span(), _counted(match))
            for match in pattern.finditer(prepared.low)
            if not _NOT_ROOMS.search(match[0]) and taken.take(*match.span())
        ]
    return found


def _counted(match: re.Match[str]) -> int | float | list[int | float]:
    high = _number(match["high"] or "a")
    low = _number(match["low"]) if match.groupdict().get("low") else high
    return high if low >= high else [low, high]


def _number(text: str) -> int | float:
    """Read a count.

    >>> [_number(text) for text in ("2", "2.5", "2 1/2", "two and a half", "at least three")]
    [2, 2.5, 2.5, 2.5, 3]
    """
    half = 0.5 if text.endswith(("1/2", "half")) else 0
    word = text.removesuffix(" and a half").removesuffix(" 1/2").split()[-1]
    number = _NUMBERS[word] if word in _NUMBERS else float(word)
    whole = number + half
    return int(whole) if float(whole).is_integer() else whole


def _sizes(prepared: Prepared) -> list[Signal]:
    found = []
    for match in _AREA.finditer(prepared.low):
        high = int(match["high"].replace(",", ""))
        low = int(match["low"].replace(",", "")) if match["low"] else high
        found.append(prepared.signal("sqft", *match.span(), high if low >= high else [low, high]))
    return found
