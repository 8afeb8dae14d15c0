"""Segments and clusters in the record, on both databases."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from core.commission import SideRates
from core.errors import NotFound
from core.leads import Stage
from core.store import LeadFilter, LeadGroup, Store
from core.store.figures.pipeline import Rates
from core.store.segments import StoredSegment
from tests.store.figures.test_areas import RATES, D
from tests.store.figures.test_pipeline import by_hand, priced
from tests.store.made import NOON, at, scored

DAY_MIN = 24 * 60


def test_a_segment_is_kept_by_name_replaced_and_taken_away(store: Store) -> None:
    for name, instead in (("b", None), ("a", None), ("c", "b")):
        store.segments.save(StoredSegment(name, {"tiers": ["hot"]}, NOON, "Ana"), instead)
    version = store.version()
    store.clear()
    assert [one.name for one in store.segments.all()] == ["a", "c"]
    assert store.segments.all()[0] == StoredSegment("a", {"tiers": ["hot"]}, NOON, "Ana")
    store.segments.remove("a")
    with pytest.raises(NotFound):
        store.segments.remove("a")
    assert store.version() > version


def test_the_sums_are_those_by_hand(store: Store) -> None:
    now = at(0) + timedelta(days=1)
    store.save_scored(
        [
            priced("a", 0.25, "400000", created_at=at(-10 * DAY_MIN)),
            priced("b", 0.5, None, created_at=at(-40 * DAY_MIN)),
            priced("c", 0.5, "500000", stage=Stage.LOST, created_at=at(-30 * DAY_MIN)),
            priced("d", 0.5, "300000", stage=Stage.CONTRACT, created_at=at(-300 * DAY_MIN)),
            priced("e", 0.5, "300000", stage=Stage.CLOSED),
        ]
    )
    found = store.segments.sums(LeadFilter(), RATES, now)
    assert (found.leads, found.open, found.decided, found.signed, found.lately, found.before) == (5, 3, 3, 2, 1, 2)
    assert found.expected_usd == by_hand(0.25, "400000", "0.025") + by_hand(0.5, "300000", "0.025")
    nobody = store.segments.sums(LeadFilter(agents=("Nobody",)), Rates(SideRates(D(0), D(0)), {}), now)
    assert (nobody.leads, nobody.expected_usd) == (0, D(0))


def test_clusters_are_kept_with_their_members_until_the_next(store: Store) -> None:
    assert store.segments.clustering() is None
    store.save_scored([scored(name, minutes=minute) for minute, name in enumerate("abcdd")])
    told = store.segments.features()
    assert (told.lead_ids, told.model_version, told.other_models) == (("a", "b", "c", "d"), "m1", 0)
    assert told.features.shape == (4, 28)
    assert told.features[0, :3].tolist() == pytest.approx([2.5, 0.1, 7])
    first = store.segments.save_clusters(NOON, "Ana", "m1", {"n": 1}, told.lead_ids, np.array([0, 0, 1, 1]))
    second = store.segments.save_clusters(
        NOON, "Bo", "m1", {"n": 2}, (*told.lead_ids, "gone"), np.array([0, 1, 1, 1, 0])
    )
    kept = store.segments.clustering()
    assert kept is not None
    assert (kept.clustering_id, kept.made_by, kept.report) == (second, "Bo", {"n": 2})
    assert store.segments.cluster_sums(first, LeadFilter(), RATES, NOON) == {}
    sums = store.segments.cluster_sums(second, LeadFilter(), RATES, NOON)
    assert {cluster: one.leads for cluster, one in sums.items()} == {0: 1, 1: 3}
    assert [row.lead_id for row in store.browse(LeadFilter(group=LeadGroup("cluster", second, 0))).rows] == ["a"]
    store.clear()
    assert store.segments.clustering() is None
