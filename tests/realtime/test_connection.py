from __future__ import annotations

import inspect
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
import redis.exceptions
from redis import Redis

from core.errors import FeedUnavailable, SettingsError
from core.realtime import EmbeddedRedis, Relay, ScoreCache, connect, connect_reader, redis_errors, stream_end
from core.realtime.backlog import Backlog
from core.realtime.passing import passing_end
from tests.realtime.outbox import Outbox
from tests.realtime.waiting import quickest

LIBRARY_ERRORS = [
    error
    for _, error in inspect.getmembers(redis.exceptions, inspect.isclass)
    if issubclass(error, redis.exceptions.RedisError | redis.exceptions.RedisClusterException)
]


class Failing:
    """A client whose every command raises ``error``."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def register_script(self, script: str) -> Callable[..., object]:
        return self._fail

    def __getattr__(self, name: str) -> Callable[..., object]:
        return self._fail

    def _fail(self, *args: object, **options: object) -> object:
        raise self._error


def raised(kind: type[Exception]) -> Exception:
    """An error of the library; some are built from more than a text."""
    try:
        return kind("out of order")
    except Exception:
        error = kind.__new__(kind)
        error.args = ("out of order",)
        return error


@pytest.mark.parametrize("kind", [*LIBRARY_ERRORS, ConnectionResetError], ids=lambda kind: kind.__name__)
def test_no_error_of_the_library_leaves_the_layer(kind: type[Exception], outbox: Outbox) -> None:
    client = cast("Redis", Failing(raised(kind)))
    outbox.write()
    with pytest.raises(FeedUnavailable):
        stream_end(client)
    with pytest.raises(FeedUnavailable):
        Relay(outbox, client).run_once()
    assert [event.seq for event in Backlog(outbox, client).missed(0, 10, ask_redis=True)] == [1]
    cache = ScoreCache(client, clock=lambda: 0.0)
    assert cache.get("key", dict) is None
    assert cache.set("key", {}, 0.9) is False
    with pytest.raises(FeedUnavailable):
        passing_end(client)


def test_there_are_errors_of_the_library_to_try() -> None:
    names = {error.__name__ for error in LIBRARY_ERRORS}
    assert {"ConnectionError", "TimeoutError", "ResponseError", "BusyLoadingError", "OutOfMemoryError"} <= names


def test_our_own_errors_and_bugs_pass_unchanged() -> None:
    with pytest.raises(ZeroDivisionError), redis_errors("dividing"):
        _ = 1 / 0


@pytest.mark.parametrize(
    "address",
    [
        "http://h", "localhost:6379", "", "redis://:s3cret@host:port/0", "redis://:s3cret@h/0?socket_timeout=x",
        "redis://[::1/0", "redis://h/leads", "redis://h/-1", "redis://h/0x1", "rediss://:s3cret@h/1.5",
        "redis://:12/s3cret@h/0",
    ],
)  # fmt: skip
def test_a_wrong_address_is_a_settings_error_that_keeps_its_password(address: str) -> None:
    with pytest.raises(SettingsError, match="JORGE_REDIS_URL") as caught:
        connect(address)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "database"),
    [
        ("redis://h", 0),
        ("redis://h/", 0),
        ("redis://:a%2Fb@h/7", 7),
        ("rediss://h?db=3", 3),
        ("unix:///run/r.sock", 0),
    ],
)
def test_the_database_is_the_number_after_the_host_and_else_the_first(address: str, database: int) -> None:
    assert connect(address).connection_pool.connection_kwargs.get("db", 0) == database


def test_a_server_that_is_not_there_is_noticed_at_once(tmp_path: object) -> None:
    client = connect(f"unix://{tmp_path}/none.sock")

    def ask() -> None:
        with pytest.raises(FeedUnavailable, match="Redis failed while asking"), redis_errors("asking"):
            client.ping()

    quickest(ask, 0.2)


def test_a_frozen_server_is_noticed_within_a_second(server: EmbeddedRedis) -> None:
    def ask(command: Callable[[], Any]) -> None:
        with pytest.raises(FeedUnavailable), redis_errors("asking"):
            command()

    short, blocking, fresh = connect(server.url), connect_reader(server.url), connect(server.url)
    short.ping()
    blocking.ping()
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    try:
        commands: list[tuple[Callable[[], Any], float]] = [
            (lambda: short.get("key"), 0.7),  # two tries of a quarter of a second
            (lambda: fresh.get("key"), 0.7),
            (lambda: blocking.xread({"stream": "0-0"}, block=400), 1.1),
        ]
        for command, most_s in commands:
            quickest(partial(ask, command), most_s)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    assert short.ping()
    for client in (short, blocking, fresh):
        client.close()


def test_a_blocking_read_without_news_is_no_failure(url: str) -> None:
    reader = connect_reader(url)
    assert reader.xread({"stream": "0-0"}, block=400) == []
    reader.close()
