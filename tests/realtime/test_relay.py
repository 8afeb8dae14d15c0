from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from core.errors import FeedUnavailable
from core.realtime import CHANNEL, STREAM, EmbeddedRedis, Relay, RelayThread, connect
from tests.realtime.outbox import Outbox, Row
from tests.realtime.waiting import PATIENCE_S, quickest, until


def ids(client: Redis) -> list[int]:
    """Numbers in the stream, in its order; the second half of each id is 1."""
    entries: Any = client.xrange(STREAM)
    halves = [entry_id.decode().split("-") for entry_id, _ in entries]
    assert {second for _, second in halves} <= {"1"}
    return [int(first) for first, _ in halves]


@pytest.fixture
def listener(client: Redis) -> Iterator[Any]:
    """A program outside, on the channel."""
    untyped: Any = client
    with untyped.pubsub() as listening:
        listening.subscribe(CHANNEL)
        assert listening.get_message(timeout=PATIENCE_S)
        yield listening


def test_committed_events_arrive_in_order_with_their_numbers_as_ids(outbox: Outbox, client: Redis) -> None:
    relay = Relay(outbox, client)
    assert relay.run_once() == 0
    outbox.write(3)
    assert relay.run_once() == 3
    outbox.write(2)
    assert relay.run_once() == 2
    assert ids(client) == [1, 2, 3, 4, 5]
    entries: Any = client.xrange(STREAM)
    assert json.loads(entries[3][1][b"data"])["lead_id"] == "event_4"
    assert entries[3][1][b"outbox_id"] == b"event-4"


def test_what_was_moved_already_is_not_moved_again_by_another_relay(outbox: Outbox, client: Redis) -> None:
    outbox.write(450)
    assert Relay(outbox, client).run_once() == 450
    assert Relay(outbox, client).run_once() == 0
    assert ids(client) == list(range(1, 451))


def test_relays_at_the_same_time_move_each_event_once(outbox: Outbox, url: str, client: Redis) -> None:
    moved: list[int] = []

    def run() -> None:
        relay = Relay(outbox, connect(url), batch=7)
        moved.extend(relay.run_once() for _ in range(30))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(30):
        outbox.write(10)
    for thread in threads:
        thread.join()
    moved.append(Relay(outbox, client).run_once())
    assert ids(client) == list(range(1, 301))
    assert sum(moved) == 300


def test_an_emptied_redis_is_filled_again_with_the_newest(outbox: Outbox, client: Redis) -> None:
    outbox.write(1000)
    relay = Relay(outbox, client, keep=250)
    relay.run_once()
    client.flushall()
    assert relay.run_once() == 250
    assert ids(client) == list(range(751, 1001))


def test_the_stream_is_kept_short(outbox: Outbox, client: Redis) -> None:
    relay = Relay(outbox, client, keep=200)
    for _ in range(10):
        outbox.write(100)
        relay.run_once()
    # '~' lets the server cut whole nodes of 100 entries
    assert 200 <= len(ids(client)) <= 300
    assert ids(client)[-1] == 1000


def test_a_server_that_forgot_its_last_second_between_two_commands_gets_it_again(outbox: Outbox, client: Redis) -> None:
    relay = Relay(outbox, client)
    outbox.write(10)
    relay.run_once()
    outbox.write(5)

    def forget() -> None:
        """After the relay has read where the stream ends: back to the first six, as after a crash."""
        outbox.before_read = None
        kept: Any = client.xrange(STREAM, count=6)
        client.delete(STREAM)
        for entry_id, fields in kept:
            client.xadd(STREAM, fields, id=entry_id)

    outbox.before_read = forget
    relay.run_once()
    assert ids(client) == list(range(1, 16))


def test_a_stream_of_another_database_is_replaced(
    outbox: Outbox, client: Redis, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for count in (50, 3):  # further than ours, and not as far
        other = Outbox(tmp_path / f"other{count}.db", "other")
        other.write(count)
        client.flushall()
        Relay(other, client).run_once()
        outbox.write(5)
        relay = Relay(outbox, client)
        relay.run_once()
        assert ids(client) == list(range(1, outbox.last_feed_seq() + 1))
        entries: Any = client.xrange(STREAM)
        assert all(json.loads(fields[b"data"])["lead_id"].startswith("event_") for _, fields in entries)
    assert caplog.text.count("does not belong to this database") == 2


def test_a_stranger_in_the_stream_is_removed(outbox: Outbox, client: Redis) -> None:
    outbox.write(3)
    relay = Relay(outbox, client)
    relay.run_once()
    client.xadd(STREAM, {"data": "{}"})  # an id made of the time, far above ours
    outbox.write()
    relay.run_once()
    assert ids(client) == [1, 2, 3, 4]


def test_events_deleted_after_the_move_do_not_disturb_the_order(outbox: Outbox, client: Redis) -> None:
    outbox.write(10)
    relay = Relay(outbox, client)
    relay.run_once()
    outbox.forget(10)
    assert relay.run_once() == 0
    outbox.write(2)
    assert relay.run_once() == 2
    assert ids(client) == list(range(1, 13))


def test_programs_outside_hear_each_new_event_once(outbox: Outbox, client: Redis, listener: Any) -> None:
    relay = Relay(outbox, client)
    outbox.write(3)
    relay.run_once()
    client.delete(STREAM)
    relay.run_once()  # filled again, not told again
    outbox.write()
    relay.run_once()
    heard = []
    while message := listener.get_message(timeout=0.1):
        heard.append(json.loads(message["data"])["event_id"])
    assert heard == ["1-1", "2-1", "3-1", "4-1"]


def test_old_events_are_not_told_to_programs_outside_when_the_stream_is_filled(client: Redis, listener: Any) -> None:
    class Old(Outbox):
        def outbox_after(self, feed_seq: int, most: int) -> list[Row]:
            hour_ago = datetime.now(UTC) - timedelta(hours=1)
            rows = super().outbox_after(feed_seq, most)
            return [Row(row.feed_seq, row.event_id, row.payload, hour_ago) for row in rows]

    old = Old(Path(":memory:"))
    old.write(3)
    assert Relay(old, client).run_once() == 3
    assert listener.get_message(timeout=0.1) is None


def test_a_key_of_another_kind_is_a_named_failure(outbox: Outbox, client: Redis) -> None:
    client.set(STREAM, "taken")
    outbox.write()
    with pytest.raises(FeedUnavailable, match="WRONGTYPE"):
        Relay(outbox, client).run_once()


def test_events_that_are_handed_over_need_not_be_read_back(outbox: Outbox, client: Redis) -> None:
    relay = Relay(outbox, client)
    outbox.write()
    relay.run_once()
    outbox.write(3)
    rows = outbox.outbox_after(1, 3)
    reads = outbox.reads
    relay.hand(rows)
    assert relay.run_once() == 3
    assert outbox.reads == reads
    relay.hand(rows)  # moved already, as another relay may have been faster
    assert relay.run_once() == 0
    assert ids(client) == [1, 2, 3, 4]


def test_what_another_process_wrote_between_events_that_are_handed_over_is_read(outbox: Outbox, client: Redis) -> None:
    relay = Relay(outbox, client)
    outbox.write(2)
    relay.run_once()
    outbox.write(6)
    third, fourth, fifth, sixth, *_ = outbox.outbox_after(2, 6)
    relay.hand([fourth, fifth])  # the third is not there
    assert relay.run_once() == 6
    relay.hand([sixth, third])
    outbox.write()
    assert relay.run_once() == 1
    assert ids(client) == list(range(1, 10))


def test_a_stream_that_was_lost_or_went_on_elsewhere_is_noticed_in_spite_of_memory(
    outbox: Outbox, client: Redis
) -> None:
    relay, other = Relay(outbox, client), Relay(outbox, client)
    outbox.write(3)
    relay.run_once()
    outbox.write(2)
    assert other.run_once() == 2
    outbox.write()
    relay.hand(outbox.outbox_after(3, 3))
    assert relay.run_once() == 1
    client.delete(STREAM)
    outbox.write()
    relay.hand(outbox.outbox_after(6, 1))
    assert relay.run_once() == 7
    assert ids(client) == list(range(1, 8))


def test_a_commit_wakes_the_thread(outbox: Outbox, client: Redis) -> None:
    thread = RelayThread(Relay(outbox, client), interval_s=30).start()

    def commit() -> None:
        outbox.write()
        thread.wake()
        until(lambda: client.xlen(STREAM) == outbox.last_feed_seq())

    try:
        for _ in range(5):
            quickest(commit, 0.5)
    finally:
        thread.close()


def test_where_nobody_listens_commits_of_50_ms_share_a_run(outbox: Outbox, client: Redis) -> None:
    client.config_resetstat()
    thread = RelayThread(Relay(outbox, client), interval_s=30, heard=lambda: False).start()
    began = time.monotonic()
    try:
        for _ in range(40):
            outbox.write()
            thread.wake()
            time.sleep(0.005)
        until(lambda: client.xlen(STREAM) == 40)
    finally:
        thread.close()
    told: Any = client.info("commandstats")
    most = 2 + (time.monotonic() - began) / 0.05  # one at the start, and one that the server did not know the script of
    assert told["cmdstat_evalsha"]["calls"] <= most


def test_where_nobody_listens_commits_of_other_processes_arrive_as_well(outbox: Outbox, client: Redis) -> None:
    thread = RelayThread(Relay(outbox, client), heard=lambda: False).start()
    try:
        outbox.write()
        until(lambda: client.xlen(STREAM) == 1)
    finally:
        thread.close()


def test_the_thread_outlives_an_outage_of_both_sides_and_says_what_is_wrong(
    outbox: Outbox, server: EmbeddedRedis
) -> None:
    client = connect(server.url)
    thread = RelayThread(Relay(outbox, client), interval_s=0.02).start()
    try:
        outbox.write()
        until(lambda: client.xlen(STREAM) == 1)
        assert thread.problem is None
        assert server.pid is not None
        os.kill(server.pid, signal.SIGSTOP)
        outbox.write()
        until(lambda: thread.problem is not None and "Redis failed" in thread.problem)
        os.kill(server.pid, signal.SIGCONT)
        until(lambda: thread.problem is None)
        assert client.xlen(STREAM) == 2
        outbox.down = True
        until(lambda: thread.problem == "The database does not answer.")
        outbox.down = False
        until(lambda: thread.problem is None)
    finally:
        thread.close()
        client.close()


def test_a_fault_that_nobody_thought_of_does_not_end_the_thread_and_tells_no_words_of_a_lead(
    outbox: Outbox, client: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise KeyError("what a lead wrote")

    outbox.before_read = fail
    outbox.write()
    thread = RelayThread(Relay(outbox, client), interval_s=0.02).start()
    try:
        until(lambda: thread.problem == "The relay failed with KeyError.")
        outbox.before_read = None
        until(lambda: client.xlen(STREAM) == 1)
    finally:
        thread.close()
    assert "what a lead wrote" not in caplog.text


def test_many_small_commits_are_moved_in_a_bounded_time(outbox: Outbox, client: Redis) -> None:
    for _ in range(40):
        outbox.write(random.Random(7).randint(1, 100))

    def move() -> None:
        client.delete(STREAM)
        assert Relay(outbox, client).run_once() == outbox.last_feed_seq()

    quickest(move, 2.0)
