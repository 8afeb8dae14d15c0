"""``jorge serve --api-only``: a replica for programs, which never loads Streamlit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from core.cli.healthy import is_healthy
from core.settings import PROJECT_ROOT
from tests.cli.test_serve import START_S, TOO_BIG, closed_after, environment
from tests.deploy.machine import free_port, wait_until


def test_a_replica_answers_programs_on_every_address_and_has_no_screen(tmp_path: Path) -> None:
    """On more addresses than loopback without a sign-in: nobody is anybody there without a token."""
    port = free_port()
    command = [sys.executable, "-m", "core", "serve", "--api-only", "--host", "0.0.0.0", "--port", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment(tmp_path / "data"), stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}/api/v1/ml/health"
        wait_until(lambda: is_healthy(url), "the replica", START_S)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            assert answer.url.endswith("/api/docs")
        assert closed_after(f"ws://127.0.0.1:{port}/api/v1/ml/ws/live-scores", 65_537) == TOO_BIG
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    assert not is_healthy(url)


def test_a_replica_does_not_load_streamlit() -> None:
    words = "import sys, core.api.alone; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", words], cwd=PROJECT_ROOT, check=False).returncode == 0


def test_what_is_no_server_of_ours_is_not_healthy(tmp_path: Path) -> None:
    for url in (f"http://127.0.0.1:{free_port()}/", (tmp_path / "words").as_uri()):
        (tmp_path / "words").write_text("not JSON")
        assert not is_healthy(url)


@pytest.mark.parametrize("status", ["unhealthy", "degraded"])
def test_only_an_unhealthy_server_is_not(tmp_path: Path, status: str) -> None:
    (tmp_path / "told").write_text(f'{{"status": "{status}"}}')
    assert is_healthy((tmp_path / "told").as_uri()) == (status == "degraded")


def test_a_server_is_asked_past_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"status": "healthy"}')

    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        assert is_healthy(f"http://127.0.0.1:{server.server_port}/api/v1/ml/health")
