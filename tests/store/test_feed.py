"""The outbox: numbered without a gap, in the order of the commits; and the workspace's settings."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from core.errors import LeadError
from core.scoring import Tier
from core.store import Store
from core.store.write import CHUNK
from tests.store.made import at, history, impossible, scored


def test_every_score_brings_one_event_with_what_a_live_screen_shows(store: Store) -> None:
    store.save_histories([history("a", name="Ana", source="zillow", agent="Bo")])
    store.save_scored([scored("a", 0.825, Tier.HOT, escalated=True)])
    event = store.outbox_after()[0]
    assert event.payload == {
        "event_type": "lead_scored",
        "timestamp": "2026-03-02T12:00:00Z",
        "lead_id": "a",
        "lead_name": "Ana",
        "ml_score": 82.5,
        "ml_confidence": 0.825,
        "classification": "hot",
        "escalation_recommended": True,
        "estimated_commission": 37500.0,
        "model_version": "m1",
        "source": "zillow",
        "agent": "Bo",
        "via": "api",
    }
    assert event.feed_seq == 1
    assert event.created_at > at(0)


def test_numbers_go_on_over_the_pieces_of_a_large_batch(store: Store) -> None:
    store.add_event({"event_type": "model_status"})
    told = store.save_scored([scored(f"a{number}") for number in range(CHUNK + 2)])
    store.add_event({"event_type": "model_status"})
    assert [event.feed_seq for event in told] == list(range(2, CHUNK + 4))
    assert [event.feed_seq for event in store.outbox_after()] == list(range(1, CHUNK + 5))
    assert store.last_feed_seq() == CHUNK + 4


def test_numbers_have_no_gap_where_a_transaction_failed(store: Store) -> None:
    for number in range(5):
        store.save_scored([scored(f"a{number}")])
        with pytest.raises(LeadError):
            store.save_scored([scored("lost"), impossible("b")])
    events = store.outbox_after()
    assert [event.feed_seq for event in events] == [1, 2, 3, 4, 5]
    assert [event.payload["lead_id"] for event in events] == [f"a{number}" for number in range(5)]
    assert len({event.event_id for event in events}) == 5
    assert store.last_feed_seq() == 5


def test_events_are_read_in_pieces(store: Store) -> None:
    store.save_scored([scored(f"a{number}") for number in range(10)])
    assert [event.feed_seq for event in store.outbox_after(3, most=4)] == [4, 5, 6, 7]
    assert store.outbox_after(10) == []


def test_writers_at_once_give_every_number_once_in_the_order_of_their_commits(store: Store) -> None:
    def save(writer: int) -> None:
        for number in range(20):
            store.save_scored([scored(f"w{writer}-{number:02}")])

    def read() -> None:
        while not done.is_set():
            seen.append([event.feed_seq for event in store.outbox_after()])

    done = threading.Event()
    seen: list[list[int]] = []
    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=save, args=(writer,)) for writer in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    events = store.outbox_after()
    assert [event.feed_seq for event in events] == list(range(1, 81))
    assert all(
        numbers == list(range(1, len(numbers) + 1)) for numbers in seen
    )  # no number is ever seen before a lower one
    for writer in range(4):  # each writer's own events in the order in which it committed them
        mine = [event.payload["lead_id"] for event in events if event.payload["lead_id"].startswith(f"w{writer}-")]
        assert mine == [f"w{writer}-{number:02}" for number in range(20)]


def test_an_event_of_its_own_goes_into_the_feed(store: Store) -> None:
    store.add_event({"event_type": "model_status", "version": "m2"})
    assert store.outbox_after()[0].payload == {"event_type": "model_status", "version": "m2"}


@pytest.mark.parametrize("value", [0.85, {"hot": 0.4, "warm": [1, None]}, True, "ü%'\"", None, 2**53])
def test_a_setting_of_the_workspace_comes_back(store: Store, value: Any) -> None:
    assert store.workspace("key") is None
    store.set_workspace("key", "before")
    store.set_workspace("key", value)
    assert store.workspace("key") == value
    assert store.workspace("other") is None


@pytest.mark.parametrize("value", [object(), {1, 2}, "\ud800"])
def test_a_setting_that_is_no_json_is_refused(store: Store, value: object) -> None:
    with pytest.raises(LeadError, match="cannot be stored as JSON"):
        store.set_workspace("key", value)


def test_the_version_rises_with_every_change_and_not_with_reading(store: Store) -> None:
    seen = [store.version()]
    changes: list[Callable[[], object]] = [
        lambda: store.save_histories([history("a")]),
        lambda: store.save_scored([scored("a")]),
        store.clear,
    ]
    for change in changes:
        change()
        store.browse()
        seen.append(store.version())
    assert seen == [0, 1, 2, 3]
