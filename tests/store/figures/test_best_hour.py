"""Tries and answers as both databases count them, against the same touches gone through one by one."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from core.leads import Direction, Interaction, InteractionKind, LeadHistory
from core.sample import generate
from core.store import LeadFilter, Store
from core.store.figures.best_hour import tries_by_hour
from tests.store.made import NOON, at, history, scored, touch

LATER = NOON + timedelta(days=9)
HOUR = timedelta(hours=1)
LOOKS = (InteractionKind.PROPERTY_VIEW, InteractionKind.PROPERTY_SAVE, InteractionKind.NOTE)


def sent(minutes: float, **more: Any) -> Interaction:
    return touch(minutes, f"ours at {minutes}", direction=Direction.OUTBOUND, **more)


def counted(store: Store, *told: Interaction) -> tuple[int, int]:
    store.save_scored([scored(history("a", *told, created_at=at(-9_000)))])
    hours = tries_by_hour(store.database, LeadFilter(), LATER).hours
    return sum(one.tries for one in hours), sum(one.answered for one in hours)


def test_an_answer_counts_for_the_last_try_before_it(store: Store) -> None:
    # 0 and 50 are one try, answered at 600; 2,000 is a try that is answered too late, on day 2
    assert counted(store, sent(0), sent(50), touch(600), sent(2_000), touch(3_500)) == (2, 1)


def test_an_automatic_message_is_no_try_and_browsing_no_answer(store: Store) -> None:
    browsing = touch(300, None, kind=InteractionKind.PROPERTY_VIEW)
    note = sent(250, kind=InteractionKind.NOTE)
    assert counted(store, touch(0), sent(2), sent(4), sent(200), note, browsing) == (1, 0)


def test_a_call_is_a_try_at_once_and_what_is_young_is_left_out(store: Store) -> None:
    call, young = sent(1, kind=InteractionKind.CALL), sent(9 * 1_440 - 600)
    assert counted(store, touch(0), call, touch(61), young) == (1, 1)
    (only,) = tries_by_hour(store.database, LeadFilter(), LATER).hours
    assert only.call
    assert datetime(1970, 1, 1, tzinfo=UTC) + only.hour * HOUR == NOON
    assert tries_by_hour(store.database, LeadFilter(agents=("nobody",)), LATER).hours == ()


def test_a_call_with_a_message_behind_it_is_one_try_with_a_call(store: Store) -> None:
    assert counted(store, sent(0, kind=InteractionKind.CALL), sent(4), touch(90)) == (1, 1)
    assert [one.call for one in tries_by_hour(store.database, LeadFilter(), LATER).hours] == [True]


def test_many_touches_shorten_the_span(store: Store) -> None:
    store.save_scored([scored(history("a", *(sent(-1_440 * day) for day in range(1, 300)), created_at=at(-500_000)))])
    assert tries_by_hour(store.database, LeadFilter(), NOON).days == 365
    short = tries_by_hour(store.database, LeadFilter(), NOON, most=100)
    assert (short.days, sum(one.tries for one in short.hours)) == (90, 90)


def test_the_sample_gone_through_touch_by_touch(store: Store) -> None:
    made = [one.history for one in generate(120, 9, NOON, months=6)]
    store.save_histories(made)
    found = {
        (one.hour, one.call): (one.tries, one.answered)
        for one in tries_by_hour(store.database, LeadFilter(), NOON).hours
    }
    tries: Counter[tuple[int, bool]] = Counter()
    answered: Counter[tuple[int, bool]] = Counter()
    for one in made:
        for hour, call, heard in _by_hand(one):
            tries[hour, call] += 1
            answered[hour, call] += heard
    assert found == {key: (n, answered[key]) for key, n in tries.items()}
    assert sum(tries.values()) > 500


def _by_hand(one: LeadHistory) -> list[tuple[int, bool, bool]]:
    touches = sorted((told for told in one.interactions if told.kind not in LOOKS), key=lambda told: told.occurred_at)
    found = []
    said, called = one.lead.created_at, None
    for place, told in enumerate(touches):
        when, call = told.occurred_at, told.kind is InteractionKind.CALL
        if told.direction is Direction.INBOUND:
            said, called = when, None
            continue
        with_call = call or (called is not None and when - called < HOUR)
        called = when if call else called
        following = touches[place + 1] if place + 1 < len(touches) else None
        gap = timedelta.max if following is None else following.occurred_at - when
        ours_next = following is not None and following.direction is Direction.OUTBOUND
        automatic = not with_call and said is not None and when - said < timedelta(minutes=5)
        if automatic or (ours_next and gap <= HOUR) or when > NOON - timedelta(days=1):
            continue
        hour = (when - datetime(1970, 1, 1, tzinfo=UTC)) // HOUR
        found.append((hour, with_call, not ours_next and gap <= timedelta(days=1)))
    return found
