"""The tiers' edges move with the level, whatever the line."""

from __future__ import annotations

import numpy as np
import pytest

from core.scoring.tiers import TierEdges
from core.training.recalibrate import moved, moved_edges

SAID = np.array([0.004, 0.008, 0.012, 0.02, 0.31, 0.62])  # the steps of an isotonic curve: many leads at one


@pytest.mark.parametrize("slope", [0.4, 1.0, 1.7])
@pytest.mark.parametrize("intercept", [-5.0, -0.37, 2.1])
def test_no_lead_leaves_its_tier_also_at_an_edge(slope: float, intercept: float) -> None:
    edges = TierEdges(hot=0.02, warm=0.008)
    after = moved_edges(edges, slope, intercept)
    assert [after.tier(value) for value in moved(SAID, slope, intercept)] == [edges.tier(value) for value in SAID]
