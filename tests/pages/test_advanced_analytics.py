"""What the page of analytics says, full, small and empty."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from core.leads import Lead, LeadHistory, utc_now
from core.scoring import Tier
from core.services.analyses import speed
from core.services.analyses.best_hour import Way, best_hour
from core.services.analyses.cohorts import Unit, cohorts
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.pages.conftest import Open
from tests.store.made import scored

PAGE = "advanced_analytics"
VIEWS = ("Speed to lead", "Cohorts", "Funnel", "Attribution", "Best hour")


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_of_an_empty_workspace_shows_the_ways_in(show: str, empty: CommandCenter, open_page: Open) -> None:
    assert "No leads yet" in [head.value for head in open_page(empty, PAGE, show=show).subheader]


@pytest.mark.parametrize("show", VIEWS)
def test_every_view_opens(show: str, sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, show=show)
    assert not app.exception
    assert not app.error


def test_speed_to_lead_counts_each_lead_once(sampled: CommandCenter, open_page: Open) -> None:
    found = speed.speed_to_lead(sampled, LeadFilter())
    assert found is not None
    for groups in (found.by_agent, found.by_source):
        assert sum(one.speed.leads for one in groups) == found.everyone.leads == sampled.store.lead_count()
    app = open_page(sampled, PAGE, by="Source")
    assert f"{found.everyone.never:,} of {found.everyone.leads:,}" in [metric.value for metric in app.metric]
    table = next(one.value for one in app.dataframe if "Never answered" in one.value.columns)
    assert table["Leads"].tolist() == [one.speed.leads for one in found.by_source]


def test_a_hot_lead_without_an_answer_stands_first(own: CommandCenter, open_page: Open) -> None:
    assert open_page(own, PAGE).text[0].value == "None: no hot lead of this selection waits for an answer."
    now = utc_now()
    lead = Lead(lead_id="waits", name="Ana Lima", created_at=now - timedelta(hours=2), agent="Bo")
    own.save_many([scored(LeadHistory(lead=lead), 0.9, Tier.HOT)])
    app = open_page(own, PAGE)
    assert "1 hot lead waits for more than an hour" in [one.proto.title for one in app.warning]
    table = app.dataframe[0].value
    assert table.iloc[0][["Lead", "Agent", "Waits"]].tolist() == ["Ana Lima", "Bo", "2 h"]
    # 625,000 x 3 % of the buyer's side x 0.0625 = 1,171.875, to the cent
    assert table.iloc[0]["Expected"] == 1_171.88


def test_hours_are_those_of_the_viewer(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, by="Hour of arrival")
    table = next(one.value for one in app.dataframe if "Never answered" in one.value.columns)
    rows = sampled.store.browse(page_size=1_000).rows
    chicago = [one.created_at.astimezone(ZoneInfo("America/Chicago")).hour for one in rows if one.created_at]
    assert dict(zip(table["Hour of arrival"], table["Leads"], strict=True)) == {
        f"{hour:02}": n for hour, n in sorted(Counter(chicago).items())
    }


def test_quick_messages_count_when_asked(sampled: CommandCenter) -> None:
    without = speed.speed_to_lead(sampled, LeadFilter())
    with_them = speed.speed_to_lead(sampled, LeadFilter(), automatic_too=True)
    assert without is not None
    assert with_them is not None
    assert with_them.everyone.within[0] > without.everyone.within[0]


def test_too_few_contracts_are_counted(own: CommandCenter, open_page: Open) -> None:
    found = speed.speed_to_lead(own, LeadFilter(agents=("nobody",)))
    assert found is None
    agent = min(own.store.facets().agents.items(), key=lambda pair: pair[1])[0]
    words = [head.value for head in open_page(own, PAGE, of_agent=[agent]).subheader]
    assert any("10 are needed" in word for word in words)


@pytest.mark.parametrize("span", ["month", "week"])
def test_cohorts_say_what_the_service_found(span: str, sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, show="Cohorts", span=span.capitalize())
    assert not app.exception
    found = cohorts(sampled, LeadFilter(), Unit(span), ZoneInfo("America/Chicago"))
    assert found is not None
    table = app.dataframe[0].value
    assert table["Leads"].tolist() == [one.cohort.leads for one in found.cohorts]
    assert table["Signed so far"].tolist() == [one.cohort.signed for one in found.cohorts]


def test_the_best_hour_says_when_nothing_stands_out_or_too_little_is_known(
    sampled: CommandCenter, own: CommandCenter, open_page: Open
) -> None:
    app = open_page(sampled, PAGE, show="Best hour")
    assert not app.exception
    found = best_hour(sampled, LeadFilter(), Way.ALL, ZoneInfo("America/Chicago"))
    assert found is not None
    table = app.dataframe[0].value
    assert table["Tries"].tolist() == [rate.tries for rate in found.hours.rates]
    few = [rate.tries < 30 for rate in found.hours.rates]
    assert [verdict == "too few to tell" for verdict in table["Verdict"]] == few
    said = len(app.success) + sum("stands out" in one.value or "lies above" in one.value for one in app.text)
    assert said == 2
    source = min(own.store.facets().sources.items(), key=lambda pair: pair[1])[0]
    app = open_page(own, PAGE, show="Best hour", way="Calls", of_source=[source])
    assert any("too few to tell" in head.value for head in app.subheader)
