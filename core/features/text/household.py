"""Who would live there, and interest in schools. Both touch familial status, which is protected."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared

_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_N = r"(?P<n>\d{1,2}|" + "|".join(_COUNTS) + ")"


def _people(match: re.Match[str]) -> float:
    named = match.groupdict().get("n")
    if not named:
        return 1.0
    return float(named) if named.isdigit() else float(_COUNTS.index(named) + 1)


FAMILY = phrases(
    "family",
    "old olds family families wife husband spouse partner fiance fiancee girlfriend boyfriend kid kids child "
    "children son "
    "sons "
    "daughter daughters baby newborn toddler toddlers twins pregnant expecting married parents in-laws mother mom "
    "dad grandma "
    "grandparents grandkids household alone myself us people roommate roommates mother-in-law laws teenager "
    "teenagers person",
    [
        (
            r"(?:single|multi|two|multiple|2|four|4|three|3)[- ]?family|family (?:rooms?|homes?|houses?|"
            r"residences?|dwellings?|"
            r"owned|business|doctor|law|restaurants?|members? (?:is|are) (?:realtor|agent)s?)|families? (?:room|"
            r"home)s?|"
            r"expecting (?:to|a (?:call|reply|response|raise|bonus|package)|your|an (?:answer|email|offer))|"
            r"contact us|"
            r"let us|tell us|show us|send us|give us|call us|text us|help us|baby steps|people (?:say|think|told|"
            r"are|who)",
            None,
        ),
        (rf"(?:family|household|party) of {_N}", _people),
        (rf"{_N} (?:of us|people|persons?)", _people),
        (
            rf"{_N} (?:\w{{1,12}} ){{0,2}}?(?:kids?|child(?:ren)?|sons?|daughters?|toddlers?|teenagers?|boys|girls)",
            _people,
        ),
        (
            r"(?:my|our|the) (?:\w{1,12} ){0,2}?(?:wife|husband|spouse|partner|fianc[eé]e?|girlfriend|boyfriend|"
            r"kids?|"
            r"child(?:ren)?|sons?|daughters?|baby|toddlers?|twins|family|parents|mother|mom|dad|in-laws|grandkids|"
            r"mother-in-law|grandparents|teenagers?|roommates?|\d{1,2}[ -]?(?:year|yr|month)[ -]?olds?)",
            1.0,
        ),
        (
            r"(?:wife|husband|partner|fiancee?) and (?:i|me)|we(?:'re| are) (?:\w{1,10} )?(?:expecting|pregnant|"
            r"married)|"
            r"(?:large|big|small|growing|young) family|newborn|baby (?:is )?(?:on the way|due|coming)|"
            r"expecting our (?:first|second|third|fourth|baby)|(?:having|have) (?:a|another) baby|"
            r"pregnant|"
            r"(?:have|has|having|with) (?:\w{1,10} )?(?:kids|children|twins|toddlers)|married (?:with|and|couple)|"
            r"live alone|living alone|just (?:me|myself)|by myself|just the two of us|(?:start|raise|raising|"
            r"starting) a family",
            1.0,
        ),
    ],
)
SCHOOL = phrases(
    "school",
    "school schools kindergarten elementary isd daycare preschool pre-k prek preschools daycares schooling",
    [
        (
            r"old[- ]school|(?:law|med|medical|grad|graduate|business|nursing|driving|dental|flight|trade) school|"
            r"school ?(?:teacher|bus driver|nurse|principal|counselor)s?|high school sweethearts?|(?:teach|"
            r"work)\w{0,3} at "
            r"(?:\w{1,15} ){0,3}?school",
            None,
        ),
        (
            r"(?:good|great|top|best|rated|better|decent|excellent|strong|public|private|charter|elementary|middle|"
            r"high|primary) "
            r"schools?(?: (?:district|system|zone)s?)?|school (?:district|zone|zoning|rating|system|year|age)s?|"
            r"schools?|"
            r"kindergarten|elementary|isd|day ?care|pre-?school|pre-?k",
            1.0,
        ),
    ],
)


def household(prepared: Prepared) -> list[Signal]:
    """Return words on who would live there (``family``; the value is a number of people where one is named).

    >>> [(found.text, found.value) for found in household(Prepared("A single family home for a family of four"))]
    [('family of four', 4.0)]
    """
    return FAMILY.find(prepared)


def schools(prepared: Prepared) -> list[Signal]:
    """Return words on schools, kind ``school``.

    >>> [found.text for found in schools(Prepared("Good schools matter. I went to law school."))]
    ['Good schools']
    """
    return SCHOOL.find(prepared)
