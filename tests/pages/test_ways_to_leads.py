"""What a figure counts is what the list of leads shows behind it; and each filter of that list can be taken away."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from streamlit.testing.v1 import AppTest

from core.analytics.pace import period_of
from core.leads import Outcome, Stage, utc_now
from core.services.analyses import areas, best_hour, cohorts, forecast, funnel, insights, speed
from core.services.analyses.missing_words import NOT_TOLD
from core.services.analyses.speed import Soon
from core.services.center import CommandCenter
from core.services.commission import pipeline
from core.services.commission.pipeline_words import MOVED
from core.services.scores import scoring
from core.store import ArrivalClock, LeadFilter
from core.store.schema import lead_latest, outcomes
from pages.components import change_alarm
from pages.components.advanced_analytics import (
    areas_view,
    best_hour_view,
    cohorts_view,
    funnel_segments,
    funnel_words,
    speed_signed,
    speed_to_lead,
    speed_waiting,
)
from pages.components.commission_pipeline import pipeline_breakdown
from pages.components.figure_filters import LATELY
from pages.components.period_filters import closed_address, leads_address
from pages.components.predictive_insights import forecast_ahead, forecast_opportunities, forecast_trends
from pages.components.words import HOURS as WORD_HOURS
from pages.components.words import WEEKDAYS as WORD_DAYS
from pages.components.words import viewer_zone
from tests.pages.conftest import Open, center_in
from tests.services.made import told


def listed(app: AppTest) -> int:
    """How many leads the list says there are."""
    told = [caption.value.split()[0] for caption in app.caption if caption.value.endswith((" lead", " leads"))]
    return int(told[0].replace(",", "")) if told else 0


def words(app: AppTest) -> list[str]:
    return [button.label for button in app.button if str(button.key).startswith("without_")]


@pytest.fixture(scope="module")
def untold(tmp_path_factory: pytest.TempPathFactory) -> CommandCenter:
    """Leads of which some lack a source, an agent or an area."""
    from core.services.sample import load_sample
    from core.store.schema import lead_latest

    center = center_in(tmp_path_factory.mktemp("untold"))
    load_sample(center, leads=240, seed=11)
    ids = [row.lead_id for row in center.store.browse(page_size=240).rows]
    with center.store.database.write() as connection:
        for column, n in (("source", 7), ("agent", 11), ("area", 5)):
            chosen = lead_latest.c.lead_id.in_(ids[::n])
            connection.execute(lead_latest.update().where(chosen).values({column: None}))
    return center


def test_every_line_of_the_pipeline_leads_to_its_leads(untold: CommandCenter, open_page: Open) -> None:
    found = pipeline.pipeline(untold, LeadFilter(), utc_now().date())
    for way in ("Agent", "Source"):
        lines = {
            label: (sums.leads, address) for label, sums, address in pipeline_breakdown._lines(found, LeadFilter(), way)
        }
        nobody = "No agent" if way == "Agent" else "No source told"
        leads, address = lines[nobody]
        assert address is not None
        app = open_page(untold, "leads", **address)
        assert listed(app) == leads > 0
        assert f"{way}: {nobody}" in words(app)


def test_a_goal_leads_to_the_closings_that_it_counts_also_near_midnight(own: CommandCenter, open_page: Open) -> None:
    """Seven closings of January by UTC; for who looks from Chicago (UTC-6) one is of December, one of February."""
    with own.store.database.write() as connection:
        for table in (outcomes, lead_latest):
            connection.execute(table.update().where(table.c.stage == Stage.CLOSED.value).values(stage="lost"))
    moments = [datetime(2026, 1, 1, 2, tzinfo=UTC), datetime(2026, 1, 31, 23, tzinfo=UTC)]
    moments += [datetime(2026, 1, day, 12, tzinfo=UTC) for day in range(5, 10)]
    moments += [datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 2, 1, 2, tzinfo=UTC)]
    for number, moment in enumerate(moments):
        lead_id = f"closed{number}"
        scoring.score_lead(own, told(lead_id, created_at=datetime(2025, 6, 1, tzinfo=UTC)))
        price = Decimal(500_000)
        closed = Outcome(lead_id=lead_id, stage=Stage.CLOSED, occurred_at=moment, sale_price_usd=price)
        own.store.add_outcome(closed, "Ana")
    found = pipeline.pipeline(own, LeadFilter(), date(2026, 2, 10))
    closings, _ = found.closed_usd(None, *period_of("2026-01"))
    assert closings == 7
    app = open_page(own, "leads", **closed_address(*period_of("2026-01"), None))
    assert listed(app) == 7
    assert "Days of the stage are UTC" in words(app)


def test_every_group_of_the_opportunities_leads_to_its_decided_leads(untold: CommandCenter, open_page: Open) -> None:
    found = insights.missed(untold, LeadFilter())
    bands = [one for one in found if one.found.group.kind == "band"]
    assert len(bands) >= 2
    for one in bands[:2]:
        app = open_page(untold, "leads", **forecast_opportunities._behind(LeadFilter(), one))
        assert listed(app) == one.found.group.decided
        assert f"Price: {one.found.group.name}".replace("$", r"\$") in words(app)


def test_every_hour_of_arrival_leads_to_its_leads(untold: CommandCenter, open_page: Open) -> None:
    found = speed.speed_to_lead(untold, LeadFilter(), ZoneInfo("America/Chicago"))
    assert found is not None
    one = max(found.by_hour, key=lambda one: one.speed.leads)
    app = open_page(untold, "leads", **speed_to_lead._behind(LeadFilter(), speed_to_lead.HOUR, one))
    assert listed(app) == one.speed.leads
    assert words(app) == [f"Came in at: {one.name}:00 to {one.name}:59"]
    nobody = next(one for one in found.by_agent if one.name is None)
    app = open_page(untold, "leads", **speed_to_lead._behind(LeadFilter(), "Agent", nobody))
    assert listed(app) == nobody.speed.leads


def test_the_months_of_untold_and_of_other_sources_lead_to_their_leads(untold: CommandCenter, open_page: Open) -> None:
    months = insights.trends(untold, LeadFilter())
    for name in (NOT_TOLD, insights.OTHERS):
        mine = [month for month in months if month.source == name]
        if not mine:
            continue
        sources = mine[0].sources
        counted = Counter(row.source for row in untold.store.browse(page_size=240).rows if row.created_at)
        assert sum(month.leads for month in mine) == sum(counted[source] for source in sources) > 0
        told = forecast_trends._behind(LeadFilter(), mine[0])
        assert told is not None
        address = {key: value for key, value in told.items() if key != "came_in"}
        app = open_page(untold, "leads", **address)
        assert listed(app) == untold.store.browse(LeadFilter(sources=sources)).total


def test_a_word_takes_its_filter_away_and_leaves_the_others(sampled: CommandCenter, open_page: Open) -> None:
    sources = list(sampled.store.facets().sources)[:2]
    app = open_page(
        sampled, "leads", source=sources, price=["No price yet", "under $300k"], weekday=["Monday"], for_claude="true",
        score=["5", "100"], came_in=["2020-01-01", "2026-12-31"],
    )  # fmt: skip
    assert words(app) == [
        *(f"Source: {name}" for name in sources), r"Price: No price yet", r"Price: under \$300k",
        "Came in on a: Monday", "Score: 5 to 100", "Came in: Jan 1, 2020 to Dec 31, 2026", "For Claude",
    ]  # fmt: skip
    for taken in (f"Source: {sources[0]}", "Price: No price yet", "Score: 5 to 100", "For Claude"):
        next(button for button in app.button if button.label == taken).click().run()
        assert taken not in words(app)
    assert app.session_state["source"] == [sources[1]]
    assert app.session_state["price"] == [0]
    assert len(words(app)) == 4
    wanted = LeadFilter(sources=(sources[1],), bands=(0,), arrival=ArrivalClock("America/Chicago", (), (0,)))
    assert listed(app) == sampled.store.browse(wanted).total


def test_the_address_of_a_filter_says_all_that_the_list_can_filter(
    sampled: CommandCenter, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert viewer_zone().key == "UTC"
    wanted = LeadFilter(bands=(1, None), arrival=ArrivalClock("UTC", (0, 23), (6,)), agents=(None,))
    assert leads_address(wanted) == {
        "agent": ["No agent"], "price": ["$300k to $450k", "No price yet"], "hour": ["00", "23"], "weekday": ["Sunday"],
    }  # fmt: skip


def test_cells_and_curves_of_cohorts_lead_to_the_leads_that_they_count(sampled: CommandCenter, open_page: Open) -> None:
    chicago = ZoneInfo("America/Chicago")
    found = cohorts.cohorts(sampled, LeadFilter(), cohorts.Unit.MONTH, chicago)
    assert found is not None
    for one in (found.cohorts[0], found.cohorts[-1]):
        app = open_page(sampled, "leads", **cohorts_view._behind(LeadFilter(), one))
        assert listed(app) == one.cohort.leads > 0
    app = open_page(sampled, "leads", came_in=["2000-01-01", str(found.cohorts[-1].last)])
    assert listed(app) == found.leads
    assert "Came in: Jan 1, 2000" in words(app)[0]


def test_each_area_of_map_and_bars_leads_to_its_leads(untold: CommandCenter, open_page: Open) -> None:
    for one in areas.areas(untold, LeadFilter(), utc_now().date())[:2]:
        app = open_page(untold, "leads", **areas_view._behind(LeadFilter(), one))
        assert listed(app) == one.sums.leads > 0


def test_the_best_hour_leads_to_whom_it_was_tried_with(sampled: CommandCenter, open_page: Open) -> None:
    found = best_hour.best_hour(sampled, LeadFilter(), best_hour.Way.CALLS, ZoneInfo("America/Chicago"))
    assert found is not None
    day, hour, leads = max(
        ((day, hour, leads) for day, row in enumerate(found.leads_of_week) for hour, leads in enumerate(row)),
        key=lambda cell: cell[2],
    )
    behind = best_hour_view._Behind(LeadFilter(), best_hour.Way.CALLS)
    app = open_page(sampled, "leads", **behind(WORD_HOURS[hour], WORD_DAYS[day]))
    assert listed(app) == leads > 0
    assert words(app) == [
        f"Tried at: {hour:02}:00 to {hour:02}:59", f"Tried on a: {WORD_DAYS[day]}", "Tried by: calls"
    ]  # fmt: skip
    next(button for button in app.button if button.label.startswith("Tried on")).click().run()
    assert listed(app) == found.leads_of_hours[hour] >= leads


def test_answer_times_funnel_and_bridge_lead_to_their_leads(sampled: CommandCenter, open_page: Open) -> None:
    curve = speed.speed_to_lead(sampled, LeadFilter(), automatic_too=True)
    assert curve is not None
    assert curve.signed is not None
    leads = [one.leads for one in curve.signed.buckets]
    place = leads.index(max(leads))
    app = open_page(sampled, "leads", **speed_signed._behind(LeadFilter(), place, automatic=True))
    assert listed(app) == leads[place] > 0
    step = funnel.funnel(sampled, LeadFilter())[1]
    counts = {"Went on": step.went_on, "There now": step.open - step.stuck, "Stuck there": step.stuck}
    for part, address in funnel_words.parts_of(LeadFilter(), 1).items():
        app = open_page(sampled, "leads", **address)
        assert listed(app) == counts.get(part, step.lost)
    moved = pipeline.what_moved(sampled, LeadFilter(), utc_now().date()).steps[0]
    app = open_page(sampled, "leads", moved=MOVED[moved.moved])
    assert listed(app) == moved.leads > 0
    assert words(app) == [f"Moved the pipeline: {MOVED[moved.moved]}"]


def test_headline_figures_and_waiting_leads_lead_to_their_leads(sampled: CommandCenter, open_page: Open) -> None:
    found = speed.speed_to_lead(sampled, LeadFilter(), automatic_too=True)
    assert found is not None
    app = open_page(sampled, "leads", **speed_to_lead._so_soon(LeadFilter(), Soon.HOUR, automatic=True))
    assert listed(app) == found.soon[Soon.HOUR] > 0
    assert words(app) == ["Quick messages count as a person's", "Answered: within an hour"]
    app = open_page(sampled, "leads", **speed_waiting._all(LeadFilter()))
    assert listed(app) == speed.hot_and_waiting(sampled, LeadFilter()).total
    assert words(app) == ["Nobody has answered"]


def test_an_alarm_leads_to_the_leads_that_it_speaks_of(untold: CommandCenter, open_page: Open) -> None:
    compared = [one for one in insights.anomalies(untold, LeadFilter()) if one.n]
    for change in compared[:2]:
        last_week = LeadFilter(created_from=utc_now())  # an alarm leaves the period aside
        app = open_page(untold, "leads", **change_alarm._spoken_of(last_week, change))
        assert listed(app) == change.n > 0
        assert f"Of the last 14 days: {LATELY[change.kind]}" in words(app)


def test_segments_of_the_funnel_lead_to_those_who_left_the_stage(sampled: CommandCenter, open_page: Open) -> None:
    for kind in ("tier", "band"):
        one = funnel.compared(sampled, LeadFilter(), kind)[0]
        app = open_page(sampled, "leads", **funnel_segments._settled(LeadFilter(), kind, one))
        assert listed(app) == one.settled > 0
        group, steps = funnel.funnel_of_groups(sampled, LeadFilter(), kind)[0]
        app = open_page(sampled, "leads", **funnel_segments._address(LeadFilter(), kind, group, 1))
        assert listed(app) == steps[1].reached > 0


def test_a_forecast_leads_to_the_open_leads_that_it_is_made_from(sampled: CommandCenter, open_page: Open) -> None:
    told = forecast.outlook(sampled, LeadFilter())
    assert told.basis is not None
    app = open_page(sampled, "leads", **forecast_ahead._open(LeadFilter(), told))
    assert listed(app) == told.basis.open_leads > 0
