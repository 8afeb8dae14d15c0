"""A phone: nothing is too wide, small or covered; a finger on a chart scrolls the page, on a wide table the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, FloatRect, Page, ViewportSize

from tests.browser.conftest import READY, Server, jorge, leave_nothing, tab_of

pytestmark = pytest.mark.browser
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)
MAIN = "document.querySelector('[data-testid=stMain]')"
VIEWS = ("/advanced_analytics?show=Cohorts", "/commission_pipeline")


SCROLLER = "document.querySelector('[data-testid=stDataFrame] .dvn-scroller')"


# Until nothing of an element has moved for five frames: neither where it is nor what it shows.
RESTS = """async (one) => {
  const where = () => [...Object.values(one.getBoundingClientRect().toJSON()), one.scrollTop, one.scrollLeft].join();
  for (let last = "", same = 0; same < 5; ) {
    await new Promise(requestAnimationFrame);
    same = where() === last ? same + 1 : 0;
    last = where();
  }
}"""


def drag(page: Page, touch: CDPSession, x: float, y: float, by: float, across: float = 0.0) -> None:
    """Move a finger ``by`` pixels up or down, or ``across``."""
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        point = {"x": x + across * step / 8, "y": y + by * step / 8}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        page.wait_for_timeout(30)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def scroll(page: Page, touch: CDPSession, x: float, y: float, by: float) -> None:
    """Drag ``by`` pixels, and wait until the page went along for more than half of it, and rests."""
    before = page.evaluate(f"{MAIN}.scrollTop")
    drag(page, touch, x, y, by)
    page.wait_for_function(f"([before, by]) => ({MAIN}.scrollTop - before) / -by > 0.5", arg=[before, by])
    page.get_by_test_id("stMain").evaluate(RESTS)


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    """The only tab of a phone."""
    size = ViewportSize(width=390, height=844)
    with tab_of(browser, viewport=size, has_touch=True, is_mobile=True, user_agent=PHONE) as page:
        yield page


@pytest.fixture
def page(phone: Page) -> Iterator[Page]:
    yield phone
    leave_nothing(phone)


def boxes(page: Page, selector: str) -> list[FloatRect]:
    """Where each one is that is seen, all at one moment; playwright looks into our own components, too."""
    found: list[FloatRect] = page.locator(selector).evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().toJSON())"
    )
    return [box for box in found if box["height"] and box["width"]]


def test_what_is_pressed_is_as_high_as_a_finger_and_four_figures_stand_two_by_two(page: Page, server: Server) -> None:
    server.post_lead("reach_1", name="Ana Lima", email="ana@example.org", phone="+1 (512) 555-0198")
    for path, least, pressed in (
        ("/lead?id=reach_1", 7, ".contact a, .contact .copy, .what-if button, [data-testid=stMain] [kind=primary]"),
        (
            "/leads",
            8,
            "[data-testid=stMain] [data-variant], [data-testid=stPopoverButton], [data-testid^=stPaginationP]",
        ),
        (
            "/commission_pipeline",
            15,
            "[data-testid=stMain] [data-variant], [data-testid=stPageLink-NavLink], [data-testid=stMain] [role=group]",
        ),
    ):
        page.goto(server.url + path)
        page.wait_for_selector(READY)
        page.locator(pressed).nth(least - 1).wait_for()
        found = boxes(page, pressed)
        assert len(found) >= least
        assert min(box["height"] for box in found) >= 40
        assert max(box["x"] + box["width"] for box in found) <= 390
    page.locator("[data-testid=stMetric]").nth(3).wait_for()
    figures = boxes(page, "[data-testid=stMetric]")
    assert [len({box[side] for box in figures}) for side in ("x", "y")] == [2, 2]
    assert len(figures) == 4


def test_a_touch_is_logged_with_a_finger(page: Page, server: Server) -> None:
    server.post_lead("reach_2", name="Bo Reed")
    page.goto(server.url + "/lead?id=reach_2")
    page.wait_for_selector(READY)
    page.get_by_role("button", name="Log a touch").tap()
    page.get_by_role("radio", name="Talked").wait_for()
    fields = "[role=dialog] :is([data-variant], [kind=primary], [data-testid=stTextInputRootElement], "
    fields += "[data-testid=stDateInputField], [data-testid=stTimeInputTimeDisplay])"
    found = boxes(page, fields)
    assert len(found) == 11  # four ways, three ends of a call, day, time, note and button
    assert min(box["height"] for box in found) >= 40
    assert max(box["x"] + box["width"] for box in found) <= 390
    page.get_by_role("radio", name="No answer").tap()
    page.get_by_role("button", name="Log it").tap()
    page.get_by_text(re.compile("^Call logged. Score ")).wait_for()
    page.get_by_text(re.compile(": Call, no answer$")).wait_for()


def test_a_finger_scrolls_the_page_over_a_chart_and_a_wide_table_sideways(page: Page, server: Server) -> None:
    touch = page.context.new_cdp_session(page)
    for path in VIEWS:
        page.goto(server.url + path)
        page.wait_for_selector(READY)
        chart = page.locator(".js-plotly-plot").first
        chart.wait_for()
        page.evaluate("document.querySelector('.js-plotly-plot').scrollIntoView({block: 'center'})")
        chart.evaluate(RESTS)
        assert page.evaluate(f"[document.documentElement.scrollWidth, {MAIN}.scrollWidth]") == [390, 390]
        box = chart.bounding_box()
        assert box is not None
        x, y = box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2
        scroll(page, touch, x, y, 150)
        scroll(page, touch, x, y, -150)
    page.goto(server.url + "/advanced_analytics")
    page.wait_for_selector(READY)
    page.locator("[data-testid=stDataFrame] .dvn-scroller").first.wait_for()
    page.evaluate(f"{SCROLLER}.scrollIntoView({{block: 'center'}})")
    table = page.locator("[data-testid=stDataFrame]").first
    table.evaluate(RESTS)
    box = table.bounding_box()
    assert box is not None
    drag(page, touch, box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2, 0, across=-200)
    page.wait_for_function(f"{SCROLLER}.scrollLeft > 50")
    assert page.evaluate(f"[{MAIN}.scrollLeft, document.documentElement.scrollLeft]") == [0, 0]


def test_the_buttons_of_the_audit_log_do_not_cover_the_one_that_saves_it(page: Page, server: Server) -> None:
    jorge(server.data_dir, "keys", "make", "phone", "--scope", "read")  # an entry to show
    page.goto(server.url + "/settings")
    page.wait_for_selector(READY)
    page.locator("[data-testid=stDataFrame]").last.tap(position={"x": 60, "y": 50})
    page.locator("[data-testid=stElementToolbar]").last.wait_for()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as CSV").tap()
    assert saved.value.suggested_filename == "audit_log.csv"
