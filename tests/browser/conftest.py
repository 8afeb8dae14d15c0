"""A real server in a process of its own, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib import request

import pytest
from playwright.sync_api import Browser, Dialog, Error, Page, Request, ViewportSize, expect, sync_playwright

from tests.browser.install import find_browser

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SIZE = ViewportSize(width=1280, height=900)
PATIENCE_MS = 60_000  # of clicks and of what is expected alike: the machine may be busy
# Drawn to the end, with the rules of look.css in place: their component is loaded by itself and may come later.
READY = '[data-testid="stApp"][data-test-script-state="notRunning"]:has(.st-key-look style)'

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
        with request.urlopen(request.Request(f"{self.url}/api/v1/ml/score", body, headers), timeout=10) as answer:
            assert answer.status == 200


@dataclass
class Watched:
    """A page, with everything that a hostile text would make it do."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

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
            with request.urlopen(url, timeout=1):
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
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of 200 sample leads, to be copied by whoever serves it."""
    data_dir = tmp_path_factory.mktemp("sample")
    jorge(data_dir, "sample", "--leads", "200", "--seed", "5")
    return data_dir


@pytest.fixture(scope="session")
def server(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the sample."""
    with serving(shutil.copytree(sample, tmp_path_factory.mktemp("jorge") / "data")) as running:
        yield running


@contextmanager
def tab_of(browser: Browser, **kind: Any) -> Iterator[Page]:
    """A tab of a browser of this kind, as playwright's ``new_context`` takes it, with nothing else in it."""
    context = browser.new_context(**kind)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def only_tab(browser: Browser) -> Iterator[Page]:
    """The tab that tests take in turn: each new one would have to compile all of Streamlit's JavaScript again."""
    with tab_of(browser, viewport=SIZE, timezone_id="America/Chicago") as page:
        yield page


@pytest.fixture
def tab(only_tab: Page) -> Iterator[Page]:
    """A tab as if it were new; what a test adds beyond what is undone here belongs in ``another_tab``."""
    yield only_tab
    leave_nothing(only_tab)
    only_tab.set_viewport_size(SIZE)
    only_tab.emulate_media(color_scheme="light")


@pytest.fixture
def another_tab(only_tab: Page) -> Iterator[Page]:
    """A second tab of the same browser, for this test alone."""
    page = only_tab.context.new_page()
    yield page
    page.close()


def leave_nothing(page: Page) -> None:
    """Take from a tab the screen, what a page kept in the browser, and the way back; its process and cache stay."""
    page.evaluate("try { localStorage.clear(); sessionStorage.clear() } catch { /* an empty tab keeps nothing */ }")
    page.goto("about:blank")
    page.context.clear_cookies()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.resetNavigationHistory")
    devtools.detach()


@pytest.fixture
def screen(tab: Page, server: Server) -> Iterator[Watched]:
    """A tab whose dialogs, errors and requests to other hosts are noted."""
    watched = Watched(tab, server.url)

    def note(request: Request) -> None:
        if not request.url.startswith((server.url, "data:", "blob:", "about:")):
            watched.foreign.append(request.url)

    def dismiss(dialog: Dialog) -> None:
        watched.dialogs.append(dialog.message)
        dialog.dismiss()

    def fail(error: Error) -> None:
        watched.errors.append(str(error))

    listeners: dict[Any, Any] = {"request": note, "dialog": dismiss, "pageerror": fail}
    for event, listener in listeners.items():
        tab.on(event, listener)
    yield watched
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
