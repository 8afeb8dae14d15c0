from __future__ import annotations

import numpy as np
import pytest

from core.monitoring.live import auc_error, bands_of, live, surplus


def test_no_outcome_says_nothing() -> None:
    assert live(np.empty(0), np.empty(0, dtype=bool)) is None


def test_one_kind_of_outcome_has_no_order() -> None:
    found = live(np.array([0.2, 0.4]), np.array([False, False]))
    assert found is not None
    assert found.roc_auc is None
    assert found.too_few
    assert found.brier == pytest.approx((0.04 + 0.16) / 2)


def test_bands_hold_said_against_happened() -> None:
    """Ten leads were told 0.05 and one converted; two were told 0.95 and 1.0 and both did."""
    said = np.array([0.05] * 10 + [0.95, 1.0])
    happened = np.array([True] + [False] * 9 + [True, True])
    low, high = bands_of(said, happened)
    assert (low.low, low.high, low.leads, low.converted) == (0.0, 0.1, 10, 1)
    assert (high.low, high.high, high.leads, high.converted, high.said) == (0.9, 1.0, 2, 2, 0.975)
    assert low.fits
    assert low.share_low == pytest.approx(0.0179, abs=1e-4)  # Wilson's interval of 1 in 10
    assert low.share_high == pytest.approx(0.4042, abs=1e-4)


def test_a_probability_on_an_edge_belongs_to_the_band_above() -> None:
    assert [band.low for band in bands_of(np.array([0.3, 0.6, 0.7]), np.zeros(3, dtype=bool))] == [0.3, 0.6, 0.7]


def test_fewer_than_said_is_below_nothing() -> None:
    assert surplus(np.full(100, 0.5), np.arange(100) < 40) == -2.0


def test_the_interval_of_an_order_by_hand_ends_at_one() -> None:
    """0.6 and 0.4 converted, 0.5 and 0.3 did not: three of four pairs stand right. Hanley and McNeil's variance is
    (0.75 x 0.25 + 0.75 / 1.25 - 0.5625 + 1.125 / 1.75 - 0.5625) / 4 = 0.07634, its root 0.27630."""
    found = live(np.array([0.6, 0.5, 0.4, 0.3]), np.array([True, False, True, False]))
    assert found is not None
    assert (found.roc_auc, found.roc_auc_high, found.brier_baseline) == (0.75, 1.0, 0.25)
    assert found.roc_auc_low == pytest.approx(0.75 - 1.96 * 0.2763, abs=1e-4)


def test_the_error_of_an_order_fits_what_drawing_again_shows() -> None:
    draw = np.random.default_rng(0)
    said = draw.uniform(size=600)
    found = live(said, draw.uniform(size=600) < said)
    assert found is not None
    assert found.roc_auc is not None
    assert found.roc_auc_error is not None
    again = []
    for _ in range(200):
        other = draw.uniform(size=600)
        measured = live(other, draw.uniform(size=600) < other)
        assert measured is not None
        again.append(measured.roc_auc or 0.0)
    assert found.roc_auc_error == pytest.approx(np.std(again), rel=0.25)
    assert auc_error(1.0, 10, 10) == 0.0
