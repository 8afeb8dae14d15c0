"""The documentation page of the API, in a real browser that is offered no other host."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser


def test_the_documentation_is_drawn_and_answers_a_trial_without_any_other_host(screen: Watched) -> None:
    page = screen.page
    page.goto(f"{screen.url}/api")
    expect(page).to_have_title("Jorge lead scoring API")
    expect(page.locator(".opblock")).to_have_count(11)
    groups = page.locator(".opblock-tag > a").all_inner_texts()
    assert groups == ["scores", "leads", "model", "crm", "health"]
    health = page.locator(".opblock", has_text="/v1/ml/health")
    health.locator(".opblock-summary-control").click()
    health.get_by_role("button", name="Try it out").click()
    health.get_by_role("button", name="Execute").click()
    expect(health.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    assert (screen.foreign, screen.errors) == ([], [])
