"""The model's page and the settings."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np

from core.scoring import Holdout, TierEdges
from core.services import audit, workspace
from core.services.center import CommandCenter
from core.services.model.model_report import calibration_bins, tier_shares
from core.settings import Settings
from tests.pages.conftest import Open


def test_the_page_names_the_version_that_answers_and_measures_it(sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, "model_status")
    assert sampled.model.version in [text.value for text in app.text]
    shown = {metric.label: float(metric.value.split()[0]) for metric in app.metric}
    assert 0.5 < shown["Tells leads apart"] < 1
    assert len(app.get("plotly_chart")) == 2


def test_the_groups_of_the_calibration_curve_hold_every_lead_once() -> None:
    generator = np.random.default_rng(1)
    said = generator.random(1_003)
    bins = calibration_bins(Holdout(said, generator.random(1_003) < said))
    assert sum(group.count for group in bins) == 1_003
    assert [group.predicted for group in bins] == sorted(group.predicted for group in bins)
    assert all(group.low <= group.observed <= group.high for group in bins)


def test_the_edge_of_a_tier_belongs_to_it() -> None:
    holdout = Holdout(np.array([0.4, 0.39, 0.15, 0.1]), np.array([True, True, False, False]))
    found = {share.tier: (share.leads, share.converted) for share in tier_shares(holdout, TierEdges(0.4, 0.15))}
    assert found == {"hot": (1, 1), "warm": (2, 1), "cold": (1, 0)}


def test_the_commission_rate_is_kept_as_it_was_typed(tmp_path: Path, open_page: Open) -> None:
    with CommandCenter(Settings(jorge_data_dir=tmp_path, jorge_commission_rate=0.0001)) as center:
        app = open_page(center, "settings")  # also the lowest that the environment may give
        app.number_input(key="rate").set_value(0.0)
        app.button(key="save_rate").click().run()
        assert any("must be above 0" in text.value for text in app.text)
        assert workspace.commission_rate(center) == Decimal("0.0001")
        app.number_input(key="rate").set_value(5.8)
        app.button(key="save_rate").click().run()
        assert not app.exception
        assert workspace.commission_rate(center) == Decimal("0.058")  # 5.8 / 100 is another number


def test_what_converted_in_each_tier_is_told_of_the_edges_that_stand_in_the_fields(
    own: CommandCenter, open_page: Open
) -> None:
    app = open_page(own, "settings")
    app.number_input(key="hot").set_value(45.0).run()
    app.number_input(key="warm").set_value(12.0).run()
    shares = tier_shares(own.model.holdout, TierEdges(hot=0.45, warm=0.12))
    assert shares != tier_shares(own.model.holdout, workspace.tier_edges(own))
    told = ", ".join(f"{one.tier} {100 * one.share:.0f} % of {one.leads:,}" for one in shares if one.share is not None)
    assert f"With the edges below, of the held-out leads in each tier signed: {told}." in [
        caption.value for caption in app.caption
    ]


def test_tiers_that_cross_are_refused_in_words(own: CommandCenter, open_page: Open) -> None:
    before = workspace.tier_edges(own)
    app = open_page(own, "settings")
    app.number_input(key="hot").set_value(10.0)
    app.number_input(key="warm").set_value(20.0)
    app.button(key="save_tiers").click().run()
    assert "Warm starts at 20.0 %, above hot at 10.0 %. Set warm lower." in [note.value for note in app.error]
    assert workspace.tier_edges(own) == before


def test_tiers_that_are_in_order_are_kept(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "settings")
    app.number_input(key="hot").set_value(45.0)
    app.number_input(key="warm").set_value(12.0)
    app.button(key="save_tiers").click().run()
    assert workspace.tier_edges(own) == TierEdges(hot=0.45, warm=0.12)


def test_a_search_of_the_log_begins_on_its_first_page(empty: CommandCenter, open_page: Open) -> None:
    for number in range(105):
        audit.note(empty, "key made" if number < 60 else "key revoked", f"crm{number}")
    app = open_page(empty, "settings")
    app.session_state["audit_page"] = 3
    app.run()
    assert list(app.dataframe[-1].value["Of"]) == ["crm4", "crm3", "crm2", "crm1", "crm0"]
    app.selectbox(key="audit_what").set_value("key made").run()
    assert app.session_state["audit_page"] == 1
    assert list(app.dataframe[-1].value["Of"])[:2] == ["crm59", "crm58"]


def test_clearing_the_sample_asks_first(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "settings")
    app.button(key="clear_sample").click().run()
    assert app.button(key="clear_yes").label == "Clear it"
    assert own.store.browse(page_size=1).total == 60
