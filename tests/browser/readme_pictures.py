"""``python -m tests.browser.readme_pictures``: makes the pictures of the README anew, in docs/images, of the sample."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from core.leads import Stage
from core.services.center import CommandCenter
from core.settings import PROJECT_ROOT, Settings
from core.store import LeadFilter
from tests.browser.conftest import FLAGS, READY, jorge, serving
from tests.browser.install import find_browser
from tests.browser.screenshots import DRAWN_MS

PATIENCE_MS = 180_000
IMAGES = PROJECT_ROOT / "docs/images"


def take(browser: Browser, address: str, name: str, height: int, scheme: Literal["light", "dark"]) -> None:
    """A picture of one screen, in few colours, as it is looked at on the web."""
    context = browser.new_context(
        viewport={"width": 1440, "height": height}, color_scheme=scheme, timezone_id="America/Chicago"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector(READY)
    page.wait_for_timeout(DRAWN_MS)
    with Image.open(BytesIO(page.screenshot(timeout=PATIENCE_MS))) as taken:
        taken.convert("RGB").quantize(256).save(IMAGES / f"{name}.png", optimize=True)
    context.close()


def main() -> None:
    """Three screens of a sample workspace in which leads have just come in."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        jorge(Path(work), "sample")
        with serving(Path(work)) as server:
            jorge(Path(work), "simulate", "--rate", "4", "--seconds", "8", "--url", server.url)
            take(browser, server.url, "live-scores", 900, "light")
            take(browser, f"{server.url}/lead?id={_a_lead(Path(work))}", "lead", 1150, "dark")
            take(browser, f"{server.url}/predictive_insights", "forecast", 1150, "light")
        browser.close()


def _a_lead(data_dir: Path) -> str:
    """Of the highest scores before a contract one whose newest touches are words, which the screen shows first."""
    with CommandCenter(Settings(jorge_data_dir=data_dir)) as center:
        ids = [row.lead_id for row in center.store.browse(LeadFilter(stages=(Stage.SHOWING,)), page_size=50).rows]
        newest = {lead_id: center.store.history(lead_id).interactions[-3:] for lead_id in ids}
    return next(lead_id for lead_id in ids if all(touch.text for touch in newest[lead_id]))


if __name__ == "__main__":
    main()
