"""The lead stream on a real Redis."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from core.errors import FeedUnavailable, NotFound
from core.realtime import EmbeddedRedis, lead_queue
from core.realtime.dead_letters import DeadLetters
from core.realtime.lead_queue import DEAD, GROUP, LEADS, Entry, LeadQueue, QueueStatus
from tests.realtime.waiting import until

HELD_S = 60  # longer than any machine halts a test


@pytest.fixture
def queue(url: str) -> Iterator[LeadQueue]:
    opened = LeadQueue(url, "one", claim_after_s=HELD_S)
    yield opened
    opened.close()


@pytest.fixture
def other(url: str) -> Iterator[LeadQueue]:
    opened = LeadQueue(url, "two", claim_after_s=HELD_S)
    yield opened
    opened.close()


def hold_for_long(client: Redis, *entries: Entry) -> None:
    """Make it so that Redis has the entries with worker "one" since a minute; no try is counted."""
    client.xclaim(LEADS, GROUP, "one", 0, [entry.id for entry in entries], idle=1_000 * HELD_S, justid=True)


def requests(count: int) -> list[tuple[str, bytes]]:
    return [(f"key-{number}", b"%d" % number) for number in range(count)]


def test_what_was_added_before_any_worker_came_is_read_in_order_and_by_one_worker_only(
    queue: LeadQueue, other: LeadQueue
) -> None:
    queue.add(requests(5))
    first, second = queue.read(3), other.read(3)
    assert [(entry.key, entry.request, entry.tries) for entry in first] == [
        ("key-0", b"0", 1), ("key-1", b"1", 1), ("key-2", b"2", 1),
    ]  # fmt: skip
    assert [entry.request for entry in second] == [b"3", b"4"]
    assert queue.read(3) == []
    assert queue.status() == QueueStatus(waiting=0, in_work=5, dead=0)


def test_a_plain_xadd_of_another_program_needs_only_a_request(queue: LeadQueue, client: Redis) -> None:
    entry_id: Any = client.xadd(LEADS, {"request": b"{}"})
    (entry,) = queue.read(10)
    assert (entry.id, entry.key, entry.request) == (entry_id.decode(), entry_id.decode(), b"{}")


def test_what_is_done_leaves_the_stream_and_what_waits_stays(queue: LeadQueue, client: Redis) -> None:
    queue.add(requests(10))
    entries = queue.read(4)
    queue.done(entries)
    assert queue.status() == QueueStatus(waiting=6, in_work=0, dead=0)
    assert int(client.xlen(LEADS)) == 6
    queue.done([])


def test_what_a_worker_leaves_behind_is_claimed_one_at_a_time_with_its_tries_counted(
    queue: LeadQueue, other: LeadQueue, client: Redis
) -> None:
    queue.add(requests(3))
    held = queue.read(3)
    assert other.claim() is None  # it is still at work
    hold_for_long(client, *held)
    claimed = [other.claim() for _ in range(4)]
    assert [(entry.id, entry.tries) for entry in claimed if entry] == [(entry.id, 2) for entry in held]
    assert claimed[3] is None
    hold_for_long(client, held[0])
    again = queue.claim()
    assert again is not None
    assert again.tries == 3


def test_an_entry_that_was_deleted_while_it_was_pending_is_passed_over(queue: LeadQueue, client: Redis) -> None:
    queue.add(requests(3))
    first, second, third = queue.read(3)
    hold_for_long(client, first, second, third)
    client.xdel(LEADS, first.id, second.id)
    claimed = queue.claim()
    assert claimed is not None
    assert claimed.request == b"2"


def test_a_try_that_does_not_count_is_not_counted(queue: LeadQueue, client: Redis) -> None:
    queue.add(requests(1))
    entries = queue.read(1)
    for _ in range(4):
        queue.uncount(entries)
        hold_for_long(client, *entries)
        claimed = queue.claim()
        assert claimed is not None
        assert claimed.tries == 1
        entries = [claimed]


def test_a_group_that_is_gone_is_made_again_and_nothing_that_waits_is_lost(queue: LeadQueue, client: Redis) -> None:
    queue.add(requests(4))
    queue.done(queue.read(1))
    client.xgroup_destroy(LEADS, GROUP)
    assert [entry.request for entry in queue.read(9)] == [b"1", b"2", b"3"]
    client.flushall()
    assert queue.claim() is None
    queue.add(requests(1))
    assert len(queue.read(9)) == 1


def test_a_dead_letter_is_in_one_of_the_two_streams_and_tells_why(queue: LeadQueue, url: str) -> None:
    queue.add(requests(2))
    entry, _ = queue.read(2)
    queue.bury(entry, "lead_id: is missing")
    assert queue.status() == QueueStatus(waiting=0, in_work=1, dead=1)
    letters = DeadLetters(url)
    (letter,) = letters.all()
    assert (letter.key, letter.request, letter.reason, letter.tries) == ("key-0", b"0", "lead_id: is missing", 1)
    assert abs(letter.given_up_at.timestamp() - time.time()) < 60
    letters.close()


def test_a_dead_letter_is_tried_again_under_its_own_key_or_dropped(queue: LeadQueue, url: str) -> None:
    queue.add(requests(2))
    for entry in queue.read(2):
        queue.bury(entry, "broken")
    letters = DeadLetters(url)
    first, second = letters.all()
    assert letters.retry([first.id]) == 1
    (entry,) = queue.read(9)
    assert (entry.key, entry.request, entry.tries) == (first.key, first.request, 1)
    for wrong in (first.id, "1-1", "all", "-", "+", "x" * 1000):
        with pytest.raises(NotFound):
            letters.drop([wrong])
        with pytest.raises(NotFound):
            letters.retry([second.id, wrong])
    assert letters.drop([second.id]) == 1
    assert letters.drop([]) == 0
    assert letters.all() == []
    letters.close()


def test_of_a_request_that_no_worker_takes_the_beginning_is_kept_with_the_whole_reason(
    queue: LeadQueue, url: str
) -> None:
    queue.add([("fits", b"a" * 1_000_000), ("large", b"b" * 1_000_001)])
    for entry in queue.read(2):
        queue.bury(entry, "the reason")
    letters = DeadLetters(url)
    fits, large = letters.all()
    letters.close()
    assert (fits.request, fits.reason) == (b"a" * 1_000_000, "the reason")
    assert large.request == b"b" * 4_096
    assert large.reason == "the reason; the first 4,096 of 1,000,001 bytes are kept"


def test_dead_letters_that_nobody_looks_at_fill_no_server(
    queue: LeadQueue, client: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis trims in nodes of a hundred entries, and never below the bound."""
    monkeypatch.setattr(lead_queue, "MOST_DEAD", 50)
    queue.add(requests(400))
    for entry in queue.read(400):
        queue.bury(entry, "broken")
    assert 50 <= client.xlen(DEAD) <= 250
    newest: Any = client.xrevrange(DEAD, count=1)
    assert newest[0][1][b"request"] == b"399"


def test_a_full_stream_refuses_more_and_drops_nothing(queue: LeadQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_queue, "MOST_WAITING", 10)
    queue.add(requests(10))
    with pytest.raises(FeedUnavailable, match="start more workers"):
        queue.add(requests(1))
    assert queue.status().waiting == 10


def test_a_worker_that_leaves_is_off_the_list_unless_it_still_holds_something(queue: LeadQueue, client: Redis) -> None:
    queue.add(requests(1))
    entries = queue.read(1)
    queue.leave()
    assert [consumer["name"] for consumer in client.xinfo_consumers(LEADS, GROUP)] == [b"one"]
    queue.done(entries)
    queue.leave()
    assert client.xinfo_consumers(LEADS, GROUP) == []


def test_before_anything_was_added_nothing_waits(queue: LeadQueue, url: str) -> None:
    assert queue.status() == QueueStatus(0, 0, 0)
    assert queue.claim() is None
    letters = DeadLetters(url)
    assert letters.all() == []
    letters.close()


@pytest.mark.parametrize("frozen", [True, False])
def test_without_redis_everything_says_so(server: EmbeddedRedis, frozen: bool) -> None:
    queue, letters = LeadQueue(server.url, "one"), DeadLetters(server.url)
    queue.add(requests(2))
    entries = queue.read(1)
    pid = server.pid
    assert pid is not None
    if frozen:
        os.kill(pid, signal.SIGSTOP)
    else:
        server.close()
    calls = (
        lambda: queue.add(requests(1)), lambda: queue.read(1), queue.claim, lambda: queue.done(entries),
        lambda: queue.bury(entries[0], "x"), lambda: queue.uncount(entries), queue.leave, queue.status,
        letters.all, lambda: letters.retry(["1-1"]), lambda: letters.drop(["1-1"]),
    )  # fmt: skip
    try:
        for call in calls:
            with pytest.raises(FeedUnavailable, match="Redis failed while"):
                call()
    finally:
        if frozen:
            os.kill(pid, signal.SIGCONT)
    queue.close()
    letters.close()


def test_something_else_under_the_streams_name_is_an_outage_that_names_it(queue: LeadQueue, client: Redis) -> None:
    client.set(LEADS, "something else")
    for call in (lambda: queue.read(1), queue.status, queue.claim):
        with pytest.raises(FeedUnavailable, match="WRONGTYPE"):
            call()


def test_two_workers_that_make_the_group_at_once_both_read(queue: LeadQueue, other: LeadQueue, client: Redis) -> None:
    queue.add(requests(200))
    until(lambda: not queue.read(50) and not other.read(50))
    assert int(client.xpending(LEADS, GROUP)["pending"]) == 200
    assert not client.exists(DEAD)
