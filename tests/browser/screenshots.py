"""``python -m tests.browser.screenshots FOLDER [NAME ...]``: every page, light and dark, wide and narrow.

Of an empty workspace, of one with 12 leads and of the full sample. With names, only the pages whose names begin so.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import FLAGS, READY, Server, jorge, serving
from tests.browser.install import find_browser

DRIVERS = "What+drives+the+scores"
PAGES = {
    "live_scores": "",
    "leads": "leads",
    "leads_drivers": f"leads?view={DRIVERS}",
    "lead": "lead?id=",
    "score_csv": "score_csv",
    "escalations": "escalations",
    "threshold": "threshold",
    "commission_pipeline": "commission_pipeline",
    "commission_moved": "commission_pipeline?part=What+moved",
    "commission_agents": "commission_pipeline?part=Agents+and+caps",
    "commission_goals": "commission_pipeline?part=Goals",
    "commission_plans": "commission_pipeline?part=Plans",
    "insights_forecast": "predictive_insights",
    "insights_past": "predictive_insights?show=Past+forecasts",
    "insights_trends": "predictive_insights?show=Trends",
    "insights_opportunities": "predictive_insights?show=Opportunities",
    "analytics_speed": "advanced_analytics",
    "analytics_cohorts": "advanced_analytics?show=Cohorts",
    "analytics_funnel": "advanced_analytics?show=Funnel",
    "analytics_attribution": "advanced_analytics?show=Attribution",
    "analytics_tests": "advanced_analytics?show=A%2FB+tests",
    "analytics_segments": "advanced_analytics?show=Segments",
    "analytics_areas": "advanced_analytics?show=Areas",
    "analytics_hour": "advanced_analytics?show=Best+hour",
    "reports": "reports",
    "reports_schedule": "reports?reports=Every+week",
    "model_status": "model_status",
    "train": "train",
    "model_status_life": "model_status?show=Does+it+still+hold",
    "model_status_versions": "model_status?show=Versions",
    "model_status_drivers": f"model_status?show={DRIVERS}",
    "settings": "settings",
}
WIDTHS = (1440, 390)
SAMPLES = {"empty": None, "small": ("sample", "--leads", "12"), "full": ("sample",)}
DRAWN_MS = 2500  # charts and tables are drawn after the script has ended


def take(browser: Browser, server: Server, folder: Path, kind: str, lead_id: str, pages: dict[str, str]) -> None:
    """Photograph ``pages`` of ``server`` into ``folder``."""
    for scheme in ("light", "dark"):
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 1000}, color_scheme=scheme, timezone_id="America/Chicago"
            )
            page = context.new_page()
            for name, path in pages.items():
                page.set_viewport_size({"width": width, "height": 1000})
                page.goto(f"{server.url}/{path}{lead_id if name == 'lead' else ''}")
                page.wait_for_selector(READY)
                page.wait_for_timeout(DRAWN_MS)
                tall = page.evaluate(
                    "() => document.querySelector('[data-testid=stMainBlockContainer]')?.scrollHeight ?? 1000"
                )
                page.set_viewport_size({"width": width, "height": max(700, min(tall + 60, 4000))})
                page.wait_for_timeout(700)
                page.screenshot(path=folder / f"{kind}-{name}-{scheme}-{width}.png")
            context.close()


def main(folder: Path, *begins: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pages = {name: path for name, path in PAGES.items() if not begins or name.startswith(begins)}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as work:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for kind, command in SAMPLES.items():
            data_dir = Path(work) / kind
            data_dir.mkdir()
            if command:
                jorge(data_dir, *command)
            with serving(data_dir) as server:
                take(browser, server, folder, kind, _a_lead(data_dir) if command else "nobody", pages)
        browser.close()


def _a_lead(data_dir: Path) -> str:
    from core.services.center import CommandCenter
    from core.settings import Settings

    with CommandCenter(Settings(jorge_data_dir=data_dir)) as center:
        return center.store.browse(page_size=1).rows[0].lead_id


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
