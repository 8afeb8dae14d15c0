"""Reading takes time in proportion to the text, whatever the text; the bounds leave room for a busy machine."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from core.features import extract, signals_in
from core.features.evidence import _remembered
from core.leads import Interaction, InteractionKind, Lead, LeadHistory

DAY = date(2026, 3, 2)
SIZE = 20_000
PIECES = [
    "a", "1", "1,", "1 ", "$", "$1", ".", "-", " ", "\n", "\t", "<", "<a ", "<p>", "&", "&amp;", ">", "> \n",
    "?", "aA ", "San ", "in ", "in San ", "in san ", "in the ", "near Lake ", "the ", "to ", "from A to ",
    "Jose, ", "450 and ", "between 450 ", "450-", "500k ", "500k-", "1 to ", "half a ", "one ", "March ",
    "the 14th ", "14th of ", "3/14 ", "in 3 ", "3 months ", "by ", "lease ", "lease up ", "lease a a a ",
    "not ", "not pre", "pre-approved ", "pre ", "cash ", "pay a a a ", "my a a ", "own a a ", "bought a a ",
    "can a a ", "schedule a a ", "see ", "3 bed ", "3 ", "2.5 bath ", "bed ", "bedrooms ", "100 a ", "100 Elm ",
    "100 Elm St ", "on A ", "Elm St ", "78704 ", "512-555-", "512", "a@", "a.", "http://", "www.", "wrote:",
    "on 1 wrote: ", "on 1\n", "from: \n", "sent from ", "-- \n", "thanks\n", "call ", "call asap ",
    "<blockquote>", "<style>", "<!--", "low 400s to ", "\u0645\u0646\u0632\u0644 ", "😀", "İ", "a'", "a&", "(",
    "((", "401k ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=[repr(piece) for piece in PIECES])
def test_twenty_thousand_characters_of_anything_are_read_in_no_time(piece: str) -> None:
    text = (piece * (SIZE // len(piece) + 1))[:SIZE]
    started = time.thread_time()
    signals_in(text, DAY)
    assert time.thread_time() - started < 1.0


@pytest.mark.parametrize("word", ["asap ", "flip ", "works at ", "cash ", "can see it ", "bought a house "])
def test_one_question_of_twenty_thousand_characters_is_read_in_no_time(word: str) -> None:
    started = time.thread_time()
    signals_in("is " + word * (SIZE // len(word)) + "?", DAY)
    assert time.thread_time() - started < 1.0


def processor_s(history: LeadHistory, as_of: datetime) -> float:
    _remembered.cache_clear()
    started = time.thread_time()
    extract(history, as_of)
    return time.thread_time() - started


def test_a_lead_with_eight_messages_is_read_at_once() -> None:
    texts = (
        "Hi! Is this one still available?",
        "We are looking for 3 beds in Round Rock, under 500k",
        "Yes, Saturday works for me",
        "Can you send me more photos?",
        "not pre-approved yet, working on it",
        "How much are the taxes?",
        "our lease is up in June",
        "Thanks so much, talk soon",
    )
    start = datetime(2026, 1, 5, tzinfo=UTC)
    touches = tuple(
        Interaction(occurred_at=start + timedelta(days=day), kind=InteractionKind.SMS, text=text)
        for day, text in enumerate(texts)
    )
    history = LeadHistory(lead=Lead(lead_id="a", budget_range="450-500k"), interactions=touches)
    assert min(processor_s(history, start + timedelta(days=9)) for _ in range(20)) < 0.003  # 0.0003 on a quiet core


def long_history(messages: int, text: str) -> LeadHistory:
    start = datetime(2020, 1, 5, tzinfo=UTC)
    touches = tuple(
        Interaction(occurred_at=start + timedelta(hours=hour), text=f"{hour}: {text}") for hour in range(messages)
    )
    return LeadHistory(lead=Lead(lead_id="a"), interactions=touches)


def test_a_lead_with_five_thousand_messages_is_read_within_seconds() -> None:
    history = long_history(5_000, "Is this number in San Jose, 500k, sold?")
    assert processor_s(history, datetime(2020, 10, 31, tzinfo=UTC)) < 5


def test_the_time_to_read_grows_with_the_messages_and_no_faster() -> None:
    at, text = datetime(2020, 10, 31, tzinfo=UTC), "400k or 450k or 500k or 550k?"
    short = min(processor_s(long_history(100, text), at) for _ in range(5))
    assert min(processor_s(long_history(5_000, text), at) for _ in range(2)) < 2.5 * 50 * short
