"""Prices in what people write: "500k", "$1.2M", "between 450 and 500", "half a million", "mid 400s".

A figure is a price of a home only when something says so: a currency sign, a unit (k, thousand, million),
thousands separators, or, for a bare "450", the words around it. What says what else it is (a month's rent, a
deposit, square feet, miles, a salary) always wins.
"""

from __future__ import annotations

import re

from core.features.signal import Signal
from core.features.text.figures import AFTER_BARE, Figure, figures_in, has_hundreds, hundreds_in, spelt_figures
from core.features.text.marks import mark, mark_of
from core.features.text.millions import counts_millions, in_millions
from core.features.text.phrases import Before, at_words
from core.features.text.prepared import Prepared
from core.features.text.vocabulary import words_of

LOWEST_USD, HIGHEST_USD = 25_000, 500_000_000
SPELT = mark_of({"million", "thousand", "grand", "hundred"})
_CUES = mark_of(
    words_of("""
    afford asking around below between bid budget budgeted ceiling cost costs listed max maximum min offer over
    paid pay paying price priced prices purchase qualified qualify approved approval range sell sold spend
    spending under up value valued worth house home houses homes condo property properties place
""")
)
_MONEY = mark_of(
    words_of("""
    afford approved budget max maximum mortgage offer price priced prices qualified range spend spending
""")
)
_SEEKING = mark_of(words_of("looking buy buying purchase purchasing find search searching seeking"))
_MEETING = mark_of(
    words_of("""
    am pm see tour touring visit call meet meeting showing view viewing today tomorrow tonight monday tuesday
    wednesday thursday friday saturday sunday morning afternoon evening time minutes miles
""")
)
_TO = re.compile(r"(?: ?(?:-|to|and|through|thru|up to|till|&) ?){1,2}(?:around |about |maybe |even )?")
_BETWEEN = at_words(r"\b(?:between|btwn|betw|from|range|anywhere)(?: of| is| from)?(?: about| around)? ?\$?$")

_BUDGET_BEFORE = at_words(
    r"\b(?:budget(?:ed)?|presupuesto|price(?: range| point| limit)?|spend(?:ing)?|afford|pay(?:ing)?|"
    r"(?:pre)?approv(?:ed|al)|"
    r"(?:pre)?qualif(?:y|ied)|asking|offer(?:ed|ing)?|(?<!fort )(?<!ft )worth|limit|ceiling|range|cap|top out|"
    r"maxe?s?(?: out)?|maximum|"
    r"listed|priced|valued|apprais(?:e|ed) (?:at|for)|(?:sellers?|owners?|they) (?:would )?(?:wants?|takes?|"
    r"accepts?|do)|counter(?:ed)?)\b"
    r"[^.!?\n]{0,24}$"
)
_BOUND_BEFORE = at_words(
    r"\b(?:under|below|less than|lower than|up to|upto|at most|hasta|menos de|no more than|nothing over|nothing above|"
    r"not (?:to |go |going |much )?(?:over|above|past|exceed(?:ing)?|more than)|max(?:imum)?(?: of| is)?|"
    r"stay (?:under|below)|keep it (?:under|below|around|at)|cheaper than|starting at)"
    r"(?: around| about| like)? ?\$?$"
)
_BUDGET_AFTER = re.compile(
    r" ?(?:max(?:imum)?|tops|top|range|budget|or (?:less|under|below|so)|ish|price|"
    r"(?:is|would be|was) (?:our|my|the|a|about)(?: (?:absolute|hard|upper|top))? "
    r"(?:max|maximum|limit|budget|ceiling|top|cap))\b"
)
_AROUND_BEFORE = at_words(r"(?:\b(?:around|about|roughly|approximately|approx|near|in the|maybe|or)|~) ?\$?$")
_NOT_A_PRICE_AFTER = re.compile(
    r" ?\+?[ -]?(?:sq|sqft|square|sf|ft|feet|foot|acres?|miles?|minutes?|mins|hours?|hrs?|days?|weeks?|yrs?|years?|"
    r"months?|mos|beds?|bedrooms?|br|bd|baths?|bathrooms?|ba|people|units?|stor(?:y|ies)|floors?|percent|"
    r"followers|views|residents|population|inhabitants|times|things|questions|reasons|thanks|lbs?|credit|fico|"
    r"down(?! the road| to)|deposit|salary|income|hoa|off|saved|of equity|equity|debt|student|"
    r"in (?:(?:my |our |a )?(?:savings|401k?|ira|account|bank)|the bank|equity|reserves?|hand|student|it|there)|"
    r"(?:in|of|for|on|toward|towards|worth of) (?:the |a |my |our |some |seller )?(?:closing|fees|repairs?|debt|work\b|"
    r"renovations?|reno\b|updates?|upgrades?|improvements?|remodel|rehab|credit cards?|concessions?|credits?|"
    r"down ?payment)|"
    r"a year|per year|/ ?(?:year|yr|sq)|annual(?:ly)?|yearly|per (?:square|sq|night|week|day)|a (?:night|week|day)|"
    r"(?:over|under|above|below) (?:asking|list)|to put down|commission|gross|net worth|take home)\b|^ ?[%°]"
)
_NOT_A_PRICE_BEFORE = at_words(
    r"(?:\b(?:down ?payment|deposit|earnest money|hoa|tax|taxes|fees?|dues|salary|salaries|income|earn|earning|earns|"
    r"make|makes|making|closing costs?|savings|saved|save|put|putting|debt|commission|score|fico|credit|"
    r"built(?: in)?|"
    r"since|year|mls|zip(?: ?code)?|unit|apt|suite|ste|lot|highway|hwy|route|interstate|fm|exit|pmi|insurance|raise|"
    r"utilities|repairs?|remodel|renovations?|rehab|equity|population|number|no|id|ref|room|building|bldg|case|order|"
    r"account|ext|extension|reduced by|dropped?(?: by| the price by)?|discount|area code|over asking by|bonus|"
    r"cash reserves?|down|owe|owes|owed|owing|thanks|flight|outbid|inherit(?:ed|ing)|gift(?:ed|ing)?|grants?|"
    r"assistance|"
    r"net(?:ted|ting)?|balance|payoff|walk(?:ing)? away with|(?:student|car|auto|personal) loans?|"
    r"(?:roof|hvac|foundation|septic|plumbing|windows|siding|furnace|kitchen|deck|fence|driveway) "
    r"(?:\w{1,12} ){0,2}?costs?)"
    r"(?: (?:is|of|are|at|about|around|for|be|was|were|up to|roughly|approximately|approx|only|just|total|the|a|my|"
    r"our|us|me|him|her|them|"
    r"to|by|like|code|as much as|another|an extra|almost|nearly|over|under|below|less than|at least)){0,4}|#)"
    r" ?[:=#]? ?\$?$"
)
_BARE_NOT_AFTER = re.compile(r" ?(?:mi|min|am|pm|st|nd|rd|th|points?|score|steps|degrees|or so (?:people|feet))\b")
_MONTHLY_AFTER = re.compile(
    r" ?(?:/|-|per|a|each|every|in)? ?(?:month|mo\b|mon\b|monthly|pm\b|p/m|pcm\b)|[^.!?\n]{0,12}\b(?:in rent|rent)\b"
)
_RENT_BEFORE = at_words(r"\b(?:rent(?:ing|al)?|monthly(?: payments?)?|payments?)\b[^.!?\n]{0,25}$")
_NO_RENT_BEFORE = re.compile(
    r"\b(?:hoa|dues|fees?|tax(?:es)?|insurance|utilities|pmi|(?:car|truck) payments?|"
    r"(?:student|car|auto|personal) loans?|"
    r"daycare|childcare|income|salary|makes?|making|earns?|airbnb)\b[^.!?,\n]{0,15}$"
)
_OF_MONTHLY = re.compile("mo|p?c?m|rent|payment")  # in a word of all that speaks of a sum a month
_MONTHLY = mark(lambda word: _OF_MONTHLY.search(word) is not None)


def prices(prepared: Prepared, asked: bool = False) -> list[Signal]:
    """Return the prices in a text, kind ``price``: dollars, or ``[low, high]``; kind ``rent`` for monthly sums.

    ``asked`` says that the text answers the question for a price (a field of a form), so that "450-500" is one.

    >>> [found.value for found in prices(Prepared("My budget is between 450 and 500, not $1.2M!"))]
    [[450000, 500000], 1200000]
    >>> prices(Prepared("Call 512-555-0198 about the 2000 sq ft house at 4500 Elm St, built in 1998"))
    []
    """
    found = _in_digits(prepared, asked) if prepared.digits else []
    if prepared.marks & SPELT:
        for figure in spelt_figures(prepared):
            found.extend(_judged(prepared, [figure], asked))
    if prepared.digits and has_hundreds(prepared.low):
        found.extend(prepared.signal("price", *place) for place in hundreds_in(prepared))
    return found


def _in_digits(prepared: Prepared, asked: bool) -> list[Signal]:
    figures, found, index = figures_in(prepared), list[Signal](), 0
    while index < len(figures):
        taken = 2 if index + 1 < len(figures) and _is_range(prepared, figures[index], figures[index + 1]) else 1
        found.extend(_judged(prepared, figures[index : index + taken], asked))
        index += taken
    return found


def _is_range(prepared: Prepared, first: Figure, second: Figure) -> bool:
    if second.start - first.end > 16:
        return False
    gap = prepared.low[first.end : second.start]
    if not _TO.fullmatch(gap) or Before(prepared, first.start, 60).has(_NOT_A_PRICE_BEFORE):
        return False
    joined = "and" in gap or "&" in gap
    return not joined or Before(prepared, first.start).has(_BETWEEN)


def _judged(prepared: Prepared, figures: list[Figure], asked: bool) -> list[Signal]:
    """The signal that one figure, or the two of a range, amounts to; empty when it is no price."""
    first, last = figures[0], figures[-1]  # the same where there is one
    explicit = first.explicit or last.explicit
    may_be_price = explicit or (_may_be_bare(first.number) and _may_be_bare(last.number))
    monthly = prepared.marks & _MONTHLY and (first.large or last.large)
    if not may_be_price and not monthly:
        return []
    start, end = first.start, last.end
    before, after = Before(prepared, start, 60), prepared.after(end)
    amounts = _monthly(figures, before, after) if monthly else []
    if amounts:
        return [prepared.signal("rent", start, end, _value(amounts))]
    if not may_be_price:
        return []
    if before.has(_NOT_A_PRICE_BEFORE) or _NOT_A_PRICE_AFTER.match(after):
        return []
    asked = asked or _around(prepared, before)
    if explicit:
        amounts = _explicit(prepared, figures, before, after, asked)
    else:
        amounts = _bare(prepared, figures, before, after, asked)
    if not amounts or not all(LOWEST_USD <= amount <= HIGHEST_USD for amount in amounts):
        return []
    return [prepared.signal("price", start, end, _value(amounts))]


def _around(prepared: Prepared, before: Before) -> bool:
    """Whether "around 275" speaks of money here: by the words of the text, for 430 may also be half past four."""
    if not before.has(_AROUND_BEFORE):
        return False
    marks = prepared.marks
    return marks & _MONEY != 0 or (marks & _SEEKING != 0 and not marks & _MEETING)


def _value(amounts: list[float]) -> int | list[int]:
    """Whole dollars, lowest first.

    >>> _value([750_000.0, 500_000.0])
    [500000, 750000]
    """
    whole = sorted({round(amount) for amount in amounts})
    return whole[0] if len(whole) == 1 else whole


def _monthly(figures: list[Figure], before: Before, after: str) -> list[float]:
    amounts = [figure.number * (figure.scale or 1) for figure in figures]
    if not all(200 <= amount <= LOWEST_USD for amount in amounts) or _NO_RENT_BEFORE.search(before.text):
        return []
    if _MONTHLY_AFTER.match(after):
        return amounts
    rent = ("rent" in before.text or "payment" in before.text) and before.has(_RENT_BEFORE)
    return amounts if rent else []


def _explicit(prepared: Prepared, figures: list[Figure], before: Before, after: str, asked: bool) -> list[float]:
    """Amounts of figures of which one at least has a sign, a unit or separators; the other shares its unit."""
    last = figures[-1]
    if last.metres and not last.dollar and last.number.is_integer() and not prepared.marks & _CUES and not asked:
        return []
    amounts = []
    for figure in figures:
        scale = figure.scale
        if not scale and not figure.comma and figure.number < 1000:
            scale = last.scale if last.scale and figure.number <= last.number else 0.0
            in_hundreds = not scale and _in_hundreds(figure.number)
            if in_hundreds and (last.scale or _said(before, after, len(figures) > 1, asked)):
                scale = 1000.0
        amounts.append(figure.number * (scale or 1))
    return amounts


def _bare(prepared: Prepared, figures: list[Figure], before: Before, after: str, asked: bool) -> list[float]:
    """Amounts of figures without any sign: "between 450 and 500", "450000", "go up to 1.3"."""
    alone = len(prepared.tokens) <= 3
    said = _said(before, after, len(figures) > 1, asked) or (alone and len(figures) > 1)
    amounts = []
    for figure in figures:
        number = figure.number
        if _in_hundreds(number) and said:
            amounts.append(1000 * number)
        elif in_millions(number) and counts_millions(
            prepared, number, before, after, budget=said and before.has(_BUDGET_BEFORE)
        ):
            amounts.append(1e6 * number)
        elif (number >= 100_000 and (said or number % 500 == 0)) or (
            number >= LOWEST_USD and said and number % 500 == 0
        ):
            amounts.append(number)
        else:
            return []
    return amounts


def _may_be_bare(number: float) -> bool:
    """Whether a figure without any sign can be a price, once the words around it say so.

    >>> [_may_be_bare(number) for number in (450.0, 1.2, 450_000.0, 1204.0, 78_704.0, 3.0)]
    [True, True, True, False, False, False]
    """
    written_out = number >= 100_000 or (number >= LOWEST_USD and number % 500 == 0)
    return written_out or _in_hundreds(number) or in_millions(number)


def _in_hundreds(number: float) -> bool:
    return 100 <= number < 1000 and number.is_integer()


def _said(before: Before, after: str, is_range: bool, asked: bool) -> bool:
    """Whether the words around say that a bare number is a price."""
    if _BARE_NOT_AFTER.match(after):
        return False
    if _BUDGET_AFTER.match(after):
        return True
    if not AFTER_BARE.match(after):
        return False
    if asked or before.has(_BUDGET_BEFORE) or before.has(_BOUND_BEFORE):
        return True
    return is_range and before.has(_BETWEEN)
