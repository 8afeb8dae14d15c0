"""With which words a pattern can begin, worked out from the pattern itself.

A pattern that stands at the start of a word needs to be tried only where a word begins that it can begin with: of
the thirty words of a message mostly one or none, instead of at each of two hundred characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

# The tree that ``re`` itself compiles; nothing public tells it. Where it ever says what is not known here, the
# pattern counts as one that can begin with anything.
from re import _parser  # type: ignore[attr-defined, unused-ignore]  # isort: skip

_MOST_WORDS: Final = 2000
_MOST_OF_A_CLASS: Final = 64
_LETTER: Final = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Starts:
    """``whole`` are words that a match begins with, ``opening`` what a longer word then begins with.

    ``digits``: it may begin with any digit. ``others``: single characters, no letter and no digit, that it may begin
    with. ``anything``: the pattern does not tell.
    """

    whole: frozenset[str]
    opening: tuple[str, ...]
    digits: bool
    others: frozenset[str]
    anything: bool

    def may_begin_with(self, word: str) -> bool:
        """Whether a match may begin at ``word`` (not empty), or behind an apostrophe or ``&`` in it.

        >>> starts = starts_of(r"(?:dogs?|cat|2 pets)(?!\\w)")
        >>> [starts.may_begin_with(word) for word in ("dogs", "doggy", "cat", "cats", "o'cat", "2", "3")]
        [True, False, True, False, True, True, False]
        """
        if self.anything:
            return True
        if word.isalnum():
            return word in self.whole or word.startswith(self.opening) or (self.digits and word[0].isdecimal())
        parts = re.split("['&]", word)
        return any(part in self.whole or part.startswith(self.opening) for part in parts if part) or (
            self.digits and any(part[:1].isdecimal() for part in parts)
        )


def starts_of(pattern: str) -> Starts:
    """What the matches of ``pattern`` can begin with; a match must be bound to begin where a word begins.

    >>> sorted(starts_of(r"(?:not|no more) \\w+").whole), starts_of(r"apprais\\w+").opening
    (['no', 'not'], ('apprais',))
    """
    walk = _Walk()
    left = walk.through(_parser.parse(pattern), frozenset({""}))
    walk.open(left)
    anything = walk.anything or len(walk.whole) + len(walk.opening) > _MOST_WORDS
    return Starts(frozenset(walk.whole), tuple(sorted(walk.opening)), walk.digits, frozenset(walk.others), anything)


@dataclass(slots=True)
class _Walk:
    """Follows a pattern through its first word; what it carries along are the beginnings of words so far."""

    whole: set[str] = field(default_factory=set)
    opening: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    digits: bool = False
    anything: bool = False

    def through(self, tree: Iterable[tuple[Any, Any]], begun: frozenset[str]) -> frozenset[str]:
        """Where ``begun`` may stand after ``tree``: the words that can still go on."""
        for code, told in tree:
            if not begun or self.anything:
                return frozenset()
            begun = self._step(str(code), told, begun)
            if len(begun) > _MOST_WORDS:
                self.open(begun)
                return frozenset()
        return begun

    def _step(self, code: str, told: Any, begun: frozenset[str]) -> frozenset[str]:
        if code == "LITERAL":
            return self._next(chr(told), begun)
        if code == "IN":
            return self._one_of(told, begun)
        if code == "SUBPATTERN":
            return self.through(told[3], begun)
        if code == "BRANCH":
            return frozenset().union(*(self.through(branch, begun) for branch in told[1]))
        if code in ("MAX_REPEAT", "MIN_REPEAT"):
            return self._repeat(told, begun)
        if (code == "AT" and str(told) != "AT_NON_BOUNDARY") or (code == "ASSERT_NOT" and _is_no_letter(told)):
            return self._edge(begun)
        if code in ("ASSERT", "ASSERT_NOT"):
            return begun
        self.open(begun)
        return frozenset()

    def _next(self, character: str, begun: frozenset[str]) -> frozenset[str]:
        if _LETTER.match(character):
            return frozenset(word + character for word in begun)
        if "" in begun:
            self.others.add(character)
        self.whole |= begun - {""}
        return frozenset()

    def _one_of(self, told: list[tuple[Any, Any]], begun: frozenset[str]) -> frozenset[str]:
        characters: list[str] = []
        left = begun
        for code, what in told:
            if str(code) == "LITERAL":
                characters.append(chr(what))
            elif str(code) == "RANGE" and what[1] - what[0] < _MOST_OF_A_CLASS:
                characters += map(chr, range(what[0], what[1] + 1))
            elif str(what) == "CATEGORY_DIGIT":
                self.digits |= "" in begun
                left = begun - {""}
                self.open(left)
            else:
                self.open(begun)
                return frozenset()
        return frozenset().union(*(self._next(character, begun) for character in characters))

    def _repeat(self, told: Any, begun: frozenset[str]) -> frozenset[str]:
        least, most, tree = told
        for _ in range(least):
            begun = self.through(tree, begun)
        further = begun if most > least else frozenset[str]()
        for count in range(least, int(most)):
            if not further:
                break
            if count - least >= 3:
                self.open(further)
                break
            further = self.through(tree, further)
            begun |= further
        return begun

    def _edge(self, begun: frozenset[str]) -> frozenset[str]:
        """At the edge of a word: where one has begun, it ends here."""
        self.whole |= begun - {""}
        return begun & {""}

    def open(self, begun: frozenset[str]) -> None:
        """Take ``begun`` as far as they go: anything may follow."""
        self.anything |= "" in begun
        self.opening |= begun - {""}


def _is_no_letter(told: Any) -> bool:
    """Whether a negative look-ahead forbids any letter or digit, and so ends a word."""
    ahead, tree = told
    return (
        ahead == 1
        and len(tree) == 1
        and str(tree[0][0]) == "IN"
        and any(str(what) == "CATEGORY_WORD" for _, what in tree[0][1])
    )
