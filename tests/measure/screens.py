"""Time to the first screen, and processor time of each view over many leads, ten interactions each.

``python -m tests.measure.screens [leads]``, or a folder with such a store, which is kept: then only the views.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter, use
from core.services.running.warm import warm_the_rest
from core.services.scores.scoring import score_stored
from core.settings import Settings
from core.store import open_store
from tests.browser.conftest import FLAGS, serving
from tests.browser.install import find_browser
from tests.measure.browse import fill
from tests.measure.many import add_past
from tests.pages.conftest import PAGES

STARTS, RERUNS = 5, 5
LEAD = "lead_000123"
VIEWS: tuple[tuple[str, dict[str, str]], ...] = (
    ("live_scores", {}),
    ("leads", {}),
    ("lead", {"id": LEAD}),
    ("score_csv", {}),
    ("escalations", {}),
    ("threshold", {}),
    *(("commission_pipeline", {"part": of}) for of in ("Open leads", "What moved", "Agents and caps", "Goals",
                                                       "Plans")),
    *(("predictive_insights", {"show": of}) for of in ("Forecast", "Past forecasts", "Trends", "Opportunities")),
    *(("advanced_analytics", {"show": of}) for of in ("Speed to lead", "Cohorts", "Funnel", "Attribution", "A/B tests",
                                                      "Segments", "Areas", "Best hour")),
    ("reports", {}),
    ("model_status", {}),
    ("train", {}),
    ("settings", {}),
)  # fmt: skip


def first_screens(folder: Path) -> None:
    """Start a server on new and on used data folders, and open the first screen in a browser that cached nothing."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for kind in ("new", "used"):
            took = [_first_screen(browser, folder / str(number)) for number in range(STARTS)]
            health, screen = (median(times) for times in zip(*took, strict=True))
            print(f"{kind} data folder: health after {health:.2f} s, first screen after {screen:.2f} s (of {STARTS})")
        browser.close()


def _first_screen(browser: Browser, folder: Path) -> tuple[float, float]:
    page = browser.new_page()
    begun = time.perf_counter()
    with serving(folder, token=False) as server:
        answered = time.perf_counter() - begun
        page.goto(server.url)
        page.get_by_role("heading", name="Live scores").wait_for()
        seen = time.perf_counter() - begun
    page.close()
    return answered, seen


def reruns(folder: Path) -> None:
    """Open each view over a stored workspace, in this process, and print the processor's time of its script.

    First with what it imports, then after every kept result was dropped as by a change of the data, then again.
    """
    with CommandCenter(Settings(jorge_data_dir=folder)) as center:
        use(center)
        score_stored(center, LEAD)
        warm_the_rest(center)
        print(f"{'':34} {'first':>10} {'new data':>10} {'rerun':>10}   (ms of processor time)")
        for name, query in VIEWS:
            app = opened(name, query)
            center.kept.clear()
            first = run_ms(app)
            center.kept.clear()
            fresh = run_ms(app)
            again = median(run_ms(app) for _ in range(RERUNS))
            print(f"{' '.join((name, *query.values())):34} {first:10.0f} {fresh:10.0f} {again:10.0f}", flush=True)


def opened(page: str, query: dict[str, str]) -> AppTest:
    """The main script with a view to run next."""
    app = AppTest.from_file(str(PAGES / "_app.py"), default_timeout=600).run()
    if page != "live_scores":
        app.switch_page(str(PAGES / f"{page}.py"))
    for key, value in query.items():
        app.query_params[key] = value
    return app


def run_ms(app: AppTest) -> float:
    """Run the script that is open; milliseconds of this process's processor time."""
    begun = time.process_time()
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return 1000 * (time.process_time() - begun)


def _many(folder: Path, leads: int) -> None:
    store = open_store(Settings(jorge_data_dir=folder).database_url)
    fill(store, leads)
    add_past(store)
    store.close()


def main() -> None:
    """Both, over folders that are thrown away; the views alone over a folder that is named."""
    told = sys.argv[1] if len(sys.argv) > 1 else "100000"
    if not told.isdecimal():
        reruns(Path(told))
        return
    with tempfile.TemporaryDirectory() as folder:
        first_screens(Path(folder))
        _many(Path(folder) / "many", int(told))
        reruns(Path(folder) / "many")


if __name__ == "__main__":
    main()
