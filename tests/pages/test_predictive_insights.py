"""What the page of forecasts says, full, small and empty."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from urllib.parse import parse_qs

import pytest

from core.leads import Stage, utc_now
from core.services.analyses import forecast, insights
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.store import LeadFilter, LeadSort
from pages.components.words import BOTH_SIDES
from tests.pages.conftest import Open, center_in

PAGE = "predictive_insights"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    """A workspace with closings enough."""
    with center_in(tmp_path_factory.mktemp("busy")) as center:
        load_sample(center, leads=600, seed=5)
        yield center


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandCenter]:
    with center_in(tmp_path_factory.mktemp("small")) as center:
        load_sample(center, leads=12, seed=5)
        yield center


def test_the_forecast_is_that_of_the_service(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE)
    assert not app.exception
    told = forecast.outlook(busy, LeadFilter())
    shown = [metric.value for metric in app.metric]
    for window in told.by_horizon:
        assert f"${window.commission.middle:,.0f}" in shown
        assert f"{window.closings.middle:,.0f}" in shown
    assert f"learned from {told.basis.closings:,} closings" in app.caption[-1].value if told.basis else False


def test_past_forecasts_of_own_dates_open_and_leave_the_dates_alone(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE, show="Past forecasts", period="Own dates", ahead="60")
    assert not app.exception
    assert app.session_state["ahead"] == 60
    app = open_page(busy, PAGE, show="Past forecasts", ahead="60")
    assert "clear_period" not in [button.key for button in app.button]


def test_a_selection_without_leads_forecasts_nothing_but_what_it_has(busy: CommandCenter) -> None:
    everyone = forecast.outlook(busy, LeadFilter())
    source = next(iter(busy.store.facets().sources))
    of_source = forecast.outlook(busy, LeadFilter(sources=(source,)))
    assert of_source.basis is not None
    assert everyone.basis is not None
    assert of_source.basis.learned_from_all
    assert of_source.basis.open_leads < everyone.basis.open_leads
    assert of_source.by_horizon[2].closings.expected < everyone.by_horizon[2].closings.expected


def test_months_follow_each_other_to_the_end_of_the_third(busy: CommandCenter) -> None:
    told = forecast.outlook(busy, LeadFilter())
    for before, after in zip(told.by_month, told.by_month[1:], strict=False):
        assert after.start == before.end + timedelta(days=1)
        assert after.start.day == 1
    assert told.by_month[0].start == told.made_on + timedelta(days=1)


def test_the_same_data_give_the_same_forecast(busy: CommandCenter) -> None:
    now = utc_now()
    first = forecast.outlook(busy, LeadFilter(), now)
    busy.kept.clear()
    assert forecast.outlook(busy, LeadFilter(), now) == first


def test_past_forecasts_say_how_often_they_held(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE, show="Past forecasts")
    assert not app.exception
    past = forecast.past_forecasts(busy, LeadFilter())
    of_30 = [one for one in past if one.days == 30]
    held = sum(one.held for one in of_30)
    assert app.metric[0].value == f"{held} of {len(of_30)}"
    side_by_side = ((of_30[-1].made_on - of_30[0].made_on).days + 30) // 30
    assert f"no more than {side_by_side} lie side by side" in app.metric[0].help


def test_too_few_closings_are_counted(small: CommandCenter, open_page: Open) -> None:
    closings = sum(1 for row in small.store.browse(page_size=100).rows if row.stage.value == "closed")
    for show in ("Forecast", "Past forecasts"):
        app = open_page(small, PAGE, show=show)
        words = [head.value for head in app.subheader]
        assert any(word.startswith(f"{closings} closing") and "30 are needed" in word for word in words)


def test_an_empty_workspace_shows_the_ways_in(empty: CommandCenter, open_page: Open) -> None:
    assert next(head.value for head in open_page(empty, PAGE).subheader) == "No leads yet"


def test_trends_count_every_lead_once(busy: CommandCenter, open_page: Open) -> None:
    months = insights.trends(busy, LeadFilter())
    everyone = [month for month in months if month.source == insights.EVERYONE]
    assert sum(month.leads for month in everyone) == busy.store.lead_count()
    assert sum(month.leads for month in months) == 2 * busy.store.lead_count()
    assert sum(month.signed for month in everyone) == sum(
        any(one.stage in (Stage.CONTRACT, Stage.CLOSED) for one in busy.store.outcomes(row.lead_id))
        for row in busy.store.browse(page_size=1_000).rows
    )
    app = open_page(busy, PAGE, show="Trends")
    assert not app.exception
    assert [head.value for head in app.subheader][0] == "What has changed"  # noqa: RUF015


def test_opportunities_are_those_that_stand(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE, show="Opportunities")
    assert not app.exception
    found = insights.missed(busy, LeadFilter())
    assert found
    for one in found:
        group = one.found.group
        assert one.low <= group.share - group.others_share <= one.high
        assert not one.found.stands or group.attention <= 1.0
    shown = [text.value for text in app.text]
    for one in found:
        named = any(one.found.group.name in text for text in shown)
        assert named or not one.found.stands


@pytest.mark.parametrize("show", ["Trends", "Opportunities"])
def test_a_small_workspace_opens_every_view(show: str, small: CommandCenter, open_page: Open) -> None:
    app = open_page(small, PAGE, show=show)
    assert not app.exception


@pytest.mark.parametrize("show", ["Past forecasts", "Trends", "Opportunities"])
def test_every_view_of_an_empty_workspace_shows_the_ways_in(show: str, empty: CommandCenter, open_page: Open) -> None:
    assert "No leads yet" in [head.value for head in open_page(empty, PAGE, show=show).subheader]


def test_a_month_without_a_lead_counts_as_none(small: CommandCenter) -> None:
    months = [month for month in insights.trends(small, LeadFilter()) if month.source == insights.EVERYONE]
    for before, after in pairwise(months):
        assert after.month == (before.month + timedelta(days=32)).replace(day=1)
    assert sum(month.leads for month in months) == 12
    assert any(month.leads == 0 and month.mean_probability is None for month in months)


def test_the_way_to_the_open_leads_brings_them_in_the_order_that_it_names(busy: CommandCenter, open_page: Open) -> None:
    app = open_page(busy, PAGE)
    (query,) = (link.proto.query_string for link in app.get("page_link") if link.proto.label == "The other open leads")
    listed = open_page(busy, "leads", **parse_qs(query))
    assert listed.selectbox(key="order").value is LeadSort.COMMISSION
    money = list(listed.dataframe[0].value[BOTH_SIDES].dropna())
    assert money == sorted(money, reverse=True)


def test_a_selection_without_contracts_leads_to_its_open_leads_alone(busy: CommandCenter, open_page: Open) -> None:
    def basis(area: str) -> forecast.Basis | None:
        return forecast.outlook(busy, LeadFilter(areas=(area,))).basis

    areas = ((area, basis(area)) for area in busy.store.facets().areas)
    area = next(area for area, found in areas if found and found.open_leads > found.in_contract == 0)
    labels = [link.proto.label for link in open_page(busy, PAGE, of_area=[area]).get("page_link")]
    assert [label for label in labels if "open leads" in label or "in contract" in label] == ["The open leads"]
