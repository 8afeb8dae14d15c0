"""Names in a text: runs of capitalised words, and the known cities and states."""

from __future__ import annotations

from core.features.text.area_words import GENERIC, LANDMARKS, NEVER, PREFIXES, STREETS
from core.features.text.marks import CAPITAL
from core.features.text.places import CITIES, SHORT_FORMS, STATE_CODES, STATES
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
        self.capitals_tell = count <= 4 or sum(self.capital) <= 0.7 * count  # ALL CAPITALS or Title Case do not
        if not self.capitals_tell:
            self.capital = [False] * count

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

    def is_state(self, index: int) -> bool:
        if index >= self.count or not 0 < len(self.gap(index)) <= 2:
            return False
        token = self.tokens[index]
        if token in STATES:
            return True
        return token in STATE_CODES and self.text[self.starts[index] : self.end(index)].isupper()

    def is_street(self, end: int) -> bool:
        return end < self.count and self.joined(end) and self.tokens[end] in STREETS and self.capital[end]
