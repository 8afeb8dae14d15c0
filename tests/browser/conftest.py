"""A real server in a process of its own, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from tests.browser.install import find_browser

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 15_000  # of clicks and of what is expected alike: the machine may be busy
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]'

expect.set_options(timeout=PATIENCE_MS)


@dataclass(frozen=True)
class Server:
    """A running server, its workspace and a token for its API."""

    url: str
    data_dir: Path
    token: str
    process_id: int

    def post_lead(self, lead_id: str, **lead_data: Any) -> None:
        """Score a lead through the API."""
        body = json.dumps({"lead_id": lead_id, "lead_data": lead_data}).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/api/v1/ml/score", body, headers), timeout=10) as answer:
            assert answer.status == 200


@dataclass
class Watched:
    """A page, with everything that a hostile text would make it do."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        """Go to ``path`` and wait until the script has run."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector(READY)
        return self.page


def jorge(data_dir: Path, *command: str) -> str:
    """Run a command of the product on ``data_dir``; returns what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "core", *command],
        cwd=ROOT,
        env={**os.environ, "JORGE_DATA_DIR": str(data_dir)},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.strip()


@contextmanager
def serving(data_dir: Path, token: bool = True) -> Iterator[Server]:
    """A server on a free port until the block ends, with a token for its API unless none is wanted."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = jorge(data_dir, "token") if token else ""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = (data_dir / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "JORGE_DATA_DIR": str(data_dir)},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}/_stcore/health", process)
        yield Server(url, data_dir, made, process.pid)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            with urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{url} did not answer in {seconds} s")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with 200 sample leads."""
    data_dir = tmp_path_factory.mktemp("jorge")
    jorge(data_dir, "sample", "--leads", "200", "--seed", "5")
    with serving(data_dir) as running:
        yield running


@pytest.fixture
def screen(browser: Browser, server: Server) -> Iterator[Watched]:
    """A fresh browser session that notes dialogs and requests to other hosts."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, timezone_id="America/Chicago")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    watched = Watched(page, server.url)

    def note(url: str) -> None:
        if not url.startswith((server.url, "data:", "blob:", "about:")):
            watched.foreign.append(url)

    def dismiss(dialog: Dialog) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", lambda request: note(request.url))
    page.on("dialog", dismiss)
    yield watched
    context.close()
