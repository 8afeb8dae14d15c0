"""A scoring worker in this process, on a real Redis and a real store."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest
from pydantic import ValidationError

from core.errors import JorgeError, StoreUnavailable
from core.realtime.dead_letters import DeadLetters
from core.realtime.lead_queue import LeadQueue
from core.services import worker
from core.services.center import CommandCenter
from core.services.scores import batches
from core.services.scores.wire import ScoreIn, to_request
from core.services.worker import Worker, enqueue_leads, queue_status, why
from tests.realtime.waiting import until
from tests.services.made import told, untold

AFTER_S = 0.05


@dataclass
class Team:
    """A worker that claims what was left behind after a twentieth of a second."""

    center: CommandCenter
    queue: LeadQueue
    letters: DeadLetters
    said: list[str] = field(default_factory=list)

    def worker(self) -> Worker:
        return Worker(self.center, self.queue, self.said.append)

    def work(self) -> Worker:
        """Until nothing waits."""
        one = self.worker()
        one.run(threading.Event(), once=True)
        return one

    def add(self, *requests: bytes) -> None:
        self.queue.add([(f"key-{hash(request)}", request) for request in requests])


@pytest.fixture
def team(center: CommandCenter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr(worker, "LOOK_S", 0.0)
    monkeypatch.setattr("core.realtime.lead_queue.BLOCK_S", AFTER_S)  # of an empty queue
    queue, letters = LeadQueue(center.redis_url, "one", claim_after_s=AFTER_S), DeadLetters(center.redis_url)
    yield Team(center, queue, letters)
    queue.close()
    letters.close()


@contextmanager
def running(one: Worker) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=one.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_what_waits_is_scored_as_the_api_would_score_it_and_stored(team: Team) -> None:
    enqueue_leads(team.center, [told("ana"), untold("bo"), told("cy", pre_approval=None)])
    assert queue_status(team.center).waiting == 3
    done = team.work()
    assert (done.scored, done.given_up) == (3, 0)
    stored = [team.center.store.latest_score(name) for name in ("ana", "bo", "cy")]
    assert [round(one.score.raw_probability, 9) for one in stored] == [0.8, 0.1, 0.4]
    assert {one.via for one in stored} == {"stream"}
    assert stored[0].commission_usd is not None
    status = queue_status(team.center)
    assert (status.waiting, status.in_work, status.dead) == (0, 0, 0)


def test_a_lead_that_is_known_needs_only_its_id(team: Team) -> None:
    team.center.store.save_histories([told("ana")])
    team.add(b'{"lead_id": "ana"}')
    team.work()
    assert team.center.store.latest_score("ana").score.raw_probability == pytest.approx(0.8)


def test_a_request_that_was_committed_but_not_acknowledged_is_not_scored_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue_leads(team.center, [told("ana"), untold("bo")])

    class Killed(BaseException):
        """As sudden as a kill."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as between:
        between.setattr(team.queue, "done", killed)
        with pytest.raises(Killed):
            team.work()
    assert [len(team.center.store.scores(name)) for name in ("ana", "bo")] == [1, 1]
    assert queue_status(team.center).in_work == 2
    time.sleep(2 * AFTER_S)
    team.work()
    assert queue_status(team.center).in_work == 0
    assert [len(team.center.store.scores(name)) for name in ("ana", "bo")] == [1, 1]


def test_a_worker_lets_go_of_what_leads_wrote(team: Team, remembered: Callable[[], bool]) -> None:
    team.work()  # the first turn, and then each hour
    assert not remembered()


def test_what_is_added_twice_is_scored_once(team: Team) -> None:
    request = orjson.dumps(to_request(told("ana")))
    team.add(request, request)
    team.work()
    team.add(request)
    team.work()
    assert len(team.center.store.scores("ana")) == 1


POISON = {
    b"{": "Invalid JSON",
    b'{"lead_id": "a", "lead_data": {"name": "a\\u0000b"}}': "lead_data.name",
    b'{"lead_id": "../etc"}': "lead_id",
    b"\xff": "Invalid JSON",
    b"": "Invalid JSON",
    b'{"lead_id": "a", "shoe_size": "secret"}': "shoe_size: Extra inputs are not permitted",
    b'"' + b"x" * 1_000_001: "at most 1,000,000",
}


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_a_poison_lead_is_tried_five_times_and_put_aside_with_its_reason_while_others_are_scored(
    team: Team, poison: bytes
) -> None:
    team.add(orjson.dumps(to_request(told("ana"))), poison, orjson.dumps(to_request(untold("bo"))))
    with running(team.worker()) as _:
        until(lambda: queue_status(team.center).dead == 1, 10)
    (letter,) = team.letters.all()
    kept = poison if len(poison) <= 1_000_000 else poison[:4_096]
    assert (letter.tries, letter.request) == (5, kept)
    assert POISON[poison] in letter.reason
    assert "secret" not in letter.reason
    assert [len(team.center.store.scores(name)) for name in ("ana", "bo")] == [1, 1]
    assert queue_status(team.center).in_work == 0


def test_a_lead_on_which_scoring_fails_does_not_stop_the_rest_of_its_batch(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core import features

    values_of = features.values_of

    def fails_on_bo(history: object, as_of: object) -> object:
        if history.lead.lead_id == "bo":  # type: ignore[attr-defined]
            raise ZeroDivisionError("Bo Reed's words")
        return values_of(history, as_of)  # type: ignore[arg-type]

    monkeypatch.setattr("core.services.scores.reading.reader.values_of", fails_on_bo)
    enqueue_leads(team.center, [told("ana"), untold("bo"), told("cy")])
    with running(team.worker()):
        until(lambda: queue_status(team.center).dead == 1, 10)
    assert [letter.reason for letter in team.letters.all()] == ["failed with ZeroDivisionError"]
    assert [len(team.center.store.scores(name)) for name in ("ana", "cy")] == [1, 1]


def test_a_lead_that_ends_every_worker_is_put_aside_and_takes_no_other_with_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    score_batch = batches.score_batch

    class Killed(BaseException):
        """As sudden as a kill."""

    def kills(center: CommandCenter, histories: list[object], **options: object) -> object:
        if any(history.lead.lead_id == "bo" for history in histories):  # type: ignore[attr-defined]
            raise Killed
        return score_batch(center, histories, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "score_batch", kills)
    enqueue_leads(team.center, [told("ana"), untold("bo"), *(told(f"lead-{number}") for number in range(20))])
    deaths = 0
    while not queue_status(team.center).dead:
        time.sleep(1.5 * AFTER_S)
        try:
            team.work()
        except Killed:
            deaths += 1
    assert deaths == 5
    (letter,) = team.letters.all()
    assert orjson.loads(letter.request)["lead_id"] == "bo"
    assert letter.reason == "no worker came to an end with it in 5 tries"
    time.sleep(1.5 * AFTER_S)
    team.work()
    assert len(team.center.store.recent_scores()) == 21


def test_with_the_database_down_everything_waits_and_no_try_is_used_up(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = threading.Event()
    stream = team.center.store.stream
    save_once = stream.save_once
    outages = []

    def save(rows: object) -> int:
        if down.is_set():
            outages.append(rows)
            raise StoreUnavailable("the database does not answer")
        return save_once(rows)  # type: ignore[arg-type]

    monkeypatch.setattr(stream, "save_once", save)
    monkeypatch.setattr(worker.Worker, "_wait", lambda self, stop: stop.wait(2 * AFTER_S))
    down.set()
    enqueue_leads(team.center, [told("ana"), untold("bo")])
    with running(team.worker()):
        until(lambda: len(outages) > 12, 20)
        assert (queue_status(team.center).in_work, queue_status(team.center).dead) == (2, 0)
        down.clear()
        until(lambda: queue_status(team.center).in_work == 0, 10)
    assert [len(team.center.store.scores(name)) for name in ("ana", "bo")] == [1, 1]
    assert team.said == ["Waiting: the database does not answer", "Working again."]


def test_with_redis_frozen_the_worker_says_so_once_waits_and_goes_on(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[JorgeError] = []
    trouble = Worker._trouble

    def noted(one: Worker, error: JorgeError) -> None:
        met.append(error)
        trouble(one, error)

    monkeypatch.setattr(Worker, "_trouble", noted)
    server = team.center._adapters.embedded.get()
    assert server.pid is not None
    with running(team.worker()):
        os.kill(server.pid, signal.SIGSTOP)
        try:
            until(lambda: len(met) >= 3, 30)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        enqueue_leads(team.center, [told("ana")])
        until(lambda: queue_status(team.center).waiting + queue_status(team.center).in_work == 0, 10)
    assert len(team.center.store.scores("ana")) == 1
    assert [words.partition(":")[0] for words in team.said] == ["Waiting", "Working again."]


def test_without_a_model_the_worker_waits(team: Team, tmp_path: Path) -> None:
    team.center.models_dir = tmp_path / "no models"
    enqueue_leads(team.center, [told("ana")])
    with running(team.worker()):
        until(lambda: team.said, 10)
    assert "model" in team.said[0]
    assert queue_status(team.center).dead == 0
    assert queue_status(team.center).waiting + queue_status(team.center).in_work == 1


def test_a_reason_is_short_and_repeats_no_value() -> None:
    with pytest.raises(ValidationError) as refused:
        ScoreIn.model_validate({"lead_id": "a b", **{f"unknown_{number}": "Ana's words" for number in range(9)}})
    reason = why(refused.value)
    assert reason.endswith("and 7 more")
    assert "Ana" not in reason
