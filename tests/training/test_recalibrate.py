"""The line by hand; what a model says, and the tiers' edges, move along it."""

from __future__ import annotations

import numpy as np
import pytest

from core.scoring.calibration import IsotonicCalibration, PlattCalibration
from core.scoring.tiers import TierEdges
from core.training.recalibrate import line_of, moved, moved_edges, recalibrated

SAID = np.array([0.004, 0.008, 0.012, 0.02, 0.31, 0.62])  # the steps of an isotonic curve: many leads at one


def test_the_line_goes_through_what_happened_to_leads_of_two_probabilities() -> None:
    # Said odds of 1/4 and 1, happened odds of 1/2 (30 of 90) and 1 (40 of 80): logits -ln 4 and 0 become -ln 2 and 0.
    said, happened = np.repeat([0.2, 0.5], [90, 80]), np.r_[np.arange(90) < 30, np.arange(80) < 40]
    assert line_of(said, happened) == pytest.approx((0.5, 0.0), abs=2e-3)  # as near as the fit goes
    with pytest.raises(ValueError, match="has the wrong order"):
        line_of(1 - said, happened)


@pytest.mark.parametrize("calibration", [
    PlattCalibration(1.3, -0.4, 0.5, (0.3, -0.6), -0.2, -0.1, 1.2),
    IsotonicCalibration(np.array([0.1, 0.4, 0.9]), np.array([0.05, 0.2, 0.8])),
])  # fmt: skip
def test_what_is_said_after_it_is_what_was_said_before_moved_along_the_line(
    calibration: PlattCalibration | IsotonicCalibration,
) -> None:
    raw = np.array([0.1, 0.4, 0.9] * 3)  # the curve's own steps: between them it goes straight
    unknown = np.repeat([[0.0, 0.0], [0.5, 1.0], [1.0, 1.0]], 3, axis=0)
    after = recalibrated(calibration, 0.7, 0.25)(raw, unknown)
    assert after == pytest.approx(moved(calibration(raw, unknown), 0.7, 0.25), rel=1e-9)
    assert moved(np.array([0.2]), 0.7, 0.25) == pytest.approx([1 / (1 + 4**0.7 * np.exp(-0.25))])


@pytest.mark.parametrize("slope", [0.4, 1.0, 1.7])
@pytest.mark.parametrize("intercept", [-5.0, -0.37, 2.1])
def test_no_lead_leaves_its_tier_also_at_an_edge(slope: float, intercept: float) -> None:
    edges = TierEdges(hot=0.02, warm=0.008)
    after = moved_edges(edges, slope, intercept)
    assert [after.tier(value) for value in moved(SAID, slope, intercept)] == [edges.tier(value) for value in SAID]
