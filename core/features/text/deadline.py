"""Dates that bind: the end of a lease, a new job, the start of school."""

from __future__ import annotations

from core.features.signal import Signal
from core.features.text.dates import MONTH
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared

DEADLINE = phrases(
    "deadline",
    "lease rental job work position due deadline by before must vacate eviction notice orders wedding closing "
    "expires expire "
    "expiring ends starts starting start begins close closes sold contract",
    [
        (
            r"(?:respond|reply|let (?:me|us) know|call|text|email|send|get back)\b[^.!?\n]{0,30}?(?:by|before)|"
            r"(?:no|any) deadline",
            None,
        ),
        (
            r"lease (?:[\w']{1,10} ){0,5}?(?:up|ends?|ending|expires?|expiring|over|out|terminates?)|(?:end of|out of|"
            r"break) (?:my|our|the) "
            r"(?:current )?lease|(?:rental|lease) (?:agreement|term) (?:ends?|expires?|is up)|(?:have|"
            r"having) to (?:vacate|leave|be out)",
            1.0,
        ),
        (
            r"(?:new )?(?:job|position|school|semester|work|assignment) (?:\w{1,8} )?(?:starts?|begins?|starting)|"
            r"(?:start|starts|"
            r"starting|begin|begins) (?:my |a |the |his |her |our )?(?:new )?(?:job|position|work|school|residency|"
            r"assignment)",
            1.0,
        ),
        (
            rf"(?:baby|wife|she|we|i)(?:'s|'re|'m| is| are| am)? due(?: date)?|due (?:date|in {MONTH})|deadline|"
            rf"eviction|notice to vacate|"
            r"(?:pcs|military) orders|report date|rate lock|(?:closing|close) on (?:our|my) (?:current |"
            r"old )?(?:house|home|condo|sale)|"
            r"(?:our|my) closing (?:date )?(?:is|on)|"
            r"(?:our|my) (?:house|home|condo) (?:is )?(?:under contract|sold|closes)|before (?:the|our|my) (?:baby|"
            r"wedding)",
            1.0,
        ),
        (
            r"(?:by|before|no later than) (?:the )?(?:(?:end|first|start|beginning|middle|1st|15th) of )?(?:the |"
            r"next |this )?"
            rf"(?:{MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?)?|\d{{1,2}}/\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)|month|year|"
            rf"summer|spring|fall|"
            r"winter|school(?: year)?|semester|christmas|thanksgiving|easter|halloween|holidays|new year|memorial day|"
            r"labor day|season)(?: (?:starts|"
            r"begins|year))?",
            1.0,
        ),
        (
            r"(?:must|have to|need to|gotta|has to) (?:be )?(?:out|move|close|vacate|leave|be in|be settled|relocate)"
            r"(?: \w{1,12}){0,5}? (?:by|before)",
            1.0,
        ),
    ],
)


def deadlines(prepared: Prepared) -> list[Signal]:
    """Return dates that bind, kind ``deadline``.

    >>> [found.text for found in deadlines(Prepared("Our lease is up in May and my new job starts soon"))]
    ['lease is up', 'new job starts']
    """
    return DEADLINE.find(prepared)
