"""What a process keeps: computed once for each state, by one thread at a time, without keeping others waiting."""

from __future__ import annotations

import threading

import pytest

from core.services.running.kept import MOST_VERSIONED, Kept


def test_one_thread_computes_and_the_others_get_its_result() -> None:
    kept, made, begun = Kept(), [], threading.Barrier(5)

    def compute() -> int:
        made.append(1)
        return len(made)

    def ask() -> None:
        begun.wait()
        found.append(kept.per_version(1, "key", compute))

    found: list[int] = []
    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, len(made)) == ([1] * 5, 1)


def test_a_long_computation_keeps_no_other_key_waiting() -> None:
    kept, go_on = Kept(), threading.Event()
    slow = threading.Thread(target=kept.per_version, args=(1, "slow", lambda: go_on.wait(10)))
    slow.start()
    assert kept.per_version(1, "quick", lambda: "there") == "there"
    assert slow.is_alive()
    go_on.set()
    slow.join()


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = Kept()
    for number in range(MOST_VERSIONED):
        kept.per_version(1, number, lambda: "old")
    kept.per_version(1, 0, lambda: "new")  # still there, and now the youngest
    kept.per_version(1, "one more", lambda: "new")
    assert kept.per_version(1, 0, lambda: "computed again") == "old"
    assert kept.per_version(1, 1, lambda: "computed again") == "computed again"


def test_a_computation_that_failed_is_tried_again() -> None:
    kept = Kept()
    with pytest.raises(ZeroDivisionError):
        kept.per_version(1, "key", lambda: 1 // 0)
    assert kept.per_version(1, "key", lambda: 3) == 3
