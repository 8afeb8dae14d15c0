"""What drives the scores of a selection: sums over stored contributions, and groups of values that hold every lead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.features.catalog import CATALOG, INDEX, NAMES, UNKNOWN
from core.scoring import Tier
from core.services.analyses import drivers
from core.services.analyses.drivers import SELECTIONS_KEPT, dependence, summed
from core.services.center import CommandCenter
from core.services.scores import scoring
from core.store import Contributions, LeadFilter
from tests.services.made import told, untold


def selection(features: NDArray[np.float32], contributions: NDArray[np.float64]) -> Contributions:
    return Contributions(features, contributions, 0.3, "m1", len(features), 0)


def one_feature(name: str, values: list[float], brought: list[float] | None = None) -> Contributions:
    features = np.full((len(values), len(NAMES)), UNKNOWN, dtype=np.float32)
    features[:, INDEX[name]] = values
    contributions = np.zeros((len(values), len(NAMES)))
    contributions[:, INDEX[name]] = brought or [0.0] * len(values)
    return selection(features, contributions)


def test_the_mean_is_of_the_stored_contributions_whatever_their_sign(center: CommandCenter) -> None:
    scoring.score_lead(center, told("a"))
    scoring.score_lead(center, told("b", pre_approval="No"))
    found = drivers.drivers(center)
    stored = np.array([center.store.latest_score(lead_id).score.contributions for lead_id in ("a", "b")])
    assert {driver.feature: driver.mean for driver in found.drivers} == {
        name: pytest.approx(np.abs(stored[:, INDEX[name]]).mean()) for name in ("budget_midpoint_usd", "pre_approval")
    }
    assert [driver.mean for driver in found.drivers] == sorted((d.mean for d in found.drivers), reverse=True)


def test_a_selection_holds_only_the_leads_of_its_filter_and_is_read_anew_after_a_change(center: CommandCenter) -> None:
    hot = LeadFilter(tiers=(Tier.HOT,))
    scoring.score_lead(center, told("a"))
    scoring.score_lead(center, untold("b"))
    assert (len(drivers.drivers(center).selection), len(drivers.drivers(center, hot).selection)) == (2, 1)
    assert drivers.drivers(center, hot) is drivers.drivers(center, hot)
    scoring.score_lead(center, told("c"))
    assert len(drivers.drivers(center, hot).selection) == 2


def test_no_more_than_eight_selections_are_kept(center: CommandCenter) -> None:
    scoring.score_lead(center, told("a"))
    for score_min in range(20):
        drivers.drivers(center, LeadFilter(score_min=float(score_min)))
    assert len(center.per_version("drivers", dict)) == SELECTIONS_KEPT


def test_nothing_scored_drives_nothing(center: CommandCenter) -> None:
    assert drivers.drivers(center).drivers == ()


def test_a_level_has_a_group_for_each_of_its_words_and_one_for_not_known() -> None:
    found = dependence(one_feature("pre_approval", [2, -1, 0, 2], [0.2, -0.1, -0.3, 0.4]), "pre_approval")
    told = [(group.label, group.leads, round(group.mean, 9), group.known) for group in found.groups]
    assert told == [
        ("not known", 1, -0.1, False),
        ("No pre-approval known", 1, -0.3, True),
        ("Pre-approved or paying cash", 2, 0.3, True),
    ]
    assert found.group.tolist() == [2, 0, 1, 2]


def test_where_most_have_none_they_stand_alone_and_the_rest_is_still_told_apart() -> None:
    found = dependence(one_feature("property_views", [0.0] * 90 + [float(n) for n in range(1, 11)]), "property_views")
    assert (found.groups[0].label, found.groups[0].leads) == ("0", 90)
    assert len(found.groups) > 5


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_every_lead_is_in_the_group_that_its_value_belongs_to(name: str, data: st.DataObject) -> None:
    feature = CATALOG[INDEX[name]]
    high = feature.high if feature.high <= 3 else 2_000
    known = st.integers(0, int(high)).map(float) if feature.unit in ("level", "count") else st.floats(0, high, width=32)
    values = data.draw(st.lists(st.one_of(st.just(UNKNOWN), known), min_size=1, max_size=60))
    found = dependence(one_feature(name, values), name)
    assert sum(group.leads for group in found.groups) == len(values)
    assert np.bincount(found.group, minlength=len(found.groups)).tolist() == [group.leads for group in found.groups]
    order = np.argsort(found.values, kind="stable")
    assert (np.diff(found.group[order]) >= 0).all()  # a higher value is never in an earlier group
    assert all(
        (found.values[found.group == place] == UNKNOWN).all() != group.known for place, group in enumerate(found.groups)
    )


def test_leads_of_which_one_value_is_known_make_one_group() -> None:
    found = dependence(one_feature("budget_midpoint_usd", [450_000, 450_000]), "budget_midpoint_usd")
    assert [(group.label, group.leads) for group in found.groups] == [("$450k", 2)]


def test_contributions_of_nine_in_ten_leads_lie_between_low_and_high() -> None:
    brought = [n / 1_000 for n in range(101)]
    driver = summed(one_feature("timeline_urgency", [0.5] * 101, brought)).drivers[0]
    assert driver.low == pytest.approx(0.005)  # 5 and 95 of 100 steps of 0.001
    assert driver.high == pytest.approx(0.095)
    assert driver.known == 1.0
