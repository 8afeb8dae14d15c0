"""How much a file tells, and in what words."""

from __future__ import annotations

import numpy as np
import pytest

from core.features.catalog import CATALOG, INDEX, NAMES
from core.transfer import FeaturesFilled, trust_sentence


def test_features_are_counted_by_lead() -> None:
    filled = FeaturesFilled()
    one = np.full(28, -1, dtype=np.float32)
    one[INDEX["property_views"]] = 0  # zero is known
    filled.add(one)
    two = np.full((2, 28), -1, dtype=np.float32)
    two[:, INDEX["response_rate"]] = 0.5
    two[0, INDEX["property_views"]] = 3
    filled.add(two)
    assert (filled.leads, filled.counts["property_views"], filled.counts["response_rate"]) == (3, 2, 2)
    assert filled.shares["property_views"] == pytest.approx(2 / 3)
    assert filled.known_mean == pytest.approx(4 / 3)
    assert filled.sentence == trust_sentence(4 / 3)
    assert filled.missing(most=2) == [CATALOG[0].label, CATALOG[2].label]


def test_no_leads_are_no_error() -> None:
    assert FeaturesFilled().known_mean == 0
    assert set(FeaturesFilled().shares.values()) == {0.0}


def test_trust_grows_in_steps_over_the_whole_range() -> None:
    said = [trust_sentence(known) for known in np.linspace(0, len(NAMES), 100)]
    assert len(set(said)) == 4
    assert [said.index(sentence) for sentence in dict.fromkeys(said)] == sorted(map(said.index, dict.fromkeys(said)))
