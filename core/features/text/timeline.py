"""When the lead means to act: how many months away, and what binds the date."""

from __future__ import annotations

import re
from datetime import date

from core.features.signal import Signal
from core.features.text.dates import MONTH, MONTH_WORDS, day_of, month_number
from core.features.text.marks import mark_of
from core.features.text.phrases import Before, at_words, phrases
from core.features.text.prepared import Prepared
from core.features.text.spans import GLUED, SPAN, months_of_span, spans
from core.features.text.taken import Taken
from core.features.text.vocabulary import words_of

_SPAN_BEFORE = at_words(
    r"\b(?:in|within|inside|next|under|less than|about|around|timeline|timeframe|time frame|roughly|approximately|"
    r"over|maybe|"
    r"probably|least|up to|only have|have|have about|have only|is|was|another|give me|give us|horizon)"
    r"(?: the| the next| about| around| maybe| a| roughly| like| another| is| is about| next| of)?[ :~]*$"
)
_SPAN_AFTER = re.compile(
    r" ?(?:from now|out|away|from today|timeline|time ?frame|window|horizon|or so|left|max|tops)\b"
)
_NOT_AHEAD_AFTER = re.compile(
    r"[ -]?(?:ago|old|lease|leases|of|contract|experience|now|rent|warranty|here|arm|fixed|mortgage|loan|term|back|"
    r"earlier|at|with|together|in the|notice|guarantee|deposit|supply|prior|already|min(?:imum)?|rental|stay|sublet|"
    r"walk|drive|\w{1,10} old)\b"
)
_NOT_AHEAD_BEFORE = at_words(
    r"\b(?:for|last|past|every|been|per|each|these|those|after|since|first|previous|built)(?: the)?(?: last|"
    r" past)? ?$"
)
_TRIP_BEFORE = re.compile(r"\b(?:back|vacation|travel(?:l?ing)?|visit(?:ing)?|fly(?:ing)?|town|away)\b[^.!?\n]{0,20}$")
_MEETING = words_of("""
    call talk text email reach contact chat see visit tour tours show showing showings meet meeting view viewing
    works work off free available appointment schedule open
""")
_OF_A_DAY = re.compile(r"(?:of |(?:this|next) (?:week|month)$|for [a-z. ]+\d{1,2}(?:st|nd|rd|th)?$)")
_DAY_BEFORE = re.compile(r"\d(?:st|nd|rd|th)?(?: day)?(?: of)? $|(?:mon|tues|wednes|thurs|fri|satur|sun)day,? $")
_OF_A_CHILD_BEFORE = ("my ", "our ", "have a ", "has a ", "with a ", "have an ", "has an ", "with an ")  # "have a 6mo"
_MONTH_NAMED = at_words(
    rf"\b(?P<lead>by|before|in|until|till|around|this|next|sometime in|coming|for|starting|of|(?:ends?|expires?|up|"
    rf"due|ending)(?: on)?)"
    rf"(?: the)?(?P<part> end of| early| mid| late| beginning of| start of| first of|"
    rf" middle of)?[ -](?P<month>{MONTH})\b"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? (?P<year>20\d\d))?"
)
_SEASON = at_words(
    r"\b(?:(?P<lead>by|before|in|until|this|next|early|late|mid|end of|sometime in|coming|for)(?: the)?"
    r"(?: end of| early| late| mid)? )?(?P<season>spring|summer|fall|autumn|winter)\b"
    r"(?: (?:of )?(?P<year>20\d\d)\b)?(?! (?:creek|valley|hill|street|branch|garden|hills|lake))"
)
_YEAR = at_words(r"\b(?P<lead>in|until|till|by|before|early|late|mid)(?: of)? (?P<year>20\d\d)\b")
_BEHIND_BEFORE = at_words(
    r"\b(?:bought|sold|moved|was|were|last|closed|since|back|built|lost|ended|renovated|did)\b[^.!?\n]{0,40}$"
)
_SEASONS = {"spring": 4, "summer": 7, "fall": 10, "autumn": 10, "winter": 1}
_QUARTER = at_words(r"\bq(?P<quarter>[1-4])(?: of)?(?: (?P<year>20\d\d))?\b")
_NEXT = at_words(
    r"\b(?P<what>(?:in|within|over|during) the next (?:year|month|week)|this week|next week|this month|next month|"
    r"end of (?:the |this )?month|end of (?:the |this )?year|"
    r"(?:before |by )?the holidays|year end|(?:early |early in )next year|next year|(?:later )?this year|new year)\b"
)
_NEXT_MONTHS = {"this week": 0.0, "next week": 0.25, "this month": 0.5, "next month": 1.0}
_MOVE = mark_of(
    words_of("""
    move moving moved buy buying purchase purchasing close closing relocate relocating relocation settle settled
    sell selling timeline timeframe lease find start looking ideally hoping want need plan planning expecting
    due search searching in by
""")
)
_MOST_ALONE = 36  # months of a span without a word that tells what it is
_PAST = -0.5  # months; "June 2026" is its first day here
_LONG_PAST = -2.0  # of a season or a quarter, of which one day stands for three months
_ACT_BEFORE = at_words(r"\b(?:mov|buy|clos|purchas|relocat|settle|find|timeline|ready|maybe|probably)[^.!?\n]{0,30}$")
FIXED = phrases(
    "timeline",
    """
    asap immediately immediate urgent urgently soon sooner now ready away today rush hurry browsing browse just only
    curious exploring shopping someday eventually plans whenever future road taking flexible deadline timeline timeframe
    sure some possible quickly yesterday not don't isn't aren't
    """,
    [
        (
            r"(?:call|text|email|e-mail|respond|reply|let (?:me|us) know|get back|send|hear|contact|answer|message|"
            r"reach out|phone)\b[^.!?\n]{0,40}?(?:asap|as soon as (?:possible|you can)|right away|immediately|soon|"
            r"today|right now)|"
            r"not ready to (?:schedule|book|visit|tour|see|view|meet)|"
            r"not just (?:browsing|looking|window shopping|curious|exploring)|"
            r"(?:available|vacant|occupied) (?:immediately|right away|right now|now|soon|asap|today)",
            None,
        ),
        (
            r"(?:not|nothing|isn't|aren't|don't) (?:\w{1,10} ){0,3}?(?:asap|urgent|ready|immediate(?:ly)?|soon)"
            r"(?: yet)?|"
            r"not (?:\w{1,10} )?(?:look|buy|sell|mov|shopp|plann)ing (?:\w{1,10} ){0,3}?right now|"
            r"not (?:really )?(?:interested|in the market) right now|"
            r"don't (?:want|plan|need) to (?:buy|sell|move) (?:\w{1,10} ){0,3}?right now|"
            r"no (?:immediate )?plans?|not (?:\w{1,10} ){0,2}?any ?time soon",
            0.0,
        ),
        (
            r"just (?:browsing|window shopping|looking around|exploring|seeing what|checking (?:it |things )?out)|"
            r"just curious"
            r"(?! (?:if|about|what|how|whether|when|why))|(?:only|just) looking(?! (?:for|to|at|into|in))|"
            r"browsing(?: for now)?",
            0.0,
        ),
        (
            r"no (?:rush|hurry|time ?(?:line|frame)|deadline|set (?:date|timeline))|(?:not|no|aren't|"
            r"isn't) in (?:a |any |that much of a )"
            r"?(?:rush|hurry)|some ?day|eventually|down the road|whenever|taking (?:our|my) time|not sure when|"
            r"in the future|"
            r"flexible (?:on|with) (?:timing|time|the timeline)",
            0.1,
        ),
        (
            r"asap|a\.s\.a\.p|(?:as )?soon as possible|immediate(?:ly)?|right away|urgent(?:ly)?|"
            r"as quickly as possible|"
            r"ready to (?:buy|move|make an offer|close|go|purchase|sign|write an offer|pull the trigger)(?: now|"
            r" today| right now)?|"
            r"(?:buy|move|purchase|looking|ready) (?:\w{1,10} ){0,2}?(?:right now|now|today)|need(?:ed)? (?:it |"
            r"one )?(?:yesterday|now)",
            1.0,
        ),
        (
            r"(?:the )?sooner the better|(?:very|really|pretty) soon|(?:mov(?:e|ing)|buy(?:ing)?|clos(?:e|ing)|"
            r"relocat(?:e|ing)|find(?:ing)?) "
            r"(?:\w{1,12} ){0,3}?soon",
            0.75,
        ),
    ],
    of_writer=True,
)


def urgency(months: float) -> float:
    """Turn a horizon in months into 1 (now) to 0: it halves at three months.

    >>> [urgency(months) for months in (0, 1, 3, 6, 12)]
    [1.0, 0.75, 0.5, 0.333, 0.2]
    """
    return round(1 / (1 + max(0.0, months) / 3), 3)


def timelines(prepared: Prepared, asked: bool = False) -> list[Signal]:
    """Return when the lead means to act, kind ``timeline``: 1 now, falling with the horizon, 0 for just browsing.

    The value is None where the month is named but nobody knows on what day it was written. ``asked`` says that
    the text answers the question for a time frame.

    >>> said = ("We need to move ASAP", "in 3-6 months", "just browsing for now", "by June")
    >>> [found.value for text in said for found in timelines(Prepared(text, date(2026, 3, 1)))]
    [1.0, 0.4, 0.0, 0.498]
    """
    taken = Taken(len(prepared.low))
    found = FIXED.find(prepared, taken)
    for gate, find, months_of in _HORIZONS:
        if not asked and not prepared.marks & gate:
            continue
        for match in find(prepared):
            ahead = asked or (_ahead(prepared, match) and not _of_a_visit(prepared, match))
            if ahead and taken.take(*match.span()):
                months = months_of(match, prepared.written_on)
                if months is not None and months < _PAST:
                    continue
                value = None if months is None else urgency(months)
                found.append(prepared.signal("timeline", *match.span(), value))
    return found


def _ahead(prepared: Prepared, match: re.Match[str]) -> bool:
    """Whether the words around a time speak of what lies ahead, and of moving."""
    before, after = Before(prepared, match.start()), prepared.after(match.end())
    if match.re is SPAN:
        if _NOT_AHEAD_AFTER.match(after) or before.has(_NOT_AHEAD_BEFORE):
            return False
        if before.text.endswith(_OF_A_CHILD_BEFORE) and not _SPAN_AFTER.match(after):
            return False
        short = len(prepared.tokens) <= 6 and match["high"] not in ("a", "an") and months_of_span(match) <= _MOST_ALONE
        return bool(before.has(_SPAN_BEFORE) or _SPAN_AFTER.match(after) or short)
    if before.has(_BEHIND_BEFORE):
        return False
    if match.re in (_QUARTER.pattern, _YEAR.pattern) or match[0].endswith("next year"):
        return True
    if match.re is _SEASON.pattern and not match["lead"] and not match["year"]:
        return len(prepared.tokens) <= 5
    if match.re is _NEXT.pattern:
        alone = len(prepared.tokens) <= 5 and _MEETING.isdisjoint(prepared.tokens)
        return alone or before.has(_ACT_BEFORE)
    return prepared.marks & _MOVE != 0 or len(prepared.tokens) <= 5


def _of_a_visit(prepared: Prepared, match: re.Match[str]) -> bool:
    """Whether a time is that of a trip or a day: "back in 2 weeks", "the 11th of March", "Tuesday next week"."""
    before = prepared.before(match.start())
    if _TRIP_BEFORE.search(before):
        return True
    told = _OF_A_DAY.match(match[0])
    day = told is not None and (match[0][:3] == "for" or _DAY_BEFORE.search(before) is not None)
    return day and not _ACT_BEFORE.pattern.search(before)


def _until(written_on: date | None, year: int, month: int, day: int) -> float | None:
    then = day_of(year, month, day)
    return None if written_on is None or then is None else (then - written_on).days / 30.4375


def _coming(written_on: date | None, month: int, year: str | None, day: int = 1) -> float | None:
    """Months until the next ``month``; 0 when it is the present one."""
    if written_on is None:
        return None
    if year and (int(year), month) != (written_on.year, written_on.month):
        return _until(written_on, int(year), month, day)
    if month == written_on.month:
        return 0.5
    return _until(written_on, written_on.year + (month < written_on.month), month, day)


def _named(match: re.Match[str], written_on: date | None) -> float | None:
    what = match["what"]
    if "the next" in what:
        return {"year": 12.0, "month": 1.0}.get(what.split()[-1], 0.25)
    if what in _NEXT_MONTHS:
        return _NEXT_MONTHS[what]
    if "month" in what:
        return 0.5
    if written_on is None:
        return None
    if "next year" in what:
        return _until(written_on, written_on.year + 1, 3 if "early" in what else 7, 1)
    ahead = _until(written_on, written_on.year, 12, 31) or 0.0
    return ahead / 2 if what.endswith("this year") else ahead


def _month(match: re.Match[str], written_on: date | None) -> float | None:
    part = match["part"] or ""
    day = 28 if "end" in part or "late" in part else 15 if "mid" in part else 1
    return _coming(written_on, month_number(match["month"]), match["year"], day)


def _season(match: re.Match[str], written_on: date | None) -> float | None:
    return _three_months(_coming(written_on, _SEASONS[match["season"]], match["year"], 15))


def _three_months(months: float | None) -> float | None:
    """Months until the middle of three that are not over yet, not below 0."""
    return months if months is None or months < _LONG_PAST else max(0.0, months)


def _year(match: re.Match[str], written_on: date | None) -> float | None:
    year, month = int(match["year"]), {"in": 7, "mid": 7, "late": 10}.get(match["lead"], 1)
    if written_on is not None and year == written_on.year:
        month = max(month, written_on.month)
    return _until(written_on, year, month, 1)


def _quarter(match: re.Match[str], written_on: date | None) -> float | None:
    return _three_months(_coming(written_on, 3 * int(match["quarter"]) - 1, match["year"], 15))


_SPAN_WORDS = GLUED | words_of("day days week weeks wk wks month months mo mos mths mth year years yr yrs")
_HORIZON_WORDS = (
    (
        words_of("day days week weeks wk wks month months mo mos mths mth year years yr yrs") | GLUED,
        spans,
        months_of_span,
    ),
    (words_of("week month year holidays"), _NEXT.matches, _named),
    (MONTH_WORDS, _MONTH_NAMED.matches, _month),
    (frozenset(_SEASONS), _SEASON.matches, _season),
    (words_of("q1 q2 q3 q4"), _QUARTER.matches, _quarter),
    (frozenset(str(year) for year in range(2000, 2100)), _YEAR.matches, _year),
)
_HORIZONS = tuple((mark_of(words), find, months_of) for words, find, months_of in _HORIZON_WORDS)
GATE = FIXED.gate.union(*(words for words, _, _ in _HORIZON_WORDS))
