"""Many threads share one commit, and an error reaches only the lead that caused it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from core.errors import LeadError, StoreUnavailable
from core.scoring.scored import ScoredLead
from core.store import GroupCommit, OutboxEvent, Store
from tests.store.made import impossible, scored


class SlowStore:
    """Saves in memory, slowly, and remembers in which batches."""

    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[str]] = []
        self.error = error
        self.entered, self.go = threading.Event(), threading.Event()

    def save_scored(self, rows: Sequence[ScoredLead], written: Callable[[], None]) -> Sequence[OutboxEvent]:
        self.entered.set()
        self.go.wait(5)
        self.batches.append([row.history.lead.lead_id for row in rows])
        if self.error is not None:
            raise self.error
        return []


class Entered:
    """A real store that says when the writer has come to it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._entered = threading.Event()

    def save_scored(self, rows: Sequence[ScoredLead], written: Callable[[], None]) -> Sequence[OutboxEvent]:
        self._entered.set()
        return self._store.save_scored(rows, written)

    def wait(self) -> None:
        assert self._entered.wait(15)


@pytest.fixture
def group(store: Store) -> Iterator[GroupCommit]:
    commits = GroupCommit(store)
    yield commits
    commits.close()


def test_a_lead_is_stored_when_submit_returns(store: Store, group: GroupCommit) -> None:
    group.submit(scored("a", 0.75))
    assert store.latest_score("a").score.probability == 0.75


def test_fifty_threads_lose_nothing_and_share_commits(store: Store, group: GroupCommit) -> None:
    def client(number: int) -> None:
        for turn in range(4):
            group.submit(scored(f"lead_{number}", (turn + 1) / 10, minutes=turn))
            assert store.latest_score(f"lead_{number}").score.probability == (turn + 1) / 10

    with ThreadPoolExecutor(50) as pool:
        for future in [pool.submit(client, number) for number in range(50)]:
            future.result()
    assert store.browse().total == 50
    assert len(store.recent_scores(1000)) == 200
    assert store.last_feed_seq() == 200
    assert store.version() < 200  # a version a commit


def test_what_waits_while_a_commit_runs_is_the_next_commit() -> None:
    slow = SlowStore()
    group = GroupCommit(slow)
    futures = [group.enqueue(scored("first"))]
    assert slow.entered.wait(15)
    futures += [group.enqueue(scored(f"later-{number}")) for number in range(5)]
    slow.go.set()
    wait(futures, 5)
    group.close()
    assert slow.batches == [["first"], [f"later-{number}" for number in range(5)]]


def test_an_error_reaches_only_the_lead_that_caused_it(store: Store) -> None:
    entered = Entered(store)
    group = GroupCommit(entered)
    with store.database.write():  # the writer thread waits, so that the rest is one batch
        group.enqueue(scored("before"))
        entered.wait()
        futures: list[Future[None]] = [group.enqueue(lead) for lead in (scored("a"), impossible("bad"), scored("b"))]
    wait(futures, 10)
    group.close()
    assert [type(future.exception()) for future in futures] == [type(None), LeadError, type(None)]
    assert sorted(row.lead_id for row in store.browse().rows) == ["a", "b", "before"]


def test_a_database_that_is_down_is_asked_once_for_the_whole_batch() -> None:
    down = SlowStore(StoreUnavailable("the database does not answer"))
    group = GroupCommit(down)
    futures = [group.enqueue(scored("first"))]
    assert down.entered.wait(15)
    futures += [group.enqueue(scored(f"later-{number}")) for number in range(5)]
    down.go.set()
    wait(futures, 5)
    group.close()
    assert all(isinstance(future.exception(), StoreUnavailable) for future in futures)
    assert len(down.batches) == 2


def test_closing_saves_what_waits_and_refuses_what_comes_later(store: Store) -> None:
    group = GroupCommit(store)
    futures = [group.enqueue(scored(f"a{number}")) for number in range(30)]
    group.close()
    group.close()
    assert all(future.done() and future.exception() is None for future in futures)
    assert store.browse().total == 30
    with pytest.raises(StoreUnavailable, match="being closed"):
        group.submit(scored("late"))


def test_a_lead_that_its_sender_gave_up_is_not_saved(store: Store) -> None:
    entered = Entered(store)
    group = GroupCommit(entered)
    with store.database.write():
        group.enqueue(scored("before"))
        entered.wait()
        given_up = group.enqueue(scored("given-up"))
        assert given_up.cancel()
    group.close()
    assert [row.lead_id for row in store.browse().rows] == ["before"]


def test_the_events_of_each_commit_are_told_as_they_stand_in_the_record(store: Store) -> None:
    told: list[OutboxEvent] = []
    group = GroupCommit(store, told.extend)
    futures = [group.enqueue(lead) for lead in (scored("a"), scored("b"), impossible("bad"))]
    wait(futures, 10)
    group.close()
    assert [event.payload["lead_id"] for event in told] == ["a", "b"]
    assert told == store.outbox_after()


def test_a_held_lead_is_saved_by_its_caller_who_hears_when_only_the_commit_is_left(store: Store) -> None:
    told: list[OutboxEvent] = []
    group = GroupCommit(store, told.extend)
    saved, commit = group.held(scored("alone"))
    assert store.browse().total == 0
    seen: list[tuple[str, int, bool]] = []
    commit(lambda: seen.append((threading.current_thread().name, store.browse().total, saved.done())))
    assert seen == [(threading.current_thread().name, 0, False)]  # written, and not to be seen by others yet
    assert saved.result(timeout=0) is None
    assert store.latest_score("alone").score.probability == scored("alone").score.probability
    assert [event.feed_seq for event in told] == [1]
    group.close()


def test_a_held_lead_that_cannot_be_stored_says_so_where_it_is_waited_for(store: Store) -> None:
    group = GroupCommit(store)
    saved, commit = group.held(impossible("bad"))
    heard: list[str] = []
    commit(lambda: heard.append("written"))
    with pytest.raises(LeadError):
        saved.result(timeout=0)
    assert (heard, store.browse().total) == ([], 0)
    group.close()
