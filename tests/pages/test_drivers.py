"""What drives the scores, on the list of leads and on the model's page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.features.catalog import CATALOG
from core.leads import Lead, LeadHistory
from core.scoring import Tier
from core.services.analyses import drivers
from core.services.center import CommandCenter
from core.store import LeadFilter
from pages.components.views import DRIVERS
from tests.pages.conftest import Open

LABELS = {feature.name: feature.label for feature in CATALOG}
VIEWS = [("leads", {"view": DRIVERS}), ("model_status", {"show": DRIVERS})]


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


@pytest.mark.parametrize(("name", "query"), VIEWS)
def test_the_view_shows_three_figures_over_all_leads(
    name: str, query: dict[str, str], sampled: CommandCenter, open_page: Open
) -> None:
    app = open_page(sampled, name, **query)
    assert not app.exception
    assert len(charts(app)) == 3
    assert "240 scored leads, all drawn and counted, as model sample-1 scored them." in captions(app)
    largest = drivers.drivers(sampled).drivers[0]
    assert f"“{largest.label}” moves a score by {100 * largest.mean:.1f} points on average, up or down." in [
        text.value for text in app.text
    ]


def test_the_filters_in_the_address_choose_the_leads(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, "leads", view=DRIVERS, tier=["Hot"])
    hot = len(drivers.drivers(sampled, LeadFilter(tiers=(Tier.HOT,))).selection)
    assert 0 < hot < 240
    assert f"{hot} scored leads" in captions(app)


def test_the_list_computes_nothing_of_it_while_it_is_closed(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "leads")
    assert len(app.dataframe) == 1
    assert not charts(app)
    assert own.per_version("drivers", dict) == {}


def test_another_feature_is_shown_by_its_own_values(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, "leads", view=DRIVERS)
    app.selectbox(key="driver").set_value("pre_approval").run()
    told = drivers.dependence(drivers.drivers(sampled).selection, "pre_approval")
    shown = charts(app)[-1]["layout"]["xaxis"]["ticktext"]
    assert [label.replace("<br>", " ") for label in shown] == [group.label for group in told.groups]
    assert sum(group.leads for group in told.groups) == 240


def test_leads_without_a_score_say_what_is_missing(empty: CommandCenter, open_page: Open) -> None:
    empty.store.save_histories([LeadHistory(lead=Lead(lead_id="waits"))])
    app = open_page(empty, "leads", view=DRIVERS)
    assert "No score to explain" in [head.value for head in app.subheader]


@pytest.mark.parametrize(("page", "key"), [("leads", "view"), ("model_status", "show")])
def test_an_empty_workspace_shows_the_ways_in(page: str, key: str, empty: CommandCenter, open_page: Open) -> None:
    app = open_page(empty, page, **{key: DRIVERS})
    assert next(head.value for head in app.subheader) == "No leads yet"
    assert "The same for a selection of leads" not in [link.proto.label for link in app.get("page_link")]
