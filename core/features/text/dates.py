"""Days that people name: "the 14th", "March 10th", "Wednesday next week", "3/14", "later today"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from core.features.signal import Signal
from core.features.text.marks import mark, mark_of
from core.features.text.prepared import Prepared
from core.features.text.taken import Taken
from core.features.text.vocabulary import words_of

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|weds|thurs|thur)"
_SHORT_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
MONTH_WORDS = words_of("""
    jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october
    nov november dec december
""")
_DAY_WORDS = words_of("""
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun
""")
_NEAR_WORDS = words_of("today tonight tomorrow weekend tmrw tmr tomorow")
GATE = MONTH_WORDS | _DAY_WORDS | _NEAR_WORDS
_WHOLE_DAYS = (*_DAYS, "mon", "tues", "wed", "thurs", "fri", "sat", "sun")
_NTH_TOKEN = re.compile(r"\d{1,2}(?:st|nd|rd|th)$")
_NTH_WORD = mark(lambda word: _NTH_TOKEN.match(word) is not None)
_MONTH, _WEEKDAY_WORD, _NEAR_WORD = mark_of(MONTH_WORDS), mark_of(_DAY_WORDS), mark_of(_NEAR_WORDS)
_NUMERIC = re.compile(r"\d[/-]\d")

_OF_MONTH = re.compile(r"(?<![\w.,$])(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:day )?of (?P<which>this|next|the) month\b")
_DAY_MONTH = re.compile(
    rf"(?<![\w.,$/])(?P<day>\d{{1,2}})(?P<nth>st|nd|rd|"
    rf"th)?(?P<of> of)? (?P<month>{MONTH})\b(?:\.?,? (?P<year>20\d\d)\b)?"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%/]|"
    rf"[.,]\d)(?:,? (?P<year>20\d\d)\b)?"
)
_THE_NTH = re.compile(
    rf"(?:\bthe |(?<=\bon )|(?<=\bby )|(?<=\bfor )|(?<=\bbefore )|(?<=\buntil )|(?<=\bafter )|(?<=\bto )|^)"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)\b"
    r"(?! (?:floor|street|st\b|ave|avenue|grade|grader|home|house|time|district|ward|place|one|bed|bath|century|hole|"
    r"largest|biggest|property|condo|apartment|unit|option|item|listing|picture|photo|of (?:this|next|the) month|"
    rf"(?:of )?{MONTH}\b))"
)
_ISO = re.compile(r"(?<![\w.,$/-])(?P<year>20\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_SLASH = re.compile(r"(?<![\w.,$/])(?P<month>\d{1,2})[/](?P<day>\d{1,2})(?:[/](?P<year>(?:20)?\d\d))?(?![\w/%]|[.,]\d)")
_SLASH_BEFORE = re.compile(
    r"\b(?:on|by|before|for|after|until|till|from|to|of|about|around|date:?|is|-|due|starting) ?$"
)
_SLASH_NOT_AFTER = re.compile(r" ?(?:bath|bed|bd|br|ba\b|acres?|house|home|ranch|mile|of|condo|interest|million)")
_WEEKDAY = re.compile(
    rf"\b(?:(?P<which>this|next|coming|this coming|following) )?"
    rf"(?:(?P<day>{_DAY})|(?<=[snbr] )(?P<short>{_SHORT_DAY})(?=[\s.,;:!?]|$))"
    r"(?![\w'])(?: (?P<week>this|next) week\b)?"
)
_NEAR = re.compile(
    r"\b(?P<word>the day after tomorrow|day after tomorrow|later today|today|tonight|tomorrow|tomorow|tmrw|tmr|"
    r"this (?:coming )?weekend|next weekend)\b"
)
_IDLE_TODAY = re.compile(
    r"(?:\b(?:all|you|doing|day|everything|it|much|enough|done|help|need|thanks|good)(?: i need)?(?: for| from)? )$"
)

_Resolve = Callable[[re.Match[str], date | None], date | None]


def dates(prepared: Prepared) -> list[Signal]:
    """Return the days that a text names, kind ``date``; the value is an ISO date, or None when no year is known.

    Days are read as seen from ``written_on``: "the 14th" is the next 14th, "next Friday" that of next week.

    >>> text = "Could I come on the 14th, next Friday or March 3rd?"
    >>> [(found.text, found.value) for found in dates(Prepared(text, date(2026, 1, 20)))]
    [('the 14th', '2026-02-14'), ('next Friday', '2026-01-30'), ('March 3rd', '2026-03-03')]
    """
    found: list[Signal] = []
    taken = Taken(len(prepared.low))
    for pattern, resolve in _patterns_for(prepared):
        for match in pattern.finditer(prepared.low):
            if _is_day(prepared, match) and taken.take(*match.span()):
                day = _resolved(resolve, match, prepared.written_on)
                found.append(prepared.signal("date", *match.span(), day.isoformat() if day else None))
    found.sort(key=lambda signal: signal.start)
    return _joined(prepared, found)


def _joined(prepared: Prepared, found: list[Signal]) -> list[Signal]:
    """Take "Thursday the 12th" for one day, that of its number."""
    kept: list[Signal] = []
    for signal in found:
        last = kept[-1] if kept else None
        gap = prepared.raw[last.end : signal.start] if last and signal.start - last.end <= 6 else None
        if (
            last
            and gap in (" ", ", ", ", the ", " on ")
            and last.text[-1].isalpha()
            and last.text.lower().endswith(_WHOLE_DAYS)
        ):
            kept[-1] = signal._replace(text=prepared.raw[last.start : signal.end], start=last.start)
        else:
            kept.append(signal)
    return kept


def _patterns_for(prepared: Prepared) -> list[tuple[re.Pattern[str], _Resolve]]:
    """The patterns that can be found in a text with these words, the longer ones first."""
    marks, chosen = prepared.marks, list[tuple[re.Pattern[str], _Resolve]]()
    if prepared.digits:
        nth = bool(marks & _NTH_WORD)
        numeric = _NUMERIC.search(prepared.low) is not None
        chosen += [(_OF_MONTH, _of_month)] if nth or "month" in prepared.words else []
        chosen += [(_DAY_MONTH, _month_day), (_MONTH_DAY, _month_day)] if marks & _MONTH else []
        chosen += [(_THE_NTH, _the_nth)] if nth else []
        chosen += [(_ISO, _full), (_SLASH, _month_day)] if numeric else []
    chosen += [(_WEEKDAY, _weekday)] if marks & _WEEKDAY_WORD else []
    chosen += [(_NEAR, _near)] if marks & _NEAR_WORD else []
    return chosen


def _resolved(resolve: _Resolve, match: re.Match[str], written_on: date | None) -> date | None:
    try:
        return resolve(match, written_on)
    except OverflowError:  # past the calendar's last year
        return None


def _is_day(prepared: Prepared, match: re.Match[str]) -> bool:
    if match.re is _NEAR:
        return match["word"] != "today" or not _IDLE_TODAY.search(prepared.before(match.start()))
    if match.re is _WEEKDAY:
        return True
    groups = match.groupdict()
    if not 1 <= int(groups["day"]) <= 31:
        return False
    month = groups.get("month") or ""
    if match.re is _DAY_MONTH:
        return bool(groups["nth"] or groups["of"] or month not in ("may", "mar", "march"))
    if match.re is _SLASH:
        return _is_slashed_day(prepared, match)
    return True


def _is_slashed_day(prepared: Prepared, match: re.Match[str]) -> bool:
    if not 1 <= int(match["month"]) <= 12 or _SLASH_NOT_AFTER.match(prepared.after(match.end())):
        return False
    return (
        bool(match["year"]) or int(match["day"]) > 9 or _SLASH_BEFORE.search(prepared.before(match.start())) is not None
    )


def month_number(name: str) -> int:
    """Return 1 to 12 for the name of a month or its first three letters.

    >>> month_number("sept")
    9
    """
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(name[:3]))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when there is none such.

    >>> day_of(2026, 2, 30) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full(match: re.Match[str], _: date | None) -> date | None:
    return day_of(int(match["year"]), int(match["month"]), int(match["day"]))


def _month_day(match: re.Match[str], written_on: date | None) -> date | None:
    month = int(match["month"]) if match["month"].isdigit() else month_number(match["month"])
    if match["year"]:
        return day_of(2000 + int(match["year"]) % 100, month, int(match["day"]))
    if written_on is None:
        return None
    day = day_of(written_on.year, month, int(match["day"]))
    if day is not None and (written_on - day).days > 31:
        return day_of(written_on.year + 1, month, int(match["day"]))
    return day


def _following(written_on: date, months: int) -> tuple[int, int]:
    count = written_on.year * 12 + written_on.month - 1 + months
    return count // 12, count % 12 + 1


def _of_month(match: re.Match[str], written_on: date | None) -> date | None:
    if written_on is None:
        return None
    return day_of(*_following(written_on, 1 if match["which"] == "next" else 0), int(match["day"]))


def _the_nth(match: re.Match[str], written_on: date | None) -> date | None:
    if written_on is None:
        return None
    days = (day_of(*_following(written_on, months), int(match["day"])) for months in range(4))
    return next((day for day in days if day and day >= written_on), None)


def _weekday(match: re.Match[str], written_on: date | None) -> date | None:
    if written_on is None:
        return None
    name = match["day"] or match["short"]
    wanted = next(number for number, day in enumerate(_DAYS) if day.startswith(name[:3]))
    monday = written_on - timedelta(days=written_on.weekday())
    if match["which"] == "next" or match["week"] == "next":
        return monday + timedelta(days=7 + wanted)
    if match["week"] == "this":
        return monday + timedelta(days=wanted)
    return written_on + timedelta(days=(wanted - written_on.weekday()) % 7)


def _near(match: re.Match[str], written_on: date | None) -> date | None:
    if written_on is None:
        return None
    word = match["word"]
    if "weekend" in word:
        saturday = (5 - written_on.weekday()) % 7
        return written_on + timedelta(days=saturday + (7 if word.startswith("next") else 0))
    return written_on + timedelta(days=2 if "after" in word else 1 if word[:2] == "tm" or "tomor" in word else 0)
