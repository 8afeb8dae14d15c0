"""Where a text tells who somebody is: names, e-mails, phones, numbers of houses and accounts, addresses of the web."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from core.escalation.own_names import Names
from core.escalation.visible import visible
from core.features.text.area_words import STREETS
from core.features.text.vocabulary import words_of
from core.leads import Lead, LeadHistory


class Kind(StrEnum):
    """What a placeholder stands for."""

    NAME = "NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    NUMBER = "NUMBER"  # of an account, a card, a document
    HOUSE = "HOUSE"  # number of a house or a flat
    LINK = "LINK"
    MARK = "MARK"  # words that look like one of our placeholders


class Span(NamedTuple):
    """A stretch of a text."""

    start: int
    end: int
    kind: Kind


PLACEHOLDER: Final = re.compile(r"\[([A-Z]{4,6}_\d{1,4}(?:\.\d{1,3})?)\]")
EMAIL: Final = re.compile(
    r"[\w.+%'’-]{1,64} ?[@＠] ?[\w-]{1,63}(?:(?:\.| \. )[\w-]{1,63}){1,5}|"
    r"[\w.+-]{1,64}(?: at |\s?[(\[]at[)\]]\s?)[\w-]{1,63}(?: dot |\s?[(\[]dot[)\]]\s?)\w{2,10}|"
    r"(?<!\w)@\w{3,40}",  # a name in some network
    re.IGNORECASE,
)
LINK: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://\S{0,2000}|\b(?:javascript|data|vbscript|file|mailto|tel|sms):\S{1,2000}|"
    r"(?<!\w)//[\w-]{1,63}\.\S{1,2000}|\bwww\.\S{1,2000}|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:/\S{0,2000})?|"
    r"\b(?:[\w-]{1,63}\.){1,5}(?:com|net|org|io|co|us|info|biz|me|app|dev|link|ly|gl|gd|xyz|top|site|online|shop|click|"
    r"club|live|page|ru|cn|de|uk|fr|es|it|in|br|mx|ca|eu|tv|cc|to|ai|homes|realty|estate|house)\b(?:[/?#:]\S{0,2000})?|"
    r"\b(?:[\w-]{1,63}\.){1,5}[a-z]{2,10}/\S{1,2000}",
    re.IGNORECASE,
)
PHONE: Final = re.compile(
    r"(?<![\d$€£.,])(?:\+?\d{1,3}[ .\-–]?)?(?:\(\d{3}\)[ .\-–]{0,2}|\d{3}[ .\-–])\d{3}[ .\-–]?\d{4}(?!\d)|"
    r"\+\d(?:[ ().\-–/]{0,2}\d){6,14}|(?<![\d$€£.,-])\d{3}[.\-–]\d{4}(?![\dk%]|[.,-]\d)|"
    r"(?<![\d$€£.,])0\d{1,4}(?:[ /.\-–]?\d{2,8}){1,4}(?!\d)|(?<![\d$€£.,])1?[2-9]\d{9}(?!\d)"
)
NUMBER: Final = re.compile(
    r"(?<![\d$€£])(?:\d{3}[ -]\d{2}[ -]\d{4}|\d{4}(?:[ -]\d{4}){3}|[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}|\d{9,30})(?!\d)"
)
_STREET: Final = "|".join(sorted(STREETS - {"way", "place", "square", "court", "st"})) + r"|way|place|square|court|st\b"
_NOT_BETWEEN: Final = words_of("""
    a and are be but by for from if in is it my near need of or our so that the this to want we were with would you
""")  # no street has such a word between its number and its kind
_NO_STREET: Final = (
    r"(?!(?:bed|bath|br\b|ba\b|min|hour|mile|day|week|month|year|car|stor|k\b|percent|people|houses|homes)[a-z]*)"
)
_HOUSE: Final = re.compile(
    rf"(?<![\w$.,#/-])(?P<us>\d{{1,6}}[a-z]?(?:[-/]\d{{1,4}})?),? (?:[nsew]{{1,2}}\.? )?"
    rf"(?:{_NO_STREET}[\w'’.]{{1,20}} ){{1,4}}?(?:{_STREET})\b|"
    r"\b(?:apartment|apt|unit|suite|ste|p\.? ?o\.? box)\.? ?#? ?(?P<unit>[a-z]?\d{1,6}[a-z]?)\b|"
    r"(?<!\w)#(?P<flat>\d{1,5}[a-z]?)\b|"
    r"\b(?:calle|avenida|carrera|paseo|rue|via|rua) (?:[\w'’.]{1,20},? ){1,4}?(?P<romance>\d{1,5})\b|"
    r"\w(?:straße|strasse|str\.|weg|allee|platz|gasse) (?P<german>\d{1,4} ?[a-z]?)\b",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_LEADING_NUMBER: Final = re.compile(r"\s{0,3}(\d{1,6}[A-Za-z]?)(?= )")


class Personal:
    """Finds what is personal in the texts of one lead; what the record holds is found in any way of writing it."""

    def __init__(self, history: LeadHistory, texts: Iterable[str]) -> None:
        lead = history.lead
        self._names = Names(filter(None, (lead.name, lead.agent)), texts)
        known = [re.escape(visible(value)) for value in (lead.email, _mailbox(lead)) if value]
        known += [_in_any_grouping(digits) for digits in _phones(lead)]
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(known)})(?!\w)", re.IGNORECASE) if known else None
        numbers = sorted(set(_house_numbers(history)))
        self._houses = re.compile(rf"(?<![\w$.,])(?:{'|'.join(numbers)})(?![\w,.]*\d|k\b)") if numbers else None

    def spans(self, text: str) -> list[Span]:
        """What to hide in ``text``, in order, without overlaps."""
        found = sorted(self._all(text), key=lambda span: (span.start, -span.end))
        apart: list[Span] = []
        for span in found:
            if apart and span.start < apart[-1].end:
                before = apart[-1]
                apart[-1] = before._replace(end=max(before.end, span.end))
            else:
                apart.append(span)
        return apart

    def _all(self, text: str) -> Iterator[Span]:
        for kind, pattern, needed in _PATTERNS:
            if not needed.search(text):
                continue
            yield from (Span(*match.span(), kind) for match in pattern.finditer(text))
        for match in _HOUSE.finditer(text) if _DIGIT.search(text) else ():
            if match.lastgroup != "us" or _NOT_BETWEEN.isdisjoint(match[0].casefold().split()[1:]):
                yield Span(*match.span(match.lastgroup or 0), Kind.HOUSE)
        if self._known is not None:
            for match in self._known.finditer(text):
                yield Span(*match.span(), Kind.EMAIL if any(map(str.isalpha, match[0])) else Kind.PHONE)
        if self._houses is not None:
            yield from (Span(*match.span(), Kind.HOUSE) for match in self._houses.finditer(text))
        yield from (Span(start, end, Kind.NAME) for start, end in self._names.spans(text))


_PATTERNS: Final = (  # each with what must be there at all, which is found faster
    (Kind.MARK, PLACEHOLDER, re.compile(r"\[")),
    (Kind.EMAIL, EMAIL, re.compile(r"[@＠]|\bat\b", re.IGNORECASE)),
    (Kind.LINK, LINK, re.compile(r"[\w/][.:/]\S")),
    (Kind.PHONE, PHONE, re.compile(r"\d{3}|\+\d|\d\D{0,2}\d{2}")),
    (Kind.NUMBER, NUMBER, re.compile(r"\d{2}")),
)


def _mailbox(lead: Lead) -> str | None:
    """What stands before the @, where it is long enough to tell who it is."""
    local = (lead.email or "").split("@")[0]
    return local if len(local) >= 5 else None


def _phones(lead: Lead) -> Iterator[str]:
    digits = "".join(filter(str.isdigit, lead.phone or ""))
    if len(digits) >= 7:
        yield from dict.fromkeys((digits, digits[-10:], digits[-7:]))


def _in_any_grouping(digits: str) -> str:
    return r"\+?\(?" + r"[ ().\-–/]{0,2}".join(digits)


def _house_numbers(history: LeadHistory) -> Iterator[str]:
    """Numbers of the homes that the lead looked at, three digits or more: "is 4715 still there?"."""
    places = [history.lead.listing_address, *(touch.subject for touch in history.interactions)]
    for place in filter(None, places):
        match = _LEADING_NUMBER.match(place)
        if match and len(match[1]) >= 3:
            yield match[1]
