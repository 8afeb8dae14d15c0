"""Fragments: reading, choosing, filling in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import core.sample.words
from core.sample.dice import Dice
from core.sample.facts import Facts
from core.sample.grammar import Choice, Slot, fragments, read, write
from core.sample.hidden import draw_hidden
from core.sample.market import AGENTS, SOURCES
from core.sample.person import draw_person


def _no_facts(slot: str) -> str:
    raise KeyError(slot)


def test_every_way_through_a_nested_choice_is_written() -> None:
    phrase = read("[a[1|2]|b| c]d")
    written = {write(phrase, Dice(number), _no_facts) for number in range(60)}
    assert written == {"a1d", "a2d", "bd", "cd"}


@pytest.mark.parametrize("broken", ["[a|b", "a]b", "a } b", "a { b", "[a[b]"])
def test_a_fragment_with_brackets_that_do_not_match_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="fragment"):
        read(broken)


def test_what_an_empty_choice_leaves_behind_is_cleaned_up() -> None:
    assert write(read("is it [|] sold[|], [|]?"), Dice(1), _no_facts) == "is it sold?"
    assert write(read("yes [|], thanks"), Dice(1), _no_facts) == "yes, thanks"


def test_lines_become_fragments_and_empty_lines_do_not() -> None:
    assert fragments("\none\n\n two \n") == (("one",), ("two",))


def _phrases() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(core.sample.words.__path__, "core.sample.words."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for phrase in _within(value):
                yield f"{module.name}.{name}", phrase


def _within(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _within(part)
    elif isinstance(value, tuple) and value and all(isinstance(part, str | Choice) for part in value):
        if any(isinstance(part, Slot | Choice) for part in value):
            yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _within(part)


def test_every_fragment_can_be_written_with_the_facts_of_any_lead() -> None:
    phrases = list(_phrases())
    assert len(phrases) > 400
    moment = datetime(2026, 4, 2, tzinfo=UTC)
    for number in range(12):
        dice = Dice(99, number)
        source = SOURCES[number % len(SOURCES)]
        person = draw_person(number, source, AGENTS[number % len(AGENTS)], draw_hidden(source, dice), moment, dice)
        facts = Facts(person, moment, dice)
        for where, phrase in phrases:
            text = write(phrase, dice, facts)
            assert text, where
            assert not set("[]{}|") & set(text.replace("Jorge's team | homes", "")), (where, text)
            assert "  " not in text, (where, text)
            assert not text.endswith(","), (where, text)
