from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.errors import LeadError
from core.store import Store
from tests.store.made import at, impossible, scored


def test_an_entry_that_is_delivered_again_is_not_scored_again(store: Store) -> None:
    assert store.stream.save_once([("1-0", scored("a")), ("2-0", scored("b"))]) == 2
    assert store.stream.save_once([("2-0", scored("b")), ("3-0", scored("c"))]) == 1
    assert [len(store.scores(name)) for name in ("a", "b", "c")] == [1, 1, 1]
    assert [event.payload["lead_id"] for event in store.outbox_after()] == ["a", "b", "c"]


def test_two_entries_of_one_lead_are_two_scores(store: Store) -> None:
    assert store.stream.save_once([("1-0", scored("a")), ("2-0", scored("a", minutes=1))]) == 2
    assert len(store.scores("a")) == 2


def test_workers_that_save_the_same_entries_at_once_save_each_once(store: Store) -> None:
    entries = [(f"{number}-0", scored(f"lead_{number}")) for number in range(20)]
    with ThreadPoolExecutor(4) as workers:
        saved = list(workers.map(store.stream.save_once, [entries] * 8))
    assert sorted(saved) == [0] * 7 + [20]
    assert len(store.recent_scores()) == 20


def test_a_score_that_cannot_be_stored_leaves_no_key(store: Store) -> None:
    with pytest.raises(LeadError):
        store.stream.save_once([("1-0", scored("a")), ("2-0", impossible("b"))])
    assert store.stream.scored(["1-0", "2-0"]) == set()
    assert store.lead_count() == 0


def test_keys_outlive_the_leads_and_are_forgotten_after_a_week(store: Store) -> None:
    store.stream.save_once([("1-0", scored("a")), ("2-0", scored("b", minutes=60))])
    store.clear()
    assert store.stream.scored(["1-0", "2-0", "3-0"]) == {"1-0", "2-0"}
    assert store.stream.forget(at(30) + timedelta(days=7)) == 1
    assert store.stream.scored(["1-0", "2-0"]) == {"2-0"}
