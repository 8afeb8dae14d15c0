"""The browser's own way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser


def test_the_way_back_leads_to_the_view_and_filters_that_were_left(screen: Watched) -> None:
    page = screen.open("/advanced_analytics?show=Segments&of_side=Buyer")
    page.get_by_role("link", name="Set all filters on the page of leads").click()
    expect(page.get_by_role("heading", name="Leads", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("/leads$"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/advanced_analytics\?.*show=Segments"))
    expect(page).to_have_url(re.compile("of_side=Buyer"))
    expect(page.get_by_role("heading", name="Saved segments")).to_be_visible()
    expect(page.get_by_role("radio", name="Segments", checked=True)).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(re.compile("/leads$"))
    expect(page.get_by_role("heading", name="Leads", exact=True)).to_be_visible()
