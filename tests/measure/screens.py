"""Time to the first screen and of a page's rerun over many leads: ``python -m tests.measure.screens [leads]``."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter, use
from core.services.scoring import score_stored
from core.settings import Settings
from core.store import open_store
from tests.browser.conftest import FLAGS, serving
from tests.browser.install import find_browser
from tests.measure.browse import fill
from tests.measure.many import add_past
from tests.pages.conftest import PAGES

STARTS, RERUNS = 5, 15
VIEWS = (
    "live_scores",
    "leads",
    "lead",
    "score_csv",
    "threshold",
    "commission_pipeline",
    "model_status",
    "train",
    "settings",
)
INSIGHTS = ("Forecast", "Past forecasts", "Trends", "Opportunities")
ANALYTICS = ("Speed to lead", "Cohorts", "Funnel", "Attribution", "Segments", "Areas")


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


def reruns(folder: Path, leads: int) -> None:
    """Rerun each page over ``leads`` stored leads, in this process."""
    settings = Settings(jorge_data_dir=folder)
    store = open_store(settings.database_url)
    fill(store, leads)
    add_past(store)
    store.close()
    with CommandCenter(settings) as center:
        use(center)
        score_stored(center, "lead_000123")
        for name, query in (
            *((name, {}) for name in VIEWS),
            *(("predictive_insights", {"show": of}) for of in INSIGHTS),
            *(("advanced_analytics", {"show": of}) for of in ANALYTICS),
        ):
            app = AppTest.from_file(str(PAGES / "_app.py"), default_timeout=60).run()
            if name != "live_scores":
                app.switch_page(str(PAGES / f"{name}.py"))
            for key, value in ({"id": "lead_000123"} if name == "lead" else query).items():
                app.query_params[key] = value
            first = _run(app)
            words = " ".join((name, *query.values()))
            print(f"{words:34} first {first:7.0f} ms   rerun {median(_run(app) for _ in range(RERUNS)):7.0f} ms")


def _run(app: AppTest) -> float:
    begun = time.perf_counter()
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    """Both, over folders that are thrown away."""
    leads = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        first_screens(Path(folder))
        reruns(Path(folder) / "many", leads)


if __name__ == "__main__":
    main()
