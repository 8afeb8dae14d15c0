"""A phone: nothing is wider than the screen; a finger on a chart scrolls the page, on a wide table the table."""

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


SCROLLER = "document.querySelector('[data-testid=stDataFrame] .dvn-scroller')"


def drag(page: Page, touch: CDPSession, x: float, y: float, by: float, across: float = 0.0) -> float:
    """Move a finger ``by`` pixels up or down, or ``across``; returns how far the page went down."""
    before = page.evaluate(f"{MAIN}.scrollTop")
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + across * step / 8, "y": y + by * step / 8}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(30)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    return float(page.evaluate(f"{MAIN}.scrollTop") - before)


def test_a_finger_scrolls_the_page_over_a_chart_and_a_wide_table_sideways(browser: Browser, server: Server) -> None:
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
    page.goto(server.url + "/advanced_analytics")
    page.wait_for_selector(READY)
    page.locator("[data-testid=stDataFrame] .dvn-scroller").first.wait_for()
    page.evaluate(f"{SCROLLER}.scrollIntoView({{block: 'center'}})")
    page.wait_for_timeout(500)
    box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
    assert box is not None
    drag(page, touch, box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, 0, across=-200)
    assert page.evaluate(f"{SCROLLER}.scrollLeft") > 50
    assert page.evaluate(f"[{MAIN}.scrollLeft, document.documentElement.scrollLeft]") == [0, 0]
    context.close()
