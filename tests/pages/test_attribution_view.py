"""What the page of attribution says: credits that sum, closings without a touch, and costs as they were uploaded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.analytics.attribution import Model
from core.services.analyses import ad_spend, attribution
from core.services.center import CommandCenter
from core.services.scores.scoring import score_lead
from core.store import LeadFilter
from core.transfer.spend import SpendRow
from pages.components.advanced_analytics.attribution_words import MODELS
from tests.pages.conftest import Open, press
from tests.services.made import untold

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
    assert any(f"of {found.closings:,} closings without a touch" in text.value for text in app.text)


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


def test_a_file_of_costs_is_looked_at_before_it_is_kept_and_may_come_again(
    empty: CommandCenter, open_page: Open
) -> None:
    score_lead(empty, untold("a", source="Zillow"))
    app = open_page(empty, PAGE, show=VIEW)
    app.file_uploader(key="spend_file_0").upload("costs.csv", b"PK\x03\x04" + bytes(99)).run()
    assert any("Excel (.xlsx) file, not a CSV" in text.value for text in app.text)
    assert "spend_save" not in {button.key for button in app.button}
    for uploads, amount in enumerate(("900,50", "901")):  # the second time it takes the place of the first
        file = f"Quelle;source;Monat;month;cost\nx;zillow;x;2026-03;{amount}\nx;Nobody;x;soon;1\n"
        app.file_uploader(key=f"spend_file_{uploads}").upload("costs.csv", file.encode("utf-16")).run()
        told = [text.value for text in app.text]
        assert any(text.startswith("1 row can be kept") for text in told)
        assert "row 3: month is 'soon'; must be a month such as 2026-03. Correct the row." in told
        app.button(key="spend_save").click().run()
        assert not app.exception
        assert [(one.channel, one.amount_usd) for one in ad_spend.spend(empty)] == [
            ("Zillow", Decimal(amount.replace(",", ".")))
        ]


def test_an_agent_has_no_costs(sampled: CommandCenter, open_page: Open) -> None:
    agent = next(iter(sampled.store.facets().agents))
    app = open_page(sampled, PAGE, show=VIEW, of_agent=[agent])
    assert not app.exception
    heads = [head.value for head in app.subheader]
    assert "Costs are kept by source and month" in heads or any("none with a touch" in head for head in heads)
