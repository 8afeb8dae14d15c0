"""How a lead puts sentences on the screen: spelling, greeting, signature, the reply quoted below."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from core.sample.dice import Dice
from core.sample.figures import MONTHS, WEEKDAYS
from core.sample.seasons import LOCAL
from core.sample.words.manners import (
    ABBREVIATED,
    DEVICES,
    FORMAL_CLOSE,
    FORMAL_OPEN,
    MISSPELT,
    UNMARKED,
)

_ENDS: Final = ("?", "!", ".", ",")


def _replacer(words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")\b", re.IGNORECASE)


_MISSPELT, _ABBREVIATED, _UNMARKED = _replacer(MISSPELT), _replacer(ABBREVIATED), _replacer(UNMARKED)
_ABBREVIATIONS: Final = {word.lower(): short for word, short in ABBREVIATED.items()}
_MARKLESS: Final = {word.lower(): bare for word, bare in UNMARKED.items()}
_LONG_WORD: Final = re.compile(r"\b[a-z]{6,}\b")


def sentence(text: str) -> str:
    """``text`` with a capital in front and a stop behind.

    >>> sentence("is it sold?"), sentence("we love Mueller")
    ('Is it sold?', 'We love Mueller.')
    """
    text = text[:1].upper() + text[1:]
    return text if text.endswith(_ENDS) else text + "."


def styled(sentences: list[str], style: str, dice: Dice) -> str:
    """Join ``sentences`` the way people of this style (plain, terse, chatty, busy, formal) write."""
    if style == "terse":
        text = _terse(sentences, dice)
    elif style == "busy":
        text = _abbreviated(" ".join(map(_maybe_stopped, sentences)))
    elif style == "chatty":
        stop = "!" if dice.chance(0.5) else "."
        text = " ".join(sentence(part) for part in sentences)
        text = text[:-1] + stop if text.endswith(".") else text
    else:
        text = " ".join(sentence(part) for part in sentences)
    if style != "formal" and dice.chance(0.22):
        text = _slip(text, dice)
    return text


def _maybe_stopped(part: str) -> str:
    return part if part.endswith(_ENDS) else part + "."


def _terse(sentences: list[str], dice: Dice) -> str:
    joint = dice.pick((". ", ", ", "\n", " - ", ". "))
    bare = [part.rstrip(".") for part in sentences]
    text = "".join(part + ("" if last else " " if part.endswith(("?", "!")) else joint)
                   for part, last in zip(bare, [False] * (len(bare) - 1) + [True], strict=True))  # fmt: skip
    text = text.lower()
    return _UNMARKED.sub(lambda found: _MARKLESS[found.group().lower()], text) if dice.chance(0.5) else text


def _abbreviated(text: str) -> str:
    return _ABBREVIATED.sub(lambda found: _ABBREVIATIONS[found.group().lower()], text)


def _slip(text: str, dice: Dice) -> str:
    """One slip of the keyboard: a word that people misspell or two letters swapped."""
    words = _MISSPELT.findall(text)
    if words and dice.chance(0.6):
        word = dice.pick(words)
        return text.replace(word, MISSPELT[word.lower()], 1)
    places = [found.span() for found in _LONG_WORD.finditer(text)]
    if not places:
        return text
    start, end = dice.pick(places)
    at = dice.whole(start + 1, end - 3)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def as_email(body: str, style: str, first: str, name: str | None, phone: str | None, agent: str, dice: Dice) -> str:
    """A whole e-mail: greeting, body, signature, as the style has it."""
    if style == "formal":
        agent_first, _, agent_last = agent.partition(" ")
        opening = dice.pick(FORMAL_OPEN).format(agent_first=agent_first, agent_last=agent_last)
        signature = [dice.pick(FORMAL_CLOSE), name or ""]
        if phone and dice.chance(0.5):
            signature.append(f"{phone[2:5]}-{phone[5:8]}-{phone[8:]}")
        return "\n\n".join((opening, body, "\n".join(line for line in signature if line)))
    if dice.chance(0.25):
        return f"{body}\n\n{dice.pick(DEVICES)}"
    if name and dice.chance(0.4):
        return f"{body}\n\n{'- ' if dice.chance(0.3) else ''}{first}"
    return body


def quoting(body: str, ours: str, sent_at: datetime, agent: str) -> str:
    """``body`` with our message quoted below it, as mail programs do."""
    local = sent_at + LOCAL
    hour, half = (local.hour % 12) or 12, "AM" if local.hour < 12 else "PM"
    day = f"{WEEKDAYS[local.weekday()]}, {MONTHS[local.month - 1][:3]} {local.day}, {local.year}"
    quoted = "\n".join(f"> {line}" for line in ours.splitlines())
    address = agent.lower().replace(" ", ".")
    return f"{body}\n\nOn {day} at {hour}:{local.minute:02d} {half} {agent} <{address}@example.com> wrote:\n{quoted}"
