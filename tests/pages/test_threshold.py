"""Moving the threshold, and what the screen says of it."""

from __future__ import annotations

import numpy as np
import pytest

from core.leads import Stage
from core.scoring import answered_alone
from core.services import workspace
from core.services.center import CommandCenter
from core.store import LeadFilter
from pages.components.threshold_slider import KEY
from tests.pages.conftest import LookAs, Open
from tests.services.acting import MANAGER


@pytest.mark.parametrize("name", ["live_scores", "leads", "score_csv", "threshold"])
def test_the_slider_stands_in_the_sidebar_with_its_effect(name: str, sampled: CommandCenter, open_page: Open) -> None:
    app = open_page(sampled, name)
    at = workspace.threshold(sampled)
    assert app.sidebar.slider[0].value == pytest.approx(at)
    below = int((np.asarray(sampled.store.confidences()) < at).sum())
    right = answered_alone(sampled.model.holdout, at).accuracy
    assert right is not None
    shown = {metric.label: metric.value for metric in app.sidebar.metric}
    assert shown == {"Leads below it": f"{below} of 240", "Right on the rest": f"{100 * right:.1f} %"}


def test_moving_the_slider_is_kept_for_the_workspace(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "threshold")
    app.slider(key=KEY).set_value(0.95).run()
    assert not app.exception
    assert workspace.threshold(own) == pytest.approx(0.95)
    assert open_page(own, "leads").slider(key=KEY).value == pytest.approx(0.95)


def test_each_source_begins_at_its_own_threshold(own: CommandCenter, open_page: Open) -> None:
    first, second = sorted(own.store.facets().sources)[:2]
    workspace.set_threshold_by_source(own, {first: 0.95})
    app = open_page(own, "threshold")
    assert app.selectbox(key="source_of_threshold").value == first
    field = next(one for one in app.number_input if one.label == "Threshold")
    assert field.value == 0.95
    field.set_value(0.97).run()  # not set yet
    app.selectbox(key="source_of_threshold").set_value(second).run()
    assert next(one for one in app.number_input if one.label == "Threshold").value == 0.85
    app.button(key="set_source_threshold").click().run()
    assert workspace.threshold_by_source(own) == {first: 0.95, second: 0.85}


def test_a_manager_reads_the_thresholds_of_sources_and_cannot_set_them(
    own: CommandCenter, open_page: Open, look_as: LookAs
) -> None:
    source = min(own.store.facets().sources)
    workspace.set_threshold_by_source(own, {source: 0.95})
    look_as(MANAGER)
    app = open_page(own, "threshold")
    assert not app.exception
    assert f"{source}: 0.95" in [text.value for text in app.text]
    assert "set_source_threshold" not in [button.key for button in app.button]


def test_who_signed_is_called_so_and_counted_as_elsewhere(sampled: CommandCenter, open_page: Open) -> None:
    """Under contract is not closed: "closings" are fewer on every other page."""
    signed = sampled.store.browse(LeadFilter(furthest=(Stage.CONTRACT, Stage.CLOSED))).total
    closed = sampled.store.browse(LeadFilter(furthest=(Stage.CLOSED,))).total
    assert 0 < closed < signed
    told = {metric.label: metric.value for metric in open_page(sampled, "threshold").metric}
    assert told["Signed"].endswith(f" of {signed:,}")
    assert "Closings" not in told


def test_a_higher_threshold_sends_more_leads_to_claude(own: CommandCenter, open_page: Open) -> None:
    app = open_page(own, "threshold")
    counts = []
    for at in (0.5, 0.85, 0.99):
        app.slider(key=KEY).set_value(at).run()
        counts.append(int(app.sidebar.metric[0].value.split()[0].replace(",", "")))
    assert counts == sorted(counts)
    assert counts[0] == 0  # a confidence is never below 0.50
