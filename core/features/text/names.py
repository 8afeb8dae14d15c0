"""Names in a text: runs of capitalised words, and the known cities and states."""

from __future__ import annotations

from core.features.text.area_words import (
    GENERIC,
    GREETINGS,
    HOUSES_OF,
    KIN,
    LANDMARKS,
    NEVER,
    PLACE_ENDING,
    PREFIXES,
    SCHOOL_GRADES,
    SCHOOLS,
    STREETS,
)
from core.features.text.marks import CAPITAL, mark_capital, mark_of
from core.features.text.places import ALSO_WORDS, CITIES, SHORT_FORMS, STATE_CODES, STATES
from core.features.text.prepared import Prepared

SAME = {"ft": "fort", "saint": "st", "mt": "mount"}
_MOST_WORDS = 4
_SENTENCE_ENDS = frozenset(".!?\n;:")


def _by_first_word() -> dict[str, list[list[str]]]:
    index: dict[str, list[list[str]]] = {}
    for name in CITIES | STATES:
        words = [SAME.get(word, word) for word in name.replace(".", "").replace("-", " ").split()]
        index.setdefault(words[0], []).append(words)
    return {first: sorted(names, key=len, reverse=True) for first, names in index.items()}


KNOWN = _by_first_word()
_ELSEWHERE = SCHOOLS | SCHOOL_GRADES | HOUSES_OF | {"market"}
CAPITAL_NAME = mark_capital(but=mark_of(NEVER))
"""The bit of the words that begin with a capital and may begin a name."""


class Names:
    """The words of a text by their number, with what tells whether they make a name.

    >>> names = Names(Prepared("near Lake Travis in san jose"))
    >>> names.capitals(1), names.known(4)
    (3, 6)
    """

    def __init__(self, prepared: Prepared) -> None:
        self.text, self.tokens, self.bits = prepared.text, prepared.tokens, prepared.bits
        self.starts = prepared.starts
        self.count = count = len(self.tokens)
        self.capital = [bits & CAPITAL != 0 for bits in prepared.bits]
        self.capitals_tell = count <= 4 or sum(self.capital) <= 0.7 * count or self._names_only()
        if not self.capitals_tell:
            self.capital = [False] * count

    def _names_only(self) -> bool:
        """Whether no capital begins a word that no name begins with: ALL CAPITALS or Title Case tell nothing."""
        words = zip(self.tokens, self.bits, strict=True)
        return all(bits & CAPITAL_NAME or token in GENERIC for token, bits in words if bits & CAPITAL)

    def end(self, last: int) -> int:
        """Where in the text word ``last`` ends."""
        return self.starts[last] + len(self.tokens[last])

    def name(self, first: int, last: int) -> str:
        return " ".join(self.text[self.starts[first] : self.end(last - 1)].split())

    def gap(self, index: int) -> str:
        """What stands between word ``index - 1`` and word ``index``."""
        return self.text[self.end(index - 1) : self.starts[index]]

    def joined(self, index: int) -> bool:
        """Whether word ``index`` can belong to the same name as the one before."""
        if not 0 < index < self.count:
            return False
        gap = self.gap(index)
        return gap in (" ", "-", "  ") or (gap == ". " and self.tokens[index - 1] in PREFIXES)

    def ends(self, index: int) -> bool:
        """Whether a name that ends before word ``index`` ends its clause, or the text."""
        return index >= self.count or self.gap(index) not in (" ", "-")

    def starts_sentence(self, index: int) -> bool:
        return index == 0 or not _SENTENCE_ENDS.isdisjoint(self.gap(index))

    def known(self, start: int) -> int:
        """Where the longest known name that begins at ``start`` ends, or 0."""
        if start >= self.count:
            return 0
        first = SAME.get(self.tokens[start], self.tokens[start])
        for name in KNOWN.get(first, ()):
            end = start + len(name)
            if self.tokens[start + 1 : end] == name[1:] and all(map(self.joined, range(start + 1, end))):
                return end
        return 0

    def capitals(self, start: int) -> int:
        """Where the run of capitalised words that begins at ``start`` ends, or 0."""
        if start >= self.count or not self.capital[start] or (self.common(start) and not self.landmark(start)):
            return 0
        end = start + 1
        while end < self.count and end - start < _MOST_WORDS and self.joined(end):
            generic = self.tokens[end] in GENERIC and (self.capital[end] or end == start + 1)
            if not generic and (not self.capital[end] or self.common(end)):
                break
            end += 1
        return end

    def landmark(self, start: int) -> bool:
        """Whether a common word begins a name here, as in "Lake Travis"."""
        following = start + 1
        named = self.tokens[start] in LANDMARKS and self.joined(following) and self.capital[following]
        return named and not self.common(following)

    def common(self, index: int) -> bool:
        token = self.tokens[index]
        return token in NEVER or token[0].isdigit() or "'" in token or (len(token) <= 3 and self.letters(index))

    def letters(self, index: int) -> bool:
        return self.text[self.starts[index] : self.end(index)].isupper() and self.tokens[index] not in SHORT_FORMS

    def names_somebody(self, index: int) -> bool:
        """Whether the words before a city that is a first name too speak of a person: "Hi Austin", "this is Austin"."""
        before = self.tokens[index - 1] if index else ""
        further = self.tokens[index - 2] if index > 1 else ""
        return (
            before in GREETINGS
            or before in KIN
            or (before == "is" and (further in ("this", "name") or further in KIN))
            or (before == "for" and further in ("ask", "asked", "asking"))
        )

    def is_state(self, index: int) -> bool:
        if index >= self.count or not 0 < len(self.gap(index)) <= 2:
            return False
        token = self.tokens[index]
        if token in STATES:
            return True
        return token in STATE_CODES and self.text[self.starts[index] : self.end(index)].isupper()

    def is_street(self, end: int) -> bool:
        return end < self.count and self.joined(end) and self.tokens[end] in STREETS and self.capital[end]

    def is_elsewhere(self, start: int, end: int) -> bool:
        """Whether the name at ``start:end`` is that of a school, a shop or a church: "Zilker Elementary"."""
        last = self.tokens[end - 1]
        behind = self.tokens[end] if end < self.count else ""
        if behind not in _ELSEWHERE and last not in SCHOOLS and last not in ("st", "saint"):
            return False
        ahead = self.tokens[end : end + 2] if self.joined(end) else []
        if last in SCHOOLS or (ahead and ahead[0] in SCHOOLS):
            return "schools" not in ahead  # "Plano elementary schools" are those of a place
        if ahead and ahead[0] in SCHOOL_GRADES:
            return ahead[1:] == ["school"] or (ahead[0] == "high" and self.capital[end] and self.ends(end + 1))
        named = bool(ahead) and (ahead[0] in HOUSES_OF or (ahead[0] == "market" and self.capital[end]))
        saints = bool(ahead) and end - start == 1 and last in ("st", "saint") and "'" in ahead[0]
        return not self.known(start) and (named or saints)

    def looks_so(self, index: int, end: int) -> bool:
        """Whether the words of a name are those of a place."""
        last = self.tokens[end - 1]
        return self.tokens[index] in PREFIXES or last in GENERIC or PLACE_ENDING.fullmatch(last) is not None

    def after(self, end: int) -> tuple[int, int]:
        """Where to read on after a place, and where another place may stand beside it (-1: nowhere)."""
        if self.is_state(end) or (end + 1 < self.count and self.tokens[end] in STATES):
            end += 1
        if end >= self.count:
            return end, -1
        if self.tokens[end] in ("and", "or", "&"):
            return end + 1, end + 1
        gap = self.gap(end).strip()
        return end, end if gap in (",", "/", "&", "-", "+") else -1

    def listed(self) -> bool:
        """Whether the text begins with a list of names, two of them, or one beside an "or", those of places."""
        index = end = count = sure = 0
        while index >= 0 and (name_end := self.known(index) or self.capitals(index)):
            certain = self.known(index) > 0 and (name_end - index > 1 or self.tokens[index] not in ALSO_WORDS)
            count, sure = count + 1, sure + (certain or self.looks_so(index, name_end))
            end, index = self.after(name_end)
        if index >= 0 or not (end >= self.count or self.starts_sentence(end) or self.tokens[end] in ("please", "pls")):
            return False
        return sure >= 2 or (sure == 1 and (count >= 3 or "or" in self.tokens[:end]))
