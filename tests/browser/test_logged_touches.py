"""A touch is logged and taken back with the keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Watched

pytestmark = pytest.mark.browser


def press(page: Page, name: str, key: str = "Enter") -> None:
    """Press a button as somebody without a mouse does."""
    button = page.get_by_role("button", name=name)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press(key)


def test_a_call_is_logged_and_taken_back_with_the_keyboard(screen: Watched, server: Server) -> None:
    server.post_lead("touch_1", name="Called Today")
    page = screen.open("/lead?id=touch_1")
    press(page, "Log a touch")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="Talked").focus()
    page.keyboard.press("Space")
    expect(dialog.get_by_role("radio", name="Talked")).to_be_checked()
    dialog.get_by_label("Note").focus()
    page.keyboard.type("Calls *back* on Monday")
    press(page, "Log it")
    expect(page.get_by_text(re.compile("^Call logged. Score "))).to_be_visible()
    line = page.get_by_text(re.compile(r": Call, talked: Calls \*back\* on Monday$"))
    expect(line).to_be_visible()
    expect(page.locator(".turn.team .text")).to_have_text("Calls *back* on Monday")
    press(page, "Take back")
    press(page, "Take it back")
    expect(page.get_by_text(re.compile("^Taken back. Score "))).to_be_visible()
    expect(line).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)
