"""What spares the finders work must change nothing that they find."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.features.text
from core.features.text import own_words
from core.features.text import prepared as prepared_texts
from core.features.text.phrases import Before, Phrases, WordPattern
from core.features.text.prepared import Prepared
from core.features.text.starts import starts_of


def word_patterns() -> list[WordPattern]:
    """Every pattern in the package that is tried at words only."""
    found: dict[str, WordPattern] = {}
    for module in pkgutil.iter_modules(core.features.text.__path__):
        for value in vars(importlib.import_module(f"core.features.text.{module.name}")).values():
            patterns = [pattern for pattern, _ in value.rules] if isinstance(value, Phrases) else [value]
            found |= {each.pattern.pattern: each for each in patterns if isinstance(each, WordPattern)}
    return list(found.values())


PATTERNS = word_patterns()
STARTS = [starts_of(each.pattern.pattern) for each in PATTERNS]
AROUND = st.sampled_from([" ", " ", " ", ". ", "\n", "'", "&", "_", "-", "$", "/", "a", "é", "1", " İ", "  we ", ""])
MATCHING = st.sampled_from(PATTERNS).flatmap(lambda each: st.from_regex(each.pattern, fullmatch=True))
TEXTS = st.lists(st.tuples(MATCHING, AROUND).map("".join), min_size=1, max_size=5).map("".join)


@given(TEXTS)
@settings(max_examples=200)
def test_a_pattern_tried_at_words_only_finds_what_it_finds_everywhere(text: str) -> None:
    prepared = Prepared(text)
    for each in PATTERNS:
        here = [found.span() for found in each.matches(prepared)]
        assert here == [found.span() for found in each.pattern.finditer(prepared.low)], each.pattern.pattern
        assert not here or prepared.marks & each.bit or each.others


@given(TEXTS, st.integers(0, 200), st.integers(1, 60))
@settings(max_examples=100)
def test_words_that_lead_up_to_a_place_are_those_found_before_it(text: str, position: int, most: int) -> None:
    prepared = Prepared(text)
    position = min(position, len(text))
    while text[position - 1 : position].isalnum() and text[position : position + 1].isalnum():
        position += 1  # to where the word ends
    before = Before(prepared, position, most)
    for each in PATTERNS:
        assert before.has(each) == (each.pattern.search(before.text) is not None), each.pattern.pattern


@given(TEXTS)
@settings(max_examples=100)
def test_the_bits_of_a_word_say_what_each_pattern_says(text: str) -> None:
    for word, bits in zip((prepared := Prepared(text)).tokens, prepared.bits, strict=True):
        for each, starts in zip(PATTERNS, STARTS, strict=True):
            assert bool(bits & each.bit) == starts.may_begin_with(word)


@given(TEXTS)
def test_words_cut_at_blanks_are_those_that_the_pattern_finds(text: str) -> None:
    assert prepared_texts.words_in(text.lower()) == prepared_texts._TOKEN.findall(text.lower())


def test_every_rule_of_phrases_can_be_tried_at_words_only() -> None:
    assert len(PATTERNS) > 40
    assert [starts for starts in STARTS if starts.anything] == []


@pytest.mark.parametrize(
    ("pattern", "begins", "does_not"),
    [
        (r"\bcats?\b", ["cat", "cats", "o'cat", "r&cat"], ["catty", "ca", "bobcat"]),
        (r"\b(?:an? )?house\b", ["a", "an", "house"], ["and", "houses"]),
        (r"\binspect\w{0,5}\b", ["inspect", "inspection", "inspectorate"], ["inspec"]),
        (r"\b\d{1,2} beds", ["2", "22", "٣"], ["two", "b2"]),
        (r"\bt{2,}x", ["ttx", "tttttx", "tttttttttt"], ["tx"]),
        (r"\b[^a]b", ["ab", "anything"], []),
        (r"(?<=\bon )5(?:th)?(?!\w)", ["5", "5th"], ["5t", "on"]),
    ],
)
def test_the_words_that_a_pattern_can_begin_with(pattern: str, begins: list[str], does_not: list[str]) -> None:
    starts = starts_of(pattern)
    assert [word for word in begins if not starts.may_begin_with(word)] == []
    assert [word for word in does_not if starts.may_begin_with(word)] == []


def test_what_begins_with_a_sign_is_told() -> None:
    assert starts_of(r"\$?\d+ down").others == {"$"}


LINES = st.sampled_from(
    [
        "On 1 May Ana wrote:", "> quoted", "| quoted", "From: a", "Sent: b", "--", "-- ", "______________",
        "----- original message", "Begin forwarded message:", "Sent from my phone", "Get Outlook for iOS", "Thanks!",
        "Thank you so much,", "Best", "Best wishes", "kind regards", "yours truly", "Cheers", "Ana", "Is it sold?", "",
        "a -- b", "  ", "Sincerely", "SENT VIA the web", "I like it best", "Hello",
    ]
)  # fmt: skip


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_signs_of_quotes_only_spare_work(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_words, "_shows", lambda low, *signs: True)
        looked_for_everywhere = own_words.without_repeats(text)
    assert own_words.without_repeats(text) == looked_for_everywhere
    if not own_words.may_repeat(text):
        assert looked_for_everywhere == text


def test_most_short_letters_are_read_without_a_look_for_quotes() -> None:
    assert not own_words.may_repeat("Hi,\nis the house on Elm still for sale?\nAna")
    assert re.sub(r"\s", "", own_words.without_repeats("Yes.\nThanks!\nAna Lima")) == "Yes.Thanks!"


@given(st.from_regex(prepared_texts._PHONE), st.text(max_size=20))
@settings(max_examples=200)
def test_every_telephone_number_has_what_is_looked_for_first(number: str, behind: str) -> None:
    text = number + behind
    for found in prepared_texts._PHONE.finditer(text):
        assert prepared_texts._OF_A_PHONE.search(found[0])


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=30))
def test_digits_are_seen_in_any_text_in_ascii(text: str) -> None:
    assert prepared_texts.digits_in(text) == sum(character in "0123456789" for character in text)
