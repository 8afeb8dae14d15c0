"""Looking a person up on the settings page, and erasing them."""

from __future__ import annotations

from core.services.center import CommandCenter
from core.services.scores import scoring
from tests.pages.conftest import Open
from tests.services.made import told

HOSTILE = "![x](https://evil.example/p.png) <b>bold</b>"


def test_a_person_is_found_and_what_is_kept_is_said(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, told("ana", name=HOSTILE, email="ana@example.com"))
    app = open_page(empty, "settings", look_up="ANA@example.com")
    assert not app.exception
    assert any(one.value.startswith("Kept, in rows: ") and " scores 1" in one.value for one in app.caption)
    assert [button.label for button in app.button if button.key == "person_erase"] == ["Erase"]
    assert not any("evil.example" in one.value for one in (*app.markdown, *app.caption))


def test_nobody_found_is_said(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "settings", look_up="nobody@example.com")
    assert not app.exception
    assert any(one.value == "Nothing is kept under this address, number or id." for one in app.text)


def test_the_rule_for_quiet_leads_is_kept(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "settings")
    app.checkbox(key="keep_limited").check().run()
    app.number_input(key="keep_months").set_value(24).run()
    app.button(key="keep_save").click().run()
    assert not app.exception
    assert empty.store.workspace("keep_leads_months") == 24
    assert any("0 leads would go now" in one.value for one in app.caption)
