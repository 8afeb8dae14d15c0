"""What holds for every text and every history."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.features import CATALOG, UNKNOWN, extract, signals_in
from core.features.evidence import read_message
from core.features.text.own_words import own_words
from core.features.text.vocabulary import words_of
from core.leads import Direction, Interaction, InteractionKind, Lead, LeadHistory

AS_OF = datetime(2026, 3, 2, 12, tzinfo=UTC)
PIECES = st.sampled_from(
    sorted(
        words_of("""
        $ 500k 450 - to between and under budget 1.2M million in near San Jose austin TX 78704 1204 Elm St not
        pre-approved cash yet 3 bed 2.5 bath the 14th March next Friday 3/14 months asap lease ends ? ! . , >
        <b> </b> &amp; hoa escrow <blockquote> On Mon 2026 wrote: From: -- my two kids schools work at İ ß 😀
        בית منزل 512-555-0198 a@b.co 401k 000 http://x.y/z $2,500 a month half
        """)
        | {"\n", "\n> ", "    "}
    )
)
LIKELY = st.lists(PIECES, max_size=60).map(" ".join)
TEXTS = st.one_of(LIKELY, st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400))
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@st.composite
def interactions(draw: st.DrawFn, future: bool = False) -> Interaction:
    hours = draw(st.floats(0.01, 3000))
    return Interaction(
        occurred_at=AS_OF + timedelta(hours=hours / 100) if future else AS_OF - timedelta(hours=hours),
        kind=draw(st.sampled_from(InteractionKind)),
        direction=draw(st.sampled_from(Direction)),
        text=draw(st.none() | TEXTS),
        response_time_hours=draw(st.none() | st.floats(0, 87_600)),
        message_length=draw(st.none() | st.integers(0, 1_000_000)),
        questions_asked=draw(st.none() | st.integers(0, 1_000_000)),
    )


@st.composite
def leads(draw: st.DrawFn) -> Lead:
    line = st.none() | TEXTS.map(lambda text: text[:300])
    names = st.sampled_from([feature.name for feature in CATALOG])
    return Lead(
        lead_id="a",
        budget_range=draw(line),
        location_preference=draw(line),
        timeline=draw(line),
        financing=draw(line),
        pre_approval=draw(line),
        listing_address=draw(line),
        message=draw(st.none() | TEXTS),
        measured=draw(st.dictionaries(names, st.floats(0, 1e300), max_size=5)),
    )


@given(text=TEXTS, day=st.none() | DAYS)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_signals_that_stand_where_they_say_and_can_be_sent(text: str, day: date | None) -> None:
    found = signals_in(text, day)
    assert found == signals_in(text, day)
    for signal in found:
        assert signal.text
        assert signal.text == text[signal.start : signal.end]
        assert signal.message == 0
        json.dumps(signal.value)
    assert [signal.start for signal in found] == sorted(signal.start for signal in found)


@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_what_is_kept_of_a_text_is_part_of_it(text: str) -> None:
    cleaned = own_words(text)
    if cleaned.starts is None:
        assert len(cleaned.text) == len(text)
    else:
        assert cleaned.ends is not None
        assert len(cleaned.starts) == len(cleaned.ends) == len(cleaned.text)
        assert all(0 <= start < end <= len(text) for start, end in zip(cleaned.starts, cleaned.ends, strict=True))


@given(
    lead=leads(),
    touches=st.lists(interactions(), max_size=6),
    later=st.lists(interactions(future=True), min_size=1, max_size=2),
)
@settings(max_examples=150, deadline=None)
def test_any_history_gives_features_in_range_that_the_future_does_not_change(
    lead: Lead, touches: list[Interaction], later: list[Interaction]
) -> None:
    touches.sort(key=lambda touch: touch.occurred_at)
    found = extract(LeadHistory(lead=lead, interactions=tuple(touches)), AS_OF)
    assert np.isfinite(found.values).all()
    for feature, value in zip(CATALOG, found.values, strict=True):
        assert value == UNKNOWN or 0 <= value <= feature.high, feature.name
    for signal in found.signals:
        source = getattr(lead, signal.field) if signal.field else touches[signal.message].text
        assert source is not None
        assert source[signal.start : signal.end] == signal.text
    with_future = extract(LeadHistory(lead=lead, interactions=(*touches, *later)), AS_OF)
    assert np.array_equal(with_future.values, found.values)
    assert with_future.signals == found.signals


@given(text=TEXTS)
@settings(max_examples=50, deadline=None)
def test_a_remembered_text_reads_like_a_new_one(text: str) -> None:
    first = read_message(text, AS_OF.date(), 3)
    assert read_message(text, AS_OF.date(), 3) == first
    assert {signal.message for signal in first.signals} <= {3}
