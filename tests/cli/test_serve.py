"""The real server in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from core.cli.serve import LARGEST_MESSAGE, only_server_of
from core.errors import SettingsError
from core.realtime.connection import connect as connect_redis
from core.realtime.connection import redis_errors
from core.services.center import CommandCenter
from core.services.settings_check import check_settings
from core.settings import PROJECT_ROOT
from tests.cli.test_written import files_of_at_most
from tests.services.centers import settings_in

TOO_BIG, REFUSED = 1009, 1008
START_S = 60.0  # the machine that runs the tests may be busy


@dataclass
class Running:
    """A server, its address and its data folder."""

    process: subprocess.Popen[str]
    port: int
    data_dir: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Any:
        with urllib.request.urlopen(urllib.request.Request(self.url + path, headers=headers), timeout=10) as answer:
            return answer.status, answer.headers, answer.read()


def environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JORGE_")}
    return kept | {"JORGE_DATA_DIR": str(data_dir)}


def jorge(*words: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(data_dir), cwd=PROJECT_ROOT, timeout=START_S
    )


def started(data_dir: Path, cwd: Path, **settings: str) -> Running:
    """Started from another folder than the project's, as a user may."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "core", "serve", "--port", str(port)]
    env = environment(data_dir) | {"PYTHONPATH": str(PROJECT_ROOT)} | settings
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    running = Running(process, port, data_dir)
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            running.get("/api/v1/ml/health")
        except (OSError, urllib.error.URLError):
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.05)
        else:
            return running
    process.kill()
    raise AssertionError(process.communicate()[0])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("server")
    running = started(folder / "data", folder)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(20)


@pytest.fixture(scope="module")
def token(server: Running) -> str:
    return jorge("token", data_dir=server.data_dir).stdout.strip()


def test_a_connection_is_kept_longer_than_clients_keep_theirs(server: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.connect()
    first = connection.sock
    for pause_s in (0.0, 6.0):  # httpx and others let go after 5
        time.sleep(pause_s)
        connection.request("GET", "/_stcore/health")
        assert connection.getresponse().read() == b"ok"
    assert connection.sock is first
    connection.close()


def test_one_port_serves_dashboard_api_and_the_apis_documentation(server: Running) -> None:
    assert server.get("/_stcore/health")[2] == b"ok"
    assert b"<title>" in server.get("/")[2]
    assert json.loads(server.get("/api/openapi.json")[2])["info"]["title"]
    with urllib.request.urlopen(server.url + "/api", timeout=10) as answer:
        assert answer.url.endswith("/api/docs")
    assert b"# TYPE jorge_ml_response_time_seconds histogram" in server.get("/metrics")[2]


def test_a_first_start_says_how_to_get_in(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        running = started(tmp_path / "data", tmp_path)
        running.process.terminate()
        said.append(running.process.communicate(timeout=20)[0])
    assert ["jorge token" in output and "jorge keys make" in output for output in said] == [True, False]


def test_a_relative_data_folder_is_one_folder_for_the_server_and_for_commands(tmp_path: Path) -> None:
    running = started(Path("mine"), tmp_path)
    try:
        env = environment(Path("mine")) | {"PYTHONPATH": str(PROJECT_ROOT)}
        token = subprocess.run(
            [sys.executable, "-m", "core", "token"], cwd=tmp_path, env=env, check=True, capture_output=True, text=True
        ).stdout.strip()
        assert running.get("/api/v1/ml/leads", Authorization=f"Bearer {token}")[0] == 200
        assert {"jorge.db", "jwt_secret", "server.lock"} <= {path.name for path in (tmp_path / "mine").iterdir()}
        assert not (PROJECT_ROOT / "mine").exists()
    finally:
        running.process.terminate()
        running.process.communicate(timeout=20)


def test_everything_is_up_in_the_process_with_its_own_redis_and_database(server: Running) -> None:
    checks = json.loads(server.get("/api/v1/ml/health")[2])["checks"]
    assert {name: checks[name]["status"] for name in ("ml_model", "redis", "database")} == dict.fromkeys(
        ("ml_model", "redis", "database"), "healthy"
    )
    assert (server.data_dir / "jorge.db").exists()


def test_a_second_server_on_the_folder_or_the_port_says_so_and_ends(server: Running, tmp_path: Path) -> None:
    same_folder = jorge("serve", "--port", "0", data_dir=server.data_dir)
    assert same_folder.returncode == 2
    assert f"another server (process {server.process.pid}) already uses" in same_folder.stderr
    same_port = jorge("serve", "--port", str(server.port), data_dir=tmp_path)
    assert same_port.returncode == 2
    assert "cannot be used" in same_port.stderr
    assert all(len(ended.stderr.splitlines()) == 1 for ended in (same_folder, same_port))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("JORGE_CLAUDE_MODEL", "gpt-9", "is 'gpt-9', for which no prices are known; choose one of claude-"),
        ("ANTHROPIC_BASE_URL", "garbage", "is 'garbage'; must be like https://"),
        ("ANTHROPIC_BASE_URL", "ftp://hush@claude.example", "is 'claude.example'; must be like https://"),
        ("ANTHROPIC_API_KEY", "sk-hüsh", "(not shown) holds characters that no key has"),
        ("JORGE_CORS_ORIGINS", "https://crm.example, not an origin", "has 'not an origin'; must be origins like"),
        ("JORGE_CORS_ORIGINS", "*", "has '*'; must be origins like"),
        ("JORGE_ALLOWED_HOSTS", "a.example, https://b.example", "has 'https://b.example'; must be names like"),
        ("JORGE_ALLOWED_HOSTS", "leads.example.com:443", "has 'leads.example.com:443'; must be names like"),
        ("JORGE_GHL_API_URL", "services.example", "is 'services.example'; must begin with https://"),
        ("JORGE_GHL_API_URL", "http://services.example", "is 'http://services.example'; must begin with https://"),
        ("JORGE_CORS_ORIGINS", "https://crm.example/path", "has 'https://crm.example/path'; must be origins like"),
    ],
)
def test_a_wrong_setting_of_claude_or_of_other_sites_stops_the_start(
    key: str, value: str, said: str, tmp_path: Path
) -> None:
    with (
        CommandCenter(settings_in(tmp_path, **{key.lower(): value})) as center,
        pytest.raises(SettingsError) as stopped,
    ):
        check_settings(center)
    assert f"{key} {said}" in str(stopped.value)
    assert "hush" not in str(stopped.value)


def test_a_full_disk_keeps_no_server_from_holding_its_folder(tmp_path: Path) -> None:
    told = r"another server \(process \?\) already uses the data folder"
    with files_of_at_most(0), only_server_of(tmp_path), pytest.raises(SettingsError, match=told):
        only_server_of(tmp_path).__enter__()
    with only_server_of(tmp_path):
        assert (tmp_path / "server.lock").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("JORGE_JWT_SECRET", "short"),
        ("JORGE_JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----"),
        ("JORGE_REDIS_URL", "http://localhost"),
        ("JORGE_DATABASE_URL", "mysql://localhost/jorge"),
        ("JORGE_THRESHOLD", "2"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start_with_its_name(
    key: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from core.cli.main import main

    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(key, value)
    assert main(["serve", "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert key in said
    assert len(said.splitlines()) == 1


def test_a_simulated_lead_reaches_a_socket_of_the_real_server(server: Running, token: str) -> None:
    address = f"ws://127.0.0.1:{server.port}/api/v1/ml/ws/live-scores"
    with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as feed:
        simulated = jorge("simulate", "--url", server.url, "--rate", "5", "--seconds", "1", data_dir=server.data_dir)
        assert simulated.returncode == 0, simulated.stderr
        assert simulated.stdout.startswith("5 leads posted")
        events: list[dict[str, Any]] = []
        while len(events) < 5:
            event = json.loads(feed.recv(timeout=5))
            if event["event_type"] == "lead_scored":
                events.append(event)
    assert all(event["lead_id"].startswith("live-1-") for event in events)


def test_a_socket_from_another_site_is_refused_with_403(server: Running, token: str) -> None:
    address = f"ws://127.0.0.1:{server.port}/api/v1/ml/ws/live-scores"
    headers = {"Authorization": f"Bearer {token}"}
    with pytest.raises(InvalidStatus) as refused:
        connect(address, additional_headers=headers, origin=Origin("http://evil.example"))
    assert refused.value.response.status_code == 403
    answer = json.loads(refused.value.response.body or b"")
    assert answer["error"]["code"] == "forbidden"
    assert refused.value.response.headers["X-Request-ID"] == answer["request_id"]


def until_it_ends(client: ClientConnection) -> None:
    while True:
        client.recv(timeout=20)


def closed_after(address: str, size: int) -> int | None:
    """The code with which a socket ends that begins a text of so many bytes; what it offers to unpack is refused."""
    with connect(address, compression="deflate", max_size=None) as client:
        assert client.response is not None
        assert "Sec-WebSocket-Extensions" not in client.response.headers
        masked = bytes((0x81, 0xFF)) + size.to_bytes(8, "big") + bytes(4)
        client.socket.sendall(masked + b"a" * (size if size < 10_000 else 0))
        with pytest.raises(ConnectionClosed) as closed:
            until_it_ends(client)
        return closed.value.rcvd.code if closed.value.rcvd else None


@pytest.mark.parametrize("path", ["/api/v1/ml/ws/live-scores", "/_stcore/stream"])
def test_a_stranger_cannot_fill_the_memory_through_a_socket(server: Running, path: str) -> None:
    address = f"ws://127.0.0.1:{server.port}{path}"
    assert closed_after(address, LARGEST_MESSAGE + 1) == TOO_BIG
    if path.startswith("/api"):
        assert closed_after(address, 8_193) == REFUSED, "it is read, and has a character too many"


def test_a_page_that_bends_its_name_to_this_machine_reaches_no_part_of_the_dashboard(server: Running) -> None:
    """Whoever comes from this machine is an admin without a sign-in: so does a browser that another site bends."""
    evil = f"evil.example:{server.port}"
    for path in ("/", "/settings", "/_stcore/health", "/_stcore/host-config"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            server.get(path, Host=evil)
        assert refused.value.code == 403
        assert b"JORGE_ALLOWED_HOSTS" in refused.value.read()
    stream = "/_stcore/stream"
    with socket.create_connection(("127.0.0.1", server.port)) as other, pytest.raises(InvalidStatus) as closed:
        connect(f"ws://{evil}{stream}", sock=other, origin=Origin(f"http://{evil}"))
    assert closed.value.response.status_code == 403
    for name in (f"127.0.0.1:{server.port}", f"localhost:{server.port}"):
        with (
            socket.create_connection(("127.0.0.1", server.port)) as ours,
            connect(f"ws://{name}{stream}", sock=ours, origin=Origin(f"http://{name}")) as opened,
        ):
            assert opened.response is not None
            assert opened.response.status_code == 101
        assert server.get("/", Host=name)[0] == 200


def test_simulate_without_a_server_or_with_a_wrong_token_is_one_line(server: Running, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    words = ("simulate", "--seconds", "1", "--url")
    for ended, said in (
        (jorge(*words, nobody, data_dir=tmp_path), "no server answers"),
        (jorge(*words, server.url, "--token", "x", data_dir=tmp_path), "answered 401"),
    ):
        assert ended.returncode != 0
        assert said in ended.stderr
        assert len(ended.stderr.splitlines()) == 1


def test_a_stop_is_clean_and_takes_redis_along(server: Running) -> None:
    redis_socket = next((server.data_dir / "redis").glob("*.sock"), None)
    server.process.send_signal(signal.SIGTERM)
    output, _ = server.process.communicate(timeout=20)
    assert server.process.returncode == 0, output
    assert "Traceback" not in output
    assert "ERROR:" not in output  # uvicorn's own lines are no JSON
    logged = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    scored = [line for line in logged if line.get("route") == "/api/v1/ml/score"]
    assert [(line["method"], line["status"], line["caller"]) for line in scored[:5]] == [
        ("POST", 200, "token:simulate")
    ] * 5
    assert "live-1-" not in output  # the names of leads stay out of the log
    if redis_socket is not None:
        from core.errors import FeedUnavailable

        with pytest.raises(FeedUnavailable), redis_errors("asking"):
            connect_redis(f"unix://{redis_socket}").ping()
