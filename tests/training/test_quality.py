"""Quality figures against scikit-learn's and against arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from core.training import quality

said = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=2, max_size=60)


@given(said.filter(lambda pairs: len({flag for _, flag in pairs}) == 2))
def test_roc_auc_and_brier_agree_with_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    probability = np.array([value for value, _ in pairs])
    converted = np.array([flag for _, flag in pairs])
    assert quality.roc_auc(probability, converted) == pytest.approx(roc_auc_score(converted, probability), abs=1e-12)
    assert quality.brier_score(probability, converted) == pytest.approx(brier_score_loss(converted, probability))


def test_one_outcome_alone_has_no_order() -> None:
    with pytest.raises(ValueError, match="same outcome"):
        quality.roc_auc(np.array([0.1, 0.9]), np.array([True, True]))


def test_calibration_error_weighs_bins_by_their_leads() -> None:
    # Two bins of two: said 0.15, came 0.0 (off by 0.15); said 0.75, came 0.5 (off by 0.25). Mean (0.15 + 0.25) / 2.
    probability = np.array([0.1, 0.2, 0.7, 0.8])
    converted = np.array([False, False, True, False])
    assert quality.expected_calibration_error(probability, converted, bins=2) == pytest.approx(0.2)


def test_reliability_keeps_every_lead_once() -> None:
    probability = np.linspace(0, 1, 23)
    parts = quality.reliability(probability, probability > 0.5, bins=10)
    assert sum(part.leads for part in parts) == 23
    assert [part.said for part in parts] == sorted(part.said for part in parts)


def test_the_interval_holds_the_estimate_and_repeats() -> None:
    generator = np.random.default_rng(1)
    probability = generator.random(300)
    converted = generator.random(300) < probability
    low, high = quality.roc_auc_interval(probability, converted)
    assert low < quality.roc_auc(probability, converted) < high
    assert (low, high) == quality.roc_auc_interval(probability, converted)


def test_the_record_holds_every_figure_of_its_leads() -> None:
    # 1 of 4 converted: always saying 0.25 scores 0.25 x 0.75. The others stand above it in none of 3 pairs.
    probability, converted = np.array([0.8, 0.4, 0.2, 0.2]), np.array([True, False, False, False])
    found = quality.quality(probability, converted)
    assert (found.leads, found.converted, found.brier_baseline, found.roc_auc) == (4, 1, 0.1875, 1.0)
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.04 + 0.04) / 4)
    assert found.lift_at_10 == 4.0
    assert found.ece == pytest.approx((0.2 + 0.4 + 0.2 + 0.2) / 4)
    assert [part.said for part in found.reliability] == [0.2, 0.2, 0.4, 0.8]


def test_lift_of_a_perfect_order_is_one_over_the_base_rate() -> None:
    # 2 of 20 converted: base rate 0.1. The top tenth holds both: 1.0 / 0.1 = 10.
    converted = np.array([True] * 2 + [False] * 18)
    assert quality.lift_at(np.linspace(1, 0, 20), converted) == pytest.approx(10)


def test_leads_that_are_not_told_apart_count_as_they_are_on_average_whatever_their_order_in_the_file() -> None:
    # All are said 0.1 and one in ten converted, the first ten of the file: nothing is off, and no tenth is better.
    probability, converted = np.full(100, 0.1), np.arange(100) < 10
    assert quality.lift_at(probability, converted) == pytest.approx(1.0)
    assert quality.expected_calibration_error(probability, converted) == pytest.approx(0.0)
    # One of the top tenth is apart and converted; of the ten others, tied with thirty, a third are: (1 + 9 / 3) / 10.
    probability = np.concatenate([[0.9], np.full(30, 0.5), np.full(69, 0.1)])
    converted = np.isin(np.arange(100), [0, *range(21, 31)])
    assert quality.lift_at(probability, converted) == pytest.approx((1 + 9 / 3) / 10 / 0.11)
