from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from core.realtime import EmbeddedRedis, connect, find_server, start_embedded
from tests.realtime.outbox import Outbox
from tests.realtime.waiting import PATIENCE_S


def started(folder: Path) -> EmbeddedRedis:
    """The embedded server of ``folder``; without a program for it these tests mean nothing, and fail."""
    assert find_server() is not None
    server = start_embedded(folder)
    assert server is not None
    return server


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    server = started(tmp_path_factory.mktemp("shared"))
    yield server
    server.close()


@pytest.fixture
def url(shared_server: EmbeddedRedis) -> str:
    """The address of a server that keeps running, emptied before each test."""
    client = connect(shared_server.url)
    client.flushall()
    client.close()
    return shared_server.url


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis may answer late: a busy machine is no outage where the outage is not what is tested."""
    assert connect.__kwdefaults__ is not None
    monkeypatch.setitem(connect.__kwdefaults__, "timeout_s", PATIENCE_S)


@pytest.fixture
def client(url: str) -> Iterator[Redis]:
    connected = connect(url)
    yield connected
    connected.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    """A server of the test's own, to be killed and frozen."""
    own = started(tmp_path / "own")
    yield own
    own.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "record.db")
