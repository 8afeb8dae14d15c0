"""Visits that a lead asks for."""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared
from core.features.text.vocabulary import words_of

_OVER_BEFORE = re.compile(
    r"\b(?:missed|attended|enjoyed|loved|liked|(?:went|been|came) to|(?:was|saw you|met you|met) at|"
    r"can(?:'t|not|t)|couldn't|won't|unable to|didn't|not(?: be)?|don't bother|no|"
    r"(?:from|after|since|during|thanks for|thank you for) (?:the|our|my|that|your)) (?:(?!\bis\b)\w{1,12} ){0,3}$"
)
_OVER_WORDS = words_of("""
    missed attended enjoyed loved liked went been came was met saw can't cannot cant couldn't won't unable didn't not
    bother no from after since during thanks thank
""")
_FALLS_AFTER = re.compile(r"(?: \w{1,10})? (?:come down|go|drop|lower|reduced|priced|listed|back on)\b")


def _asked(match: re.Match[str]) -> float | None:
    """1 unless the words around say that the visit is over, or does not come about."""
    low, start = match.string, match.start()
    before = low[max(0, start - 50) : start]
    over = not _OVER_WORDS.isdisjoint(before.split()) and _OVER_BEFORE.search(before)
    return None if over or _FALLS_AFTER.match(low, match.end()) else 1.0


SHOWING = phrases(
    "showing",
    "tour touring tours showing showings viewing viewings visit visiting see seeing view walkthrough walk appointment "
    "look open come stop swing",
    [
        (
            r"(?:visit|see|view) (?:your|the|my|our|his|her)? ?(?:web ?site|page|link|profile|listings?|photos?|"
            r"pictures?|pics|more|"
            r"details?|info|price|disclosures?|reports?|comps|video|floor ?plans?|you|doctor|family|friends|if|"
            r"what|how|any)|"
            r"virtual tour|in view of|open (?:floor|concept|plan|kitchen)|(?:don't|not|no longer) (?:want|need|"
            r"like) (?:you )?(?:to |a )"
            r"(?:schedule|see|visit|tour|view)\w{0,4}|"
            r"cancel (?:the|my|our) (?:showing|visit|tour|viewing|appointment)",
            None,
        ),
        (
            r"(?:schedul(?:e|ing)|book|set up|arrange|request|set|do|have|get|take|make|"
            r"reschedule|fix|plan|planning) (?:\w{1,12} ){0,4}?"
            r"(?:tour|showing|viewing|visit|walk[- ]?through|appointment)",
            _asked,
        ),
        (
            r"(?:can|could|may|when can|like|love|want|wanna|able|willing|come|need|hoping|possible|available|free|"
            r"interested|intrested|ready|go|"
            r"excited|wants?) (?:\w{1,10} ){0,3}?(?:see(?:ing)?|view(?:ing)?|tour(?:ing)?|visit(?:ing)?|"
            r"walk through|check(?:ing)? "
            r"out|tak(?:e|ing) a look at|look(?:ing)? at) (?:it|this|that|the|one|both|these|those|inside|some|"
            r"a few|unit|homes?|"
            r"houses?|\d{1,5}|in person|on|tomorrow|today)",
            _asked,
        ),
        (
            r"(?:tour|showing|viewing|walk[- ]?through)s? (?:on|at|this|next|tomorrow|today|please|for|available|"
            r"times?|requests?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})|open house|"
            r"available (?:to (?:see|view|tour)|for (?:a )?(?:showings?|tours?|viewings?|visits?))|"
            r"(?:stop|swing) by(?! (?:your|the) (?:office|bank))|"
            r"(?:i|we)(?:'d| would) (?:like|love) (?:to (?:visit|tour)|a (?:tour|showing|viewing|visit))|"
            r"come (?:by|over|see)|"
            r"(?:want|like|going|love) to (?:visit|tour)|let'?s (?:go )?(?:visit|tour|(?:see|view) (?:it|that|this))",
            _asked,
        ),
    ],
)


def showings(prepared: Prepared) -> list[Signal]:
    """Return visits asked for, kind ``showing``.

    >>> [found.text for found in showings(Prepared("Can we see the house on Saturday? I saw the photos."))]
    ['Can we see the']
    """
    return SHOWING.find(prepared)
