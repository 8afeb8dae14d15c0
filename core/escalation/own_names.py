"""The names of people in a lead and its conversation: those on record, and those that their surroundings give away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final
from unicodedata import category, combining, normalize

from core.escalation.visible import visible
from core.features.text.area_words import GENERIC, PREFIXES, STREETS
from core.features.text.vocabulary import words_of


def _marks() -> str:
    """Vowels of Devanagari, tones of Thai, accents of their own: parts of a word that ``\\w`` leaves out."""
    kinds = groupby(map(chr, range(0x300, 0x1F000)), lambda sign: category(sign).startswith("M"))
    runs = ["".join(signs) for is_mark, signs in kinds if is_mark]
    return "[" + "".join(f"{run[0]}-{run[-1]}" for run in runs) + "]"


_MARK: Final = _marks()
_RUN: Final = rf"[^\W\d_]+(?:{_MARK}+[^\W\d_]*)*"
_WORD: Final = re.compile(rf"{_RUN}(?:['’-]{_RUN})*")
_COMMON: Final = words_of("""
    able art august banks bill black bloom brook brooks brown buck cash chase church cook dale day dean drew
    early east faith field fields forest frank glen good grace grant green grove hall hill home hope house
    hunt hunter in jack joy june king lake lane law light little long love low major mark marsh may miles mill
    moon moore north park pat penny place pool price ray reed rich rob rock rose sale sky south star sterling
    still stone street sue summer sunny van wade walker ward wells west white will win wood woods young
""")  # names that are words: hidden only where they are capitalised
_NO_NAMES: Final = words_of("""
    a all and again any anything are as at been but can check checking coming could did do does done everyone few first
    for friend from getting glad going good great guys happy has have hello hey hi hope how i if im in interested is it
    its just keep later let looking love maybe me my need never new no not nothing noticed now of off ok on one our out
    photos please really ready saw see send sent shall she should sir so some sorry sounds still sure talk team text
    thank thanks that the their then there these they this those to today tomorrow tonight too unfortunately very
    wanna want wanted was we went were what when where which who why will with wondering would yes you your
    monday tuesday wednesday thursday friday saturday sunday weekend morning afternoon evening
    january february march april may june july august september october november december
    zillow redfin realtor trulia facebook google instagram opendoor mls hoa texas usa mr mrs ms miss dr prof
    agent broker lender landlord seller buyer client customer listing house home condo apartment
""")
_SHORTENED: Final = re.compile(r"['’](?:ll|d|ve|m|re|t)$", re.IGNORECASE)
_FOLLOWING: Final = re.compile(r"(?: [^\W\d_][\w'’.]*){1,3}")
_SIGN: Final = rf"(?:[^\W\d_]|{_MARK})"
_ONE: Final = rf"[^\W\d_a-z]{_SIGN}{{0,30}}(?:['’-]{_SIGN}{{1,30}}){{0,3}}"
_NAME: Final = rf"(?P<name>{_ONE}(?: {_ONE}){{0,2}})"
_CUES: Final = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"(?i:\b(?:my name is|name's|name is|this is|call me|ask for|(?:speak|talk|spoke|talked|met) (?:to|with)|"
        rf"met|told|attn:?|me llamo|mi nombre es|soy|ich bin|mein name ist|je m'appelle|je suis)) {_NAME}",
        rf"(?i:\b(?:wife|husband|spouse|partner|girlfriend|boyfriend|fianc[ée]e?|son|daughter|brother|sister|mom|mother|"
        rf"dad|father|friend|cousin|aunt|uncle|niece|nephew|boss|coworker|colleague|neighbou?r|lender|agent|realtor|"
        rf"attorney|lawyer|accountant|roommate|esposa|esposo|amig[oa]|hermano|hermana|frau|mann|freund|freundin)),? "
        rf"{_NAME}",
        rf"(?i:\b(?:mr|mrs|ms|miss|dr|prof|señora?|sra?|herr|frau|mme|monsieur|madame))\.? {_NAME}",
        rf"(?i:^\W{{0,3}}(?:hi|hello|hey|dear|hola|hallo|liebe[r]?|bonjour|cher|chère|good (?:morning|afternoon|"
        rf"evening))),? {_NAME}",
        rf"(?i:\b(?:thanks|thank you|regards|best|cheers|sincerely|yours|gracias|saludos|danke|grüße|gruß|merci))"
        rf"[^\S\n]{{0,2}}[,!.~–—-]{{0,2}}\s{{1,4}}{_NAME}[.!]?\s*$",
        rf"^\s*[-–—~]\s?{_NAME}\s*$",
        rf"\b{_NAME} (?i:referred|recommended|(?:sent|told|gave) (?:me|us)|suggested|wrote:|speaks highly)",
        rf"(?i:\b(?:name|number|contact) from|\byou helped|\breferred by) {_NAME}",
        rf"(?i:^>?\s?(?:from|to|cc|von|de)): {_NAME}",
    )
)  # fmt: skip


@cache
def _given() -> frozenset[str]:
    lines = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(plain(name) for line in lines if not line.startswith("#") for name in line.split())


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    """``word`` in small letters and without accents: how two spellings of a name are compared."""
    apart = normalize("NFKD", word.casefold())
    return "".join(letter for letter in apart if not combining(letter))


class Names:
    """Tells which words are names. ``record`` are whole names that are known; ``texts`` are searched for others.

    >>> names = Names(["Will Ortega"], ["My wife Mira likes it. Will you call Mira?"])
    >>> [text[start:end] for text in ["will Mira and ORTEGA come, Will?"] for start, end in names.spans(text)]
    ['Mira', 'ORTEGA', 'Will']
    """

    def __init__(self, record: Iterable[str], texts: Iterable[str]) -> None:
        wholes = [_WORD.findall(visible(whole)) for whole in record]
        words = [word for whole in wholes for word in whole]
        words += [part for word in words if "-" in word for part in word.split("-")]
        own = {plain(word) for word in words if len(word) > 1}
        self._anywhere = {word for word in own if (len(word) > 2 or word.upper() == word) and word not in _COMMON}
        self._capitalised = (own | {plain(word) for text in texts for word in _cued(text)}) - self._anywhere
        uncased = sorted({word for word in words if plain(word) in self._anywhere and word.lower() == word.upper()})
        uncased.sort(key=len, reverse=True)
        self._inside = (
            re.compile("|".join(map(re.escape, uncased))) if uncased else None
        )  # 王伟 stands between no spaces
        several = [r"\W{1,3}".join(map(re.escape, whole)) for whole in wholes if len(whole) > 1]
        self._whole = re.compile(rf"(?<!\w)(?:{'|'.join(several)})(?!\w)", re.IGNORECASE) if several else None

    def spans(self, text: str) -> Iterable[tuple[int, int]]:
        """Where names stand in ``text``; a possessive 's is not part of one."""
        if self._inside is not None:
            yield from (match.span() for match in self._inside.finditer(text))
        if self._whole is not None:  # "joy brown" is somebody, though neither word alone need be
            for match in self._whole.finditer(text):
                yield from words_in(text, *match.span())
        for match in _WORD.finditer(text):
            for start, end in _parts(match):
                word = plain(text[start:end])
                told = word in self._anywhere or (word in self._capitalised and text[start].isupper())
                if told or (word in _given() and not _of_a_place(text, start, end)):
                    yield start, end


def words_in(text: str, start: int, end: int) -> Iterable[tuple[int, int]]:
    """Where the words of a name stand between two places of ``text``."""
    return (match.span() for match in _WORD.finditer(text, start, end))


def _of_a_place(text: str, start: int, end: int) -> bool:
    """Whether the word belongs to the name of a place: San Antonio, Martin Creek, Sam Bass Rd."""
    before, after = _WORD.findall(text[max(0, start - 15) : start]), _FOLLOWING.match(text, end)
    if before and before[-1].casefold() in PREFIXES:
        return True
    return after is not None and not (STREETS | GENERIC).isdisjoint(after[0].casefold().split())


def _parts(match: re.Match[str]) -> Iterable[tuple[int, int]]:
    """The whole word, without a possessive, and otherwise its parts: "Lima-Ortega" is hidden by either name."""
    start, end = match.span()
    if match[0].endswith(("'s", "’s")):
        end -= 2
    word = match.string[start:end]
    yield start, end
    if "-" in word:
        at = start
        for part in word.split("-"):
            yield at, at + len(part)
            at += len(part) + 1


def _cued(text: str) -> Iterable[str]:
    for cue in _CUES:
        for match in cue.finditer(text):
            for word in _WORD.findall(match["name"]):
                if plain(word) in _NO_NAMES or _SHORTENED.search(word):
                    break
                if len(word) > 1:
                    yield word
