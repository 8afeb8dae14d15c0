"""Memory of a serving process and its first score after a start: ``python -m tests.measure.serving``.

The sample workspace is loaded. Two browser sessions stay on the live scores and on the list of leads, a third goes
through every page; 200 distinct leads are posted and a look at drift is taken, as the server does every hour.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, READY, Server, jorge, serving
from tests.browser.install import find_browser

STARTS, POSTS = 5, 200
WARM_S = 25
FIRST = ("/", "/leads", "/lead?id={lead}")
PAGES = (
    "/score_csv", "/escalations", "/threshold", "/commission_pipeline", "/predictive_insights", "/advanced_analytics",
    "/model_status", "/train", "/settings",
)  # fmt: skip


def resident_mb(process_id: int) -> float:
    """Memory that a process holds now, in MB (of 1,048,576 bytes)."""
    status = Path(f"/proc/{process_id}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def posted_ms(server: Server, number: int) -> float:
    """How long a lead's score took, with the connection, in milliseconds."""
    begun = time.perf_counter()
    server.post_lead(f"measured-{number}", message=f"We need {number % 5 + 1} bedrooms, under ${300 + number}k, by May")
    return 1000 * (time.perf_counter() - begun)


def memory(folder: Path) -> None:
    """What the process holds after each step."""
    with serving(folder) as server, sync_playwright() as playwright:
        time.sleep(WARM_S)  # what the server loads in the background
        print(f"sample workspace, nothing open: {resident_mb(server.process_id):.0f} MB")
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        times = [posted_ms(server, number) for number in range(POSTS)]
        print(f"after {POSTS} posted leads (median {median(times):.1f} ms): {resident_mb(server.process_id):.0f} MB")
        for path in FIRST:
            opened(browser.new_page(), server, path.format(lead="measured-1"))
        time.sleep(WARM_S)
        print(f"  {WARM_S} s later, all three still open: {resident_mb(server.process_id):.0f} MB")
        page = browser.new_page()
        for path in PAGES:
            opened(page, server, path)
        looked_for_drift(server)
        print(f"after a look at the model: {resident_mb(server.process_id):.0f} MB")
        time.sleep(WARM_S)
        print(f"{WARM_S} s later: {resident_mb(server.process_id):.0f} MB")
        browser.close()


def opened(page: Page, server: Server, path: str) -> None:
    """Open a page of the product and say what the process holds then."""
    page.goto(server.url + path)
    page.wait_for_selector(READY, timeout=60_000)
    print(f"  then {path}: {resident_mb(server.process_id):.0f} MB")


def looked_for_drift(server: Server) -> None:
    """Ask for the model's status, which looks at the drift of the leads."""
    asked = Request(f"{server.url}/api/v1/ml/model/status", headers={"Authorization": f"Bearer {server.token}"})
    with urlopen(asked, timeout=60) as answer:
        assert answer.status == 200


def first_scores(folder: Path) -> None:
    """A lead posted the moment that the server answers, on each of several starts."""
    first, second = [], []
    for number in range(STARTS):
        with serving(folder) as server:
            first.append(posted_ms(server, 1000 + 2 * number))
            second.append(posted_ms(server, 1001 + 2 * number))
    print(f"first score after a start: {median(first):.0f} ms, the next {median(second):.0f} ms (medians of {STARTS})")


def main() -> None:
    """Both, over a folder that is thrown away."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("memory is read from /proc, which only Linux has")
    os.environ["JORGE_RATE_LIMIT_SCORE_PER_MINUTE"] = "0"  # not what is measured
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        jorge(folder, "sample")
        memory(folder)
        first_scores(folder)


if __name__ == "__main__":
    main()
