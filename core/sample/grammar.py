"""Sentences from fragments: ``[this|that|]`` is a choice, ``{slot}`` a fact filled in.

Fragments are read once, when their module is imported, so that writing is quick.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from core.sample.dice import Dice

_TOKEN = re.compile(r"[\[\]|]|\{[a-z0-9_]+\}|[^\[\]|{}]+")
_SLIPS = re.compile(r",? +(?=[,.?!;:])|,(?=[.?!])| {2,}")  # what an empty choice leaves behind

Part = "str | Slot | Choice"


class Slot(str):
    """The name of a fact to be filled in."""

    __slots__ = ()


class Choice(tuple["Phrase", ...]):
    """Several phrases of which one is written."""

    __slots__ = ()


Phrase = tuple[str | Slot | Choice, ...]
Lookup = Callable[[str], str]


@cache
def read(fragment: str) -> Phrase:
    """Parse ``fragment``. Raises ValueError where brackets do not match."""
    tokens = _TOKEN.findall(fragment)
    if "".join(tokens) != fragment:
        raise ValueError(f"fragment {fragment!r} holds a stray brace")
    phrase, rest = _phrase(tokens, 0)
    if rest != len(tokens):
        raise ValueError(f"fragment {fragment!r} closes a bracket that was never opened")
    return phrase


def _phrase(tokens: list[str], at: int, inside: bool = False) -> tuple[Phrase, int]:
    parts: list[str | Slot | Choice] = []
    while at < len(tokens) and (sign := tokens[at]) != "]" and not (inside and sign == "|"):
        if sign == "[":
            choice, at = _choice(tokens, at + 1)
            parts.append(choice)
            continue
        parts.append(Slot(sign[1:-1]) if sign.startswith("{") else sign)
        at += 1
    return tuple(parts), at


def _choice(tokens: list[str], at: int) -> tuple[Choice, int]:
    options: list[Phrase] = []
    while True:
        option, at = _phrase(tokens, at, inside=True)
        options.append(option)
        if at >= len(tokens):
            raise ValueError(f"fragment {''.join(tokens)!r} opens a bracket that is never closed")
        at += 1
        if tokens[at - 1] == "]":
            return Choice(options), at


def fragments(lines: str | Iterable[str]) -> tuple[Phrase, ...]:
    """Parse fragments: one a line, empty lines left out.

    >>> len(fragments('''
    ... we like {area}
    ... [how|what] about {area}?'''))
    2
    """
    split = lines.strip().splitlines() if isinstance(lines, str) else lines
    return tuple(read(line.strip()) for line in split if line.strip())


def write(phrase: Phrase, dice: Dice, lookup: Lookup) -> str:
    """Write ``phrase`` with choices from ``dice`` and facts from ``lookup``.

    >>> write(read("we like {area}[ a lot| a lot], ok?"), Dice(1), {"area": "Mueller"}.__getitem__)
    'we like Mueller a lot, ok?'
    """
    out: list[str] = []
    _write(phrase, dice, lookup, out)
    return _SLIPS.sub(_closed, "".join(out)).strip(" ,")


def _closed(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    return "" if following and following in ",.?!;:" else " "


def _write(phrase: Phrase, dice: Dice, lookup: Lookup, out: list[str]) -> None:
    for part in phrase:
        if isinstance(part, Choice):
            _write(dice.pick(part), dice, lookup, out)
        elif isinstance(part, Slot):
            out.append(lookup(part))
        else:
            out.append(part)
