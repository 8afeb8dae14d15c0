"""A file so large that the server scores it in processes of their own."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.services.lead_files.file_run import ROWS_FOR_WORKERS
from core.services.running.cores import cores
from tests.browser.conftest import READY, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux" or cores() == 1, reason="reads /proc, and needs two cores"),
]
SECONDS = 120


def workers() -> dict[int, int]:
    """The processes that score rows on this machine, each with its parent (Linux tells)."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            if b"core.services.lead_files.file_worker" in (folder / "cmdline").read_bytes():
                found[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue  # gone meanwhile, or no process
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def start_scoring(page: Page, url: str, file: Path) -> None:
    page.goto(url + "/score_csv")
    page.wait_for_selector(READY)
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_role("button", name="Score this file").click()


def test_the_server_scores_it_beside_itself_and_nothing_stays_behind(tab: Page, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = ROWS_FOR_WORKERS + 1_000
    file.write_text("Name,Email\n" + "".join(f"P {number},p{number}@example.com\n" for number in range(rows)))
    with serving(tmp_path / "data", token=False) as server:
        mine: set[int] = set()

        def started() -> bool:
            mine.update(pid for pid, parent in workers().items() if parent == server.process_id)
            return len(mine) > 1

        start_scoring(tab, server.url, file)
        wait_until(started)
        tab.get_by_test_id("stMain").get_by_role("button", name="Stop").click()  # Streamlit has a Stop in its header
        expect(tab.get_by_text("no result file was written")).to_be_visible(timeout=1000 * SECONDS)
        wait_until(lambda: mine.isdisjoint(workers()))

        tab.get_by_role("button", name="Score another file").click()
        start_scoring(tab, server.url, file)
        expect(tab.get_by_text("How far to trust it")).to_be_visible(timeout=1000 * SECONDS)
        expect(tab.get_by_text(f"{rows:,}").first).to_be_visible()
        wait_until(lambda: mine.isdisjoint(workers()))

        mine.clear()
        start_scoring(tab, server.url, file)
        wait_until(started)
        os.kill(server.process_id, signal.SIGKILL)
        wait_until(lambda: mine.isdisjoint(workers()))
