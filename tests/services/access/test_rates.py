"""Limits on calls, with a real Redis that is shared, killed, frozen and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.errors import TooManyRequests
from core.realtime import EmbeddedRedis, connect
from core.services.access.rates import REST_S, Limiter, Rate
from tests.realtime.conftest import patient, server, started
from tests.realtime.waiting import away_from_the_turn_of_a_minute

__all__ = ["patient", "server"]
patiently = pytest.mark.usefixtures("patient")
SCORE = Rate.SCORE


@contextmanager
def limiter(url: str | None, score: int = 3, batch: int = 2) -> Iterator[Limiter]:
    opened = Limiter({Rate.SCORE: score, Rate.BATCH: batch, Rate.READ: 0}, lambda: url)
    yield opened
    opened.close()


def refused(limited: Limiter, who: str = "key:crm", rate: Rate = SCORE) -> int:
    """The seconds to wait that a refusal names."""
    with pytest.raises(TooManyRequests) as caught:
        limited.count(who, rate)
    return caught.value.retry_after_s


@patiently
def test_the_first_calls_pass_and_the_next_is_told_how_long_to_wait(server: EmbeddedRedis) -> None:
    with limiter(server.url) as limited:
        for _ in range(3):
            limited.count("key:crm", SCORE)
        assert 1 <= refused(limited) <= 60


@patiently
def test_each_caller_and_each_kind_of_call_counts_by_itself(server: EmbeddedRedis) -> None:
    with limiter(server.url, score=1, batch=1) as limited:
        for who in ("key:crm", "token:crm", "token:ana", "token:ana/score", "key:{crm}"):
            limited.count(who, SCORE)
            limited.count(who, Rate.BATCH)
            refused(limited, who)


@patiently
def test_servers_that_share_a_redis_share_the_count(server: EmbeddedRedis) -> None:
    with limiter(server.url) as one, limiter(server.url) as other:
        one.count("key:crm", SCORE)
        other.count("key:crm", SCORE)
        one.count("key:crm", SCORE)
        for limited in (one, other):
            refused(limited)


@patiently
def test_calls_are_let_in_again_as_those_of_the_last_minute_go_by(server: EmbeddedRedis) -> None:
    """Six calls are allowed, six were made. A window of 60 s is moved back by letting Redis think that time has passed.

    At 66 s the six of the window before weigh 6 * 54/60 = 5.4, so one call passes (5 + 1 <= 6) and the next does not.
    """
    with limiter(server.url, score=6) as limited:
        for _ in range(6):
            limited.count("key:crm", SCORE)
        refused(limited)
        age(server.url, 66)
        limited.count("key:crm", SCORE)
        refused(limited)


def age(url: str, seconds: int) -> None:
    client = connect(url)
    for key in client.scan_iter("jorge:calls*"):
        client.pexpire(key, client.pttl(key) - 1000 * seconds)
    client.close()


@patiently
def test_what_is_counted_in_redis_goes_away_by_itself(server: EmbeddedRedis) -> None:
    with limiter(server.url) as limited:
        limited.count("key:crm", SCORE)
    client = connect(server.url)
    kept = list(client.scan_iter("*"))
    assert kept
    assert all(key.startswith(b"jorge:calls") and 0 < client.pttl(key) <= 120_000 for key in kept)
    client.close()


def test_without_redis_a_server_counts_by_itself() -> None:
    away_from_the_turn_of_a_minute()
    with limiter(None) as one, limiter(None) as other:
        for limited in (one, other):
            for _ in range(3):
                limited.count("key:crm", SCORE)
            assert 1 <= refused(limited) <= 60


@patiently
def test_while_redis_is_gone_a_server_counts_by_itself_and_then_with_the_others_again(tmp_path: Path) -> None:
    redis = started(tmp_path / "redis")
    with limiter(redis.url) as one, limiter(redis.url) as other:
        for _ in range(3):
            one.count("key:crm", SCORE)
        redis.close()
        away_from_the_turn_of_a_minute()
        for _ in range(3):
            one.count("key:crm", SCORE)
        refused(one)
        again = started(tmp_path / "redis")
        assert again.url == redis.url
        time.sleep(REST_S + 0.1)
        for limited in (one, other, one):
            limited.count("key:bot", SCORE)
        for limited in (one, other):
            refused(limited, "key:bot")
        again.close()


def test_a_frozen_redis_costs_one_time_out_and_then_nothing_for_a_second(server: EmbeddedRedis) -> None:
    with limiter(server.url, score=1_000) as limited:
        limited.count("key:crm", SCORE)
        client = connect(server.url)
        pid = int(client.info("server")["process_id"])
        client.close()
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            limited.count("key:crm", SCORE)
            first_s = time.monotonic() - began
            for _ in range(100):
                limited.count("key:crm", SCORE)
            rest_s = time.monotonic() - began - first_s
        finally:
            os.kill(pid, signal.SIGCONT)
    assert 0.2 < first_s < 0.6
    assert rest_s < 0.2


def test_counting_a_call_costs_well_under_a_millisecond(server: EmbeddedRedis) -> None:
    calls = 500
    with limiter(server.url, score=10_000) as limited:
        limited.count("key:crm", SCORE)  # connects, and loads the script
        began = time.thread_time()
        for _ in range(calls):
            limited.count("key:crm", SCORE)
        each_ms = 1000 * (time.thread_time() - began) / calls
    assert each_ms < 0.5  # of the processor, for this thread; 0.08 where nothing else runs
