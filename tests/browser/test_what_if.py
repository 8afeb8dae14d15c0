"""A control is dragged on a lead's screen, in a real browser: the figures follow while it is held."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.components.views import DRIVERS
from tests.browser.conftest import Server, Watched

pytestmark = pytest.mark.browser


def opened(screen: Watched, server: Server, lead_id: str) -> Page:
    server.post_lead(lead_id, name="Ana Lima", budget_range="500k-750k", timeline="3-6 months", source="zillow")
    page = screen.open(f"/lead?id={lead_id}")
    page.get_by_role("slider", name="Pre-approval").wait_for()
    return page


def score_after(page: Page) -> Locator:
    return page.locator(".what-if .figure", has_text="Score").locator(".after")


WATCH = """(one) => {
  one.redraws = 0;
  new MutationObserver(() => { one.redraws += 1; }).observe(one, { childList: true });
}"""


@contextmanager
def drawn_anew(page: Page, times: int) -> Iterator[None]:
    """Wait after the block until the figures were drawn so many times: at once for a control, then for the answer."""
    figures = page.locator(".what-if .result").element_handle()
    figures.evaluate(WATCH)
    yield
    page.wait_for_function("([one, times]) => one.redraws >= times", arg=[figures, times])


def test_the_score_moves_while_a_control_is_dragged_and_comes_back_with_reset(screen: Watched, server: Server) -> None:
    page = opened(screen, server, "dragged")
    slider = page.get_by_role("slider", name="Pre-approval")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    expect(score_after(page)).to_have_count(0)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * float(slider.input_value()) / 3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, middle, steps=6)
    expect(slider).to_have_value(slider.get_attribute("max") or "")
    while_held = score_after(page).inner_text()  # at once: nothing has been asked of the server yet
    assert page.locator(".what-if .moved li").first.inner_text().startswith("Pre-approval\n")
    with drawn_anew(page, times=1):
        page.mouse.up()
    expect(page.locator(".what-if .control.changed")).to_have_count(1)
    expect(score_after(page)).to_have_text(while_held)  # and the server says the same
    page.get_by_role("button", name="Reset").click()
    expect(score_after(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Reset")).to_be_disabled()


def test_two_changes_made_with_the_keyboard_add_up_and_are_saved_nowhere(screen: Watched, server: Server) -> None:
    page = opened(screen, server, "typed")
    page.get_by_role("slider", name="Pre-approval").focus()
    with drawn_anew(page, times=2):
        page.keyboard.press("End")
    expect(score_after(page)).to_have_count(1)
    one = score_after(page).inner_text()
    page.get_by_role("button", name=re.compile("^Show all")).click()
    page.get_by_role("slider", name="Urgency").focus()
    page.keyboard.press("End")
    expect(score_after(page)).not_to_have_text(one)
    expect(page.locator(".what-if .control.changed")).to_have_count(2)
    stored = page.get_by_test_id("stMetricValue").first.inner_text()
    screen.open("/lead?id=typed")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text(stored)
    expect(page.locator(".what-if .control.changed")).to_have_count(0)


def test_what_drives_the_scores_is_drawn_for_a_selection_that_can_be_shared(screen: Watched) -> None:
    page = screen.open("/leads")
    page.get_by_role("button", name="Cold", exact=True).click()
    page.get_by_text(DRIVERS, exact=True).click()
    expect(page.get_by_text(re.compile(r"^\d+ scored leads, all drawn and counted"))).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(3)
    expect(page.locator(".js-plotly-plot .hm image").first).to_be_visible()
    expect(page).to_have_url(re.compile("view=What"))
    shown = page.get_by_text(re.compile(r"^\d+ scored leads")).inner_text()
    screen.open(page.url.removeprefix(screen.url))
    expect(page.get_by_text(shown, exact=True)).to_be_visible()
