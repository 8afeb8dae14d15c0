"""The A/B tests of the page of advanced analytics: set up, read, ended, and told on a lead's screen."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core.leads import utc_now
from core.services.analyses import ab_tests
from core.services.center import CommandCenter
from core.services.lead.lead_groups import lead_groups
from core.store import LeadFilter
from pages.components.advanced_analytics.ab_tests import _variants
from tests.pages.conftest import Open
from tests.services.analyses.test_ab_tests import DESIGN
from tests.store.made import history

PAGE = "advanced_analytics"


def said(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.subheader, *app.text, *app.caption))


def test_a_test_is_set_up_as_the_form_says(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, show="A/B tests")
    assert not app.exception
    assert "No A/B test runs" in said(app)
    sample = next(metric.value for metric in app.metric if metric.label == "Leads needed, read once")
    app.text_input(key="ab_name").set_value("Calls").run()
    app.button(key="ab_start").click().run()
    assert "needs a name, and a sentence on what is changed" in said(app)
    app.text_input(key="ab_change").set_value("Call within five minutes").run()
    app.button(key="ab_start").click().run()
    assert not app.exception
    (test,) = ab_tests.all_tests(own)
    assert f"{test.design.sample:,}" == sample


def test_a_test_is_read_and_ended_with_a_reason(own: CommandCenter, open_page: Open) -> None:
    test_id = ab_tests.start(own, "Calls", DESIGN)
    own.store.save_histories([history(f"new_{number}", created_at=utc_now()) for number in range(6)])
    app = open_page(own, PAGE, show="A/B tests")
    assert "0 leads have an outcome; a daily reading begins at 100" in said(app)
    assert "6 leads are assigned and not counted yet" in said(app)
    app.text_input(key=f"ab_reason_{test_id}").set_value("No leads enough")
    app.button(key=f"ab_end_now_{test_id}").click().run()
    assert "Confirm that the test shall end." in said(app)
    app.checkbox(key=f"ab_sure_{test_id}").check()
    app.button(key=f"ab_end_now_{test_id}").click().run()
    assert not app.exception
    assert "What was tried" in said(app)
    (ended,) = ab_tests.all_tests(own)
    assert ended.ending is not None
    assert ended.ending["reason"] == "No leads enough"
    for row, address in _variants([ended]):
        leads = open_page(own, "leads", **address)
        assert f"{row[2]} leads" in said(leads)


def test_the_screen_of_a_lead_says_what_to_do_while_the_test_runs(own: CommandCenter, open_page: Open) -> None:
    ab_tests.start(own, "Calls", DESIGN)
    own.store.save_histories([history("new", created_at=utc_now())])
    (given,) = ab_tests.of_lead(own, "new")
    lead = open_page(own, "lead", id="new")
    assert f"Calls: {DESIGN.variants[given.variant].name}" in said(lead)
    assert DESIGN.change in said(lead)
    ab_tests.end(own, given.test, None, "Enough")
    assert "Calls" not in said(open_page(own, "lead", id="new"))


def test_a_click_on_a_variant_opens_its_leads(own: CommandCenter, open_page: Open) -> None:
    ab_tests.start(own, "Calls", DESIGN)
    own.store.save_histories([history(f"new_{number}", created_at=utc_now()) for number in range(8)])
    mine = sum(own.store.ab_tests.of_lead(f"new_{number}")[0].variant == 1 for number in range(8))
    app = open_page(own, "leads", group="Calls: Call at once")
    assert not app.exception
    assert app.selectbox(key="group").value == "Calls: Call at once"
    found = LeadFilter(group=lead_groups(own)["Calls: Call at once"])
    assert own.store.browse(found).total == mine


def test_shares_that_do_not_add_up_are_told(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, PAGE, show="A/B tests")
    app.number_input(key="ab_share_2_0").set_value(70.0).run()
    assert "add up to 120 %" in said(app)
    assert "ab_start" not in [button.key for button in app.button]


def test_an_empty_workspace_shows_the_ways_in(empty: CommandCenter, open_page: Open) -> None:
    assert "No leads yet" in said(open_page(empty, PAGE, show="A/B tests"))
