"""What waits for the cache, on a real Redis."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from core.realtime import connect
from core.realtime.cache import ScoreCache
from core.realtime.write_behind import MOST, Entry, WriteBehind
from tests.realtime.waiting import until


@pytest.fixture
def cache(url: str) -> Iterator[ScoreCache]:
    client = connect(url, retries=0)
    yield ScoreCache(client)
    client.close()


def entry(name: str, number: int = 0) -> Entry:
    return f"key-{name}", {"number": number}, 0.9


def numbers(cache: ScoreCache, *names: str) -> list[int | None]:
    return cache.get_all([f"key-{name}" for name in names], lambda kept: kept["number"])


def test_what_waits_is_in_it_until_the_cache_has_it(cache: ScoreCache) -> None:
    behind = WriteBehind(cache)  # not started: nothing is handed over by itself
    behind.add("ana", lambda: entry("ana", 1))
    assert ("ana" in behind, "ben" in behind) == (True, False)
    assert numbers(cache, "ana") == [None]
    behind.hand_over()
    assert "ana" not in behind
    assert numbers(cache, "ana") == [1]


def test_the_latest_by_a_name_is_kept(cache: ScoreCache) -> None:
    behind = WriteBehind(cache)
    for number in (1, 2):
        behind.add("ana", lambda number=number: entry("ana", number))  # type: ignore[misc]
    behind.hand_over()
    assert numbers(cache, "ana") == [2]


def test_its_thread_hands_over_what_came_while_it_gathered(cache: ScoreCache) -> None:
    behind = WriteBehind(cache, gather_s=1.0).start()
    for name in ("ana", "ben", "eve"):
        behind.add(name, lambda name=name: entry(name, len(name)))  # type: ignore[misc]
    assert numbers(cache, "ana", "ben", "eve") == [None, None, None]
    until(lambda: "eve" not in behind)
    assert numbers(cache, "ana", "ben", "eve") == [3, 3, 3]
    behind.close()


def test_closing_hands_over_what_waits(cache: ScoreCache) -> None:
    behind = WriteBehind(cache, gather_s=60.0).start()
    behind.add("ana", lambda: entry("ana", 7))
    behind.close()
    assert numbers(cache, "ana") == [7]


def test_whoever_asks_while_something_leaves_waits_until_it_is_there(cache: ScoreCache) -> None:
    leaving, go_on = threading.Event(), threading.Event()

    def slow() -> Entry:
        leaving.set()
        go_on.wait(5)
        return entry("ana", 5)

    behind = WriteBehind(cache, gather_s=0.0).start()
    behind.add("ana", slow)
    assert leaving.wait(5)
    assert "ana" in behind
    threading.Timer(0.1, go_on.set).start()
    behind.hand_over()
    assert numbers(cache, "ana") == [5]
    behind.close()


def test_a_fault_costs_only_what_left_with_it(cache: ScoreCache) -> None:
    def broken() -> Entry:
        raise TypeError("no part of a key")

    behind = WriteBehind(cache, gather_s=0.0).start()
    behind.add("ana", broken)
    until(lambda: "ana" not in behind)
    behind.add("ben", lambda: entry("ben", 2))
    until(lambda: "ben" not in behind)
    assert numbers(cache, "ana", "ben") == [None, 2]
    behind.close()


def test_what_waits_is_bounded(cache: ScoreCache) -> None:
    behind = WriteBehind(cache)
    for number in range(MOST + 1):
        behind.add(str(number), lambda number=number: entry(str(number), number))  # type: ignore[misc]
    assert (str(MOST - 1) in behind, str(MOST) in behind) == (True, False)
    behind.add("0", lambda: entry("0", 9))  # one that waits already is renewed
    behind.hand_over()
    assert numbers(cache, "0", str(MOST - 1), str(MOST)) == [9, MOST - 1, None]


def test_without_redis_nothing_is_kept_and_nothing_raised() -> None:
    behind = WriteBehind(ScoreCache(None)).start()
    behind.add("ana", lambda: entry("ana"))
    behind.close()
    assert "ana" not in behind
