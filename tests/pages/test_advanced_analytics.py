"""What the page of analytics says, full, small and empty."""

from __future__ import annotations

import pytest

from core.services import speed
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.pages.conftest import Open

PAGE = "advanced_analytics"
VIEWS = ("Speed to lead", "Funnel")


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
