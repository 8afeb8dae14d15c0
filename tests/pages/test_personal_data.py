"""Looking a person up on the settings page, and erasing them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.services.center import CommandCenter
from core.services.lead import leads, personal_data
from core.services.scores import scoring
from core.store import LeadFilter
from pages.components.settings.personal_data import kept_words
from tests.pages.conftest import Open, press
from tests.services.made import told

HOSTILE = "![x](https://evil.example/p.png) <b>bold</b>"


def test_a_person_is_found_and_what_is_kept_is_said(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, told("ana", name=HOSTILE, email="ana@example.com"))
    app = open_page(empty, "settings")
    app.text_input(key="look_up_0").set_value("ANA@example.com").run()
    assert not app.exception
    # the lead without a touch, its score, and two entries behind them: a line of the lists and an event of the feed
    assert "Kept: 1 lead, 1 score, 2 entries for lists and the live feed." in [one.value for one in app.caption]
    assert [button.label for button in app.button if button.key == "person_erase"] == ["Erase"]
    assert not any("evil.example" in one.value for one in (*app.markdown, *app.caption))


def test_who_was_erased_is_neither_in_the_field_nor_in_the_address(empty: CommandCenter, open_page: Open) -> None:
    scoring.score_lead(empty, told("ana", name="Ana Lima", email="ana@example.com"))
    app = open_page(empty, "settings")
    app.text_input(key="look_up_0").set_value("ana@example.com").run()
    assert "ana" not in str(dict(app.query_params))
    app.button(key="person_erase").click().run()
    assert any(one.value.startswith("Ana Lima, ana@example.com") for one in app.text)  # the question says who
    app.checkbox(key="person_sure").check()
    app.button(key="person_erase").click().run()
    press(app, "person_erase", "person_yes")
    assert not app.exception
    assert empty.store.lead_count() == 0
    assert app.toast[0].value.startswith("Erased: 1 lead, with all that was kept")
    assert app.text_input(key="look_up_1").value == ""
    assert "look_up_0" not in app.session_state


def test_a_rule_that_erases_leads_asks_first_and_says_how_many(empty: CommandCenter, open_page: Open) -> None:
    for number in range(3):
        scoring.score_lead(empty, told(f"old{number}", created_at=datetime(2020, 1, 1, tzinfo=UTC)))
    app = open_page(empty, "settings")
    app.checkbox(key="keep_limited").check().run()
    app.button(key="keep_save").click().run()
    assert empty.store.workspace("keep_leads_months") is None
    assert any(one.value.startswith("3 leads without a word in 36 months will be erased") for one in app.text)
    press(app, "keep_save", "keep_yes")
    assert not app.exception
    assert empty.store.workspace("keep_leads_months") == 36


def test_no_table_is_named_by_the_name_that_the_record_gives_it(own: CommandCenter) -> None:
    lead_ids = [row.lead_id for row in leads.browse(own, LeadFilter()).rows][:20]
    rows = personal_data.held(own, lead_ids)
    told = kept_words(rows)
    assert sum(int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d", told)) == sum(rows.values())
    assert not any(table in told for table in rows if "_" in table)


def test_nobody_found_is_said(empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, "settings")
    app.text_input(key="look_up_0").set_value("nobody@example.com").run()
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
