"""An external Redis that stops under an open page, and comes back."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.realtime.binary import find_server
from tests.browser.conftest import READY, serving

pytestmark = pytest.mark.browser
DOWN = "The live feed is down since"
PATIENCE_MS = 40_000


@contextmanager
def redis(folder: Path, port: int) -> Iterator[None]:
    program = find_server()
    assert program is not None
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def test_a_notice_goes_once_what_was_down_is_back_without_a_click(
    tab: Page, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("JORGE_REDIS_URL", f"redis://127.0.0.1:{port}/0")
    with ExitStack() as first:
        first.enter_context(redis(tmp_path, port))
        with serving(shutil.copytree(sample, tmp_path / "data"), token=False) as server:
            tab.goto(f"{server.url}/leads")
            tab.wait_for_selector(READY)
            expect(tab.get_by_text("200 leads", exact=True)).to_be_visible()
            expect(tab.get_by_text(DOWN)).to_have_count(0)
            first.close()
            tab.get_by_role("button", name="Only open").click()
            expect(tab.get_by_text(DOWN)).to_be_visible(timeout=PATIENCE_MS)
            with redis(tmp_path, port):
                expect(tab.get_by_text(DOWN)).to_have_count(0, timeout=PATIENCE_MS)
                # It is the view of before; while it is drawn anew, it still stands beside what was there.
                expect(tab.get_by_role("button", name="Clear filters")).to_have_count(1)
