"""What the page of attribution says: credits that sum, closings without a touch, and costs as they were uploaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.analytics.attribution import Model
from core.services.analyses import ad_spend, attribution
from core.services.center import CommandCenter
from core.store import LeadFilter
from core.transfer.spend import SpendRow
from pages.components.advanced_analytics.attribution_words import MODELS
from tests.pages.conftest import Open, press

PAGE, VIEW = "advanced_analytics", "Attribution"


def test_credits_sum_to_the_closings(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, show=VIEW)
    assert not app.exception
    found = attribution.attribution(sampled, LeadFilter())
    table = next(one.value for one in app.dataframe if "Shapley" in one.value.columns)
    for model in Model:
        told = table[MODELS[model]].tolist()
        assert sum(told[:-1]) == pytest.approx(told[-1])
        assert told[-1] == found.closings
    assert any(f"of {found.closings:,} closings have no touch" in text.value for text in app.text)


def test_a_short_lookback_leaves_closings_unassigned(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, PAGE, show=VIEW, lookback="30 days")
    found = attribution.attribution(sampled, LeadFilter(), 30)
    assert any(text.value.startswith(f"{found.unassigned:,} of {found.closings:,} closings") for text in app.text)


def test_costs_are_shown_and_can_be_deleted(own: CommandCenter, open_page: Open) -> None:
    assert "No spend yet" in [head.value for head in open_page(own, PAGE, show=VIEW).subheader]
    source = next(iter(own.store.facets().sources))
    first = min(row.created_at for row in own.store.browse(page_size=100).rows if row.created_at)
    month = date(first.year, first.month, 1)
    ad_spend.save(own, [SpendRow(2, source, month, Decimal("900.00"))], replace_all=True)
    app = open_page(own, PAGE, show=VIEW)
    assert not app.exception
    table = next(one.value for one in app.dataframe if "Cost per lead" in one.value.columns)
    assert (table["Source"].tolist(), table["Spent"].tolist()) == ([source], [900.0])
    app.button(key="spend_remove").click().run()
    assert any(text.value.startswith("1 row of all sources, $900 in all, will be gone") for text in app.text)
    assert len(ad_spend.spend(own)) == 1  # until it is said again
    press(app, "spend_remove", "spend_remove_yes")
    assert not app.exception
    assert ad_spend.spend(own) == ()


def test_an_agent_has_no_costs(sampled: CommandCenter, open_page: Open) -> None:
    agent = next(iter(sampled.store.facets().agents))
    app = open_page(sampled, PAGE, show=VIEW, of_agent=[agent])
    assert not app.exception
    heads = [head.value for head in app.subheader]
    assert "Costs are kept by source and month" in heads or any("none with a touch" in head for head in heads)
