"""What a person does with the screens, in a real browser against a real server."""

from __future__ import annotations

import csv
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from core.transfer import SCORE_COLUMNS
from tests.browser.conftest import READY, Server, Watched, serving

pytestmark = pytest.mark.browser

EXPORT = (
    "\ufeffDate Added,Name,First Name,Last Name,Stage,Lead Source,Assigned To,Is Contacted,Tags,Email 1,"
    "Email 1 - Type,Phone 1,Phone 1 - Type,Message,Notes,Timeframe,Price Min,Price Max\r\n"
    "2026-06-08,Ana Lima,Ana,Lima,Lead,Zillow,Rosa Diaz,yes,buyer,ana@example.org,home,(512) 555-0198,mobile,"
    '"Looking for 3 bedrooms in Hyde Park.\nWe are pre-approved up to $650,000.",,1-3 Months,500000,650000\r\n'
    "06/09/2026,Bob Ray,Bob,Ray,Lead,Website,Rosa Diaz,no,,bob@example.org,home,5125550199,mobile,,,,,\r\n"
    "2026-06-10,=cmd()|x,,,Lead,Website,,no,,carl@example.org,home,,,,,,,\r\n"
    ",,,,,,,,,,,,,,,,,\r\n"
    "2026-06-11,,,,Lead,Website,,no,,,,,,,,,,\r\n"
)
HOSTILE = '<img src="https://attacker.example/a.png" onerror="alert(1)">'
MARKDOWN = "![x](https://attacker.example/b.png) [y](https://attacker.example) :red[z]"


def live_rows(page: Page) -> list[str]:
    return page.locator(".rows li .who").all_inner_texts()


def list_of_leads(page: Page) -> Locator:
    """The table of leads once its canvas is drawn: what it shows is told as cells only then."""
    expect(page.get_by_test_id("glide-cell-2-2")).to_be_attached()
    return page.get_by_test_id("stDataFrame").first


def test_an_export_is_dropped_in_scored_and_taken_away(screen: Watched, tmp_path: Path) -> None:
    file = tmp_path / "all-people-2026-06-12.csv"
    file.write_text(EXPORT, encoding="utf-8", newline="")
    page = screen.open("/score_csv")
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_text("Follow Up Boss people")).to_be_visible()
    page.get_by_role("button", name="Score this file").click()
    expect(page.get_by_text("How far to trust it")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the result").click()
    assert download.value.suggested_filename == "all-people-2026-06-12.scored.csv"
    with open(download.value.path(), newline="", encoding="utf-8") as out:
        rows = list(csv.reader(out))
    assert tuple(rows[0][: len(SCORE_COLUMNS)]) == SCORE_COLUMNS
    assert len(rows) == 4  # the header, Ana, Bob and the one with a formula for a name
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_posted_lead_is_on_the_open_screen_within_a_second(screen: Watched, server: Server) -> None:
    page = screen.open("/")
    expect(page.locator(".state[data-state=live]")).to_be_visible()
    server.post_lead("warm_up", name="First call")  # the first request of a process pays for its imports
    expect(page.get_by_text("First call").first).to_be_visible()
    started = time.monotonic()
    server.post_lead("posted_1", name="Posted just now", source="zillow", budget_range="500k-750k")
    page.locator(".rows li", has_text="Posted just now").wait_for(timeout=2_000)
    assert time.monotonic() - started < 1.0
    assert live_rows(page)[0] == "Posted just now"


def test_a_lead_is_opened_from_the_live_list_with_the_keyboard_alone(screen: Watched, server: Server) -> None:
    server.post_lead("keyboard_2", name="Second in line")
    server.post_lead("keyboard_1", name="First in line")
    page = screen.open("/")
    expect(page.locator(".rows li").first).to_contain_text("First in line")
    page.locator(".rows a").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".rows a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/lead\?id=keyboard_2$"))
    expect(page.get_by_role("heading", name="Second in line")).to_be_visible()


def test_a_lead_shows_why_what_was_said_and_what_it_may_bring(screen: Watched, server: Server) -> None:
    server.post_lead(
        "full_1",
        name="Ana Lima",
        email="ana@example.org",
        budget_range="500k-750k",
        interaction_history=[
            {
                "timestamp": "2026-10-24T10:30:00Z",
                "type": "email",
                "direction": "inbound",
                "text": "We are pre-approved up to $650,000 and want a house in Hyde Park within a month.",
            }
        ],
    )
    page = screen.open("/lead?id=full_1")
    expect(page.get_by_text("Why this score")).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    expect(page.locator("mark", has_text="$650,000")).to_be_visible()
    expect(page.get_by_text("Expected commission").first).to_be_visible()


def test_a_number_and_an_address_are_a_tap_away_and_nothing_else_becomes_a_link(
    screen: Watched, server: Server
) -> None:
    server.post_lead("reach_1", name="Ana Lima", email="ana.lima@example.org", phone="+1 (512) 555-0198")
    server.post_lead(
        "reach_2", name="Bo Ray", email="bo@example.org?bcc=x@attacker.example", phone="javascript:alert(1)"
    )
    page = screen.open("/lead?id=reach_1")
    expect(page.get_by_role("link", name="ana.lima@example.org")).to_have_attribute(
        "href", "mailto:ana.lima@example.org"
    )
    expect(page.locator(".contact a")).to_have_count(2)
    assert str(page.locator(".contact a").nth(1).get_attribute("href")).endswith("15125550198")
    screen.open("/lead?id=reach_2")
    expect(page.get_by_role("heading", name="Bo Ray")).to_be_visible()
    expect(page.locator(".contact a")).to_have_count(0)
    for phone, dialled in (("555-0100 555-0199", None), ("+49 30 901820 1234", "tel:+49309018201234")):
        server.post_lead("reach_3", name="Cy Poe", phone=phone)
        screen.open("/lead?id=reach_3")
        expect(page.get_by_text(phone)).to_be_visible()
        links = page.locator(".contact a")
        assert [link.get_attribute("href") for link in links.all()] == ([dialled] if dialled else [])


def test_moving_the_threshold_shows_at_once_what_it_does_and_is_kept(screen: Watched, another_tab: Page) -> None:
    elsewhere = another_tab
    elsewhere.goto(f"{screen.url}/leads")
    elsewhere.wait_for_selector(READY)
    page = screen.open("/threshold")
    page.bring_to_front()  # a tab behind another one draws and sends at its leisure
    slider = page.get_by_role("slider", name="Threshold")
    for_claude = page.get_by_test_id("stSidebar").get_by_test_id("stMetricValue").first
    kept = page.get_by_test_id("stMain").get_by_test_id("stMetricValue").first
    at = round(100 * float(slider.input_value()))
    for key, times, moved in (("ArrowRight", 9, at + 9), ("ArrowLeft", 25, at - 16), ("ArrowRight", 24, at + 8)):
        before = for_claude.inner_text()
        press_quickly(page, slider, key, times)
        expect(kept).to_have_text(f"{moved / 100:.2f}")
        expect(for_claude).not_to_have_text(before)
    screen.open("/leads")
    now = page.get_by_role("slider", name="Threshold").input_value()
    assert float(now) == (at + 8) / 100
    elsewhere.get_by_role("button", name="Cold", exact=True).click()
    expect(elsewhere.get_by_role("slider", name="Threshold")).to_have_value(now)


def press_quickly(page: Page, slider: Locator, key: str, times: int) -> None:
    """Press an arrow more often than a screen is drawn meanwhile."""
    slider.focus()
    for _ in range(times):
        page.keyboard.press(key)
        page.wait_for_timeout(60)


def test_a_filtered_list_can_be_shared_by_its_address(screen: Watched) -> None:
    page = screen.open("/leads")
    count = page.get_by_text(re.compile(r"^[\d,]+ leads?$"))
    everybody = count.inner_text()
    page.get_by_role("button", name="Cold", exact=True).click()
    expect(page).to_have_url(re.compile("tier=Cold"))
    expect(count).not_to_have_text(everybody)
    shown = count.inner_text()
    screen.open(page.url.removeprefix(screen.url))
    expect(page.get_by_text(shown, exact=True)).to_be_visible()


def test_a_click_in_the_list_opens_the_lead(screen: Watched) -> None:
    page = screen.open("/leads")
    list_of_leads(page).click(position={"x": 260, "y": 60})
    expect(page).to_have_url(re.compile(r"/lead\?id="))
    expect(page.get_by_text("Why this score")).to_be_visible()


def test_with_the_keyboard_the_list_is_passed_walked_through_and_opened_by_enter(screen: Watched) -> None:
    page = screen.open("/leads")
    list_of_leads(page)
    page.get_by_role("button", name="Fullscreen: Leads").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Enter opens the chosen line")).to_be_visible()  # and none is open
    third = page.get_by_test_id("glide-cell-2-2").text_content()  # its name
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)  # by then a chosen cell was told
    expect(page).to_have_url(re.compile("/leads$"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/lead\?id="))
    expect(page.get_by_role("heading", name=str(third), exact=True)).to_be_visible()
    page.go_back()
    table = list_of_leads(page)
    page.get_by_role("button", name="Fullscreen: Leads").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Enter opens the chosen line")).to_be_visible()
    table.click(position={"x": 260, "y": 60})  # a hand at the mouse again
    expect(page).to_have_url(re.compile(r"/lead\?id="))


def test_a_click_on_a_bar_leads_to_as_many_leads_as_it_stands_for(screen: Watched) -> None:
    page = screen.open("/commission_pipeline")
    bar = page.locator(".bars .point path").first
    bar.hover(force=True)
    words = re.compile(r"([\d,]+) leads")
    expect(page.locator(".hoverlayer")).to_have_text(words)
    told = words.search(page.locator(".hoverlayer").text_content() or "")
    assert told
    bar.click(force=True)
    page.get_by_role("link", name="Open the leads: Generated").click()
    expect(page).to_have_url(re.compile(r"/leads\?stage=Generated"))
    expect(page.get_by_text(f"{told[1]} leads", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Stage: Generated")).to_be_visible()


def test_an_outcome_is_recorded_after_a_second_question(screen: Watched, server: Server) -> None:
    server.post_lead("outcome_1", name="Sold Already")
    page = screen.open("/lead?id=outcome_1")
    page.get_by_role("button", name="Record outcome").click()
    dialog = page.get_by_role("dialog")
    record = dialog.get_by_role("button", name="Record", exact=True)
    expect(record).to_be_disabled()
    dialog.get_by_text(re.compile("^Yes, qualified on")).click()
    expect(record).to_be_enabled()
    record.click()
    expect(page.get_by_text("What became of it")).to_be_visible()


def test_what_a_hostile_lead_wrote_does_nothing_on_any_screen(screen: Watched, server: Server) -> None:
    server.post_lead(
        "hostile_1",
        name=HOSTILE + MARKDOWN,
        email=HOSTILE,
        source=MARKDOWN,
        location_preference=MARKDOWN,
        timeline=HOSTILE,
        interaction_history=[
            {"timestamp": "2026-10-24T10:30:00Z", "type": "email", "direction": "inbound", "text": HOSTILE + MARKDOWN}
        ],
    )
    page = screen.open("/")
    expect(page.locator(".rows .who", has_text="onerror").first).to_be_visible()
    screen.open("/lead?id=hostile_1")
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    expect(page.locator(".turn .text", has_text="onerror")).to_be_visible()
    screen.open("/leads")
    page.get_by_role("button", name="More filters").click()
    page.get_by_role("combobox", name=re.compile("Source")).click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.wait_for_timeout(500)
    assert screen.foreign == []
    assert screen.dialogs == []


def test_the_live_list_says_since_when_the_feed_is_down_and_keeps_its_rows(another_tab: Page, server: Server) -> None:
    cut: list[WebSocketRoute] = []

    def relay(ours: WebSocketRoute) -> None:
        if cut:
            ours.close()
            return
        ours.connect_to_server()
        cut.append(ours)

    page = another_tab  # what is routed stays so
    page.route_web_socket(re.compile("/ws/live-scores"), relay)
    page.goto(server.url)
    expect(page.locator(".state[data-state=live]")).to_be_visible()
    page.locator(".rows li").first.wait_for()  # all are drawn at once
    rows = len(live_rows(page))
    cut[0].close()
    state = page.locator(".state[data-state=down]")
    expect(state).to_have_text(re.compile(r"Live feed down since \d\d:\d\d, showing stored scores"))
    assert len(live_rows(page)) == rows > 0


def test_the_sample_loads_whole_from_the_empty_screen(tab: Page, tmp_path: Path) -> None:
    with serving(tmp_path / "new", token=False) as server:
        tab.goto(server.url)
        tab.get_by_role("button", name="Load the sample workspace").click()
        tab.get_by_text("Scored today").wait_for(timeout=60_000)
        tab.reload()  # a page opened meanwhile shows how far it is, and comes anew by itself when all is there
        expect(tab.get_by_text("of 2,000").first).to_be_visible()  # the threshold counts every lead
        expect(tab.get_by_text("Sample data").first).to_be_visible()


CUT = """() => [...document.querySelectorAll('[data-testid=stMain] [data-testid=stMetric] *')]
  .filter((part) => part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1).map((part) => part.textContent)"""


def test_no_figure_is_cut_at_twice_the_size(screen: Watched) -> None:
    screen.page.set_viewport_size({"width": 720, "height": 450})  # what a zoom of 200 % leaves of 1,440 by 900
    page = screen.open("/commission_pipeline")
    expect(page.get_by_text("If all of them close")).to_be_visible()
    assert page.evaluate(CUT) == []
    page = screen.open("/threshold")
    below = page.get_by_test_id("stMain").get_by_test_id("stMetric").filter(has_text="Leads below it")
    value = below.get_by_test_id("stMetricValue").get_by_text(re.compile(r" of \d+"))
    expect(value).to_be_visible()
    value.evaluate("(shown) => { shown.textContent = '1,463 of 12,000'; }")
    assert page.evaluate(CUT) == []
