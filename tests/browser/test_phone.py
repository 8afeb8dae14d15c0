"""A phone: nothing is wider than the screen, and a finger on a chart scrolls the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from tests.browser.conftest import READY, Server

pytestmark = pytest.mark.browser
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
MAIN = "document.querySelector('[data-testid=stMain]')"
VIEWS = ("/advanced_analytics?show=Cohorts", "/commission_pipeline")


def drag(page: Page, touch: CDPSession, x: float, y: float, by: float) -> float:
    """Move a finger ``by`` pixels up or down; returns how far the page went."""
    before = page.evaluate(f"{MAIN}.scrollTop")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x, "y": y + by * step / 8}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(30)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    return float(page.evaluate(f"{MAIN}.scrollTop") - before)


def test_a_finger_on_a_chart_scrolls_the_page_and_nothing_is_wider_than_the_screen(
    browser: Browser, server: Server
) -> None:
    size = {"width": 390, "height": 844}
    context = browser.new_context(viewport=size, has_touch=True, is_mobile=True, user_agent=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    touch = context.new_cdp_session(page)
    for path in VIEWS:
        page.goto(server.url + path)
        page.wait_for_selector(READY)
        chart = page.locator(".js-plotly-plot").first
        chart.wait_for()
        page.evaluate("document.querySelector('.js-plotly-plot').scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
        assert page.evaluate(f"[document.documentElement.scrollWidth, {MAIN}.scrollWidth]") == [390, 390]
        box = chart.bounding_box()
        assert box is not None
        x, y = box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2
        assert drag(page, touch, x, y, 150) < -75
        assert drag(page, touch, x, y, -150) > 75
    context.close()
