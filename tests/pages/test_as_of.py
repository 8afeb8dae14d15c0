"""Of when the figures of the manager's pages are, while leads come in."""

from __future__ import annotations

import pytest

from core.services.center import CommandCenter
from tests.pages.conftest import Open
from tests.store.made import scored

PAGES = ("advanced_analytics", "predictive_insights", "commission_pipeline")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_figures_says_of_when_they_are(page: str, own: CommandCenter, open_page: Open) -> None:
    own.save_many([scored("a", 0.9)])
    app = open_page(own, page)
    assert [one.value for one in app.caption if one.value.startswith("Figures as of ")]
    assert "bring_up_to_date" not in [one.key for one in app.button]


def test_figures_of_many_leads_are_brought_up_to_date_on_a_button(
    own: CommandCenter, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.center.MANY_LEADS", 0)
    own.save_many([scored("a", 0.9)])

    def leads() -> list[int]:
        return next(one.value for one in app.dataframe if "Reached" in one.value.columns)["Reached"].tolist()

    app = open_page(own, "advanced_analytics", show="Funnel")
    before = leads()
    own.save_many([scored("b", 0.8)])
    app.run()
    assert leads() == before
    assert "The record has changed since." in next(one.value for one in app.caption if "as of" in one.value)
    app.button(key="bring_up_to_date").click().run()
    assert leads()[0] == before[0] + 1
    assert "bring_up_to_date" not in [one.key for one in app.button]
