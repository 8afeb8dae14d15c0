"""Visits that a lead asks for."""

from __future__ import annotations

from core.features.signal import Signal
from core.features.text.phrases import phrases
from core.features.text.prepared import Prepared

SHOWING = phrases(
    "showing",
    "tour touring showing showings viewing visit visiting see view walkthrough walk appointment look open come",
    [
        (
            r"(?:visit|see|view) (?:your|the|my|our|his|her)? ?(?:web ?site|page|link|profile|listings?|photos?|"
            r"pictures?|pics|more|"
            r"details?|info|price|disclosures?|reports?|comps|video|floor ?plans?|you|doctor|family|friends|if|"
            r"what|how|any)|"
            r"virtual tour|in view of|open (?:floor|concept|plan|kitchen)|(?:don't|not|no longer) (?:want|need|"
            r"like) (?:to |a )"
            r"(?:schedule|see|visit|tour|view)\w{0,4}|cancel (?:the|my|our) (?:showing|visit|tour|viewing|"
            r"appointment)",
            None,
        ),
        (
            r"(?:schedul(?:e|ing)|book|set up|arrange|request|set|do|have|get|take|make|"
            r"reschedule) (?:\w{1,12} ){0,4}?"
            r"(?:tour|showing|viewing|visit|walk[- ]?through|appointment)",
            1.0,
        ),
        (
            r"(?:can|could|may|when can|like|love|want|wanna|able|come|need|hoping|possible|available|free|"
            r"interested|ready|go|"
            r"excited|wants?) (?:\w{1,10} ){0,3}?(?:see(?:ing)?|view(?:ing)?|tour(?:ing)?|visit(?:ing)?|"
            r"walk through|check(?:ing)? "
            r"out|tak(?:e|ing) a look at|look(?:ing)? at) (?:it|this|that|the|one|both|these|those|inside|some|"
            r"a few|unit|homes?|"
            r"houses?|\d{1,5}|in person|on|tomorrow|today)",
            1.0,
        ),
        (
            r"(?:tour|showing|viewing|walk[- ]?through)s? (?:on|at|this|next|tomorrow|today|please|for|available|"
            r"times?)|open house|"
            r"(?:i|we)(?:'d| would) (?:like|love) (?:to (?:visit|tour)|a (?:tour|showing|viewing|visit))|"
            r"come (?:by|over|see)|"
            r"(?:want|like|going|love) to (?:visit|tour)",
            1.0,
        ),
    ],
)


def showings(prepared: Prepared) -> list[Signal]:
    """Return visits asked for, kind ``showing``.

    >>> [found.text for found in showings(Prepared("Can we see the house on Saturday? I saw the photos."))]
    ['Can we see the']
    """
    return SHOWING.find(prepared)
