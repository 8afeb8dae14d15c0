"""Which forest is grown."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss

from core.scoring.calibration import PlattCalibration
from core.training.table.grow import (
    ALIKE,
    ALIKE_LATER,
    TablePlan,
    best_of,
    calibration_of,
    grow,
    log_loss_of,
    plans_for,
    tuned,
)


def test_the_first_plan_that_is_as_good_as_the_best_is_taken() -> None:
    # Alike within 0.1 %: 0.2002 is 0.1 % above 0.2, 0.2005 is more. Alike within 1 %: 0.2019 is, 0.2021 is not.
    small, middle, large = TablePlan(5, 20, 0.5), TablePlan(8, 20, 0.5), TablePlan(14, 4, 0.33)
    assert best_of([(small, 0.2005), (middle, 0.2001), (large, 0.2)], ALIKE) == middle
    assert best_of([(small, 0.2019), (middle, 0.2001), (large, 0.2)], ALIKE_LATER) == small
    assert best_of([(small, 0.2021), (middle, 0.2001), (large, 0.2)], ALIKE_LATER) == middle


def test_few_rows_get_small_leaves_and_a_sample_of_the_rows_as_much_smaller_ones() -> None:
    assert min(plan.rows_per_leaf for plan in plans_for(300, later=False)) == 2
    assert TablePlan(8, 20, 0.5).on(0.25).rows_per_leaf == 5


def test_the_loss_is_scikit_learns() -> None:
    generator = np.random.default_rng(0)
    said, happened = generator.random(200), generator.random(200) < 0.5
    assert log_loss_of(said, happened) == pytest.approx(log_loss(happened, said))


def test_what_only_interactions_tell_needs_and_gets_a_deep_forest() -> None:
    # An outcome that is the parity of three signs: no column tells anything alone.
    generator = np.random.default_rng(1)
    matrix = generator.normal(size=(3_000, 4)).astype(np.float32)
    happened = (matrix[:, :3] > 0).sum(axis=1) % 2 == 1
    plans = plans_for(len(matrix), later=False)
    found = tuned(plans, matrix, happened, later=False, seed=0, tell=lambda _what, _done: None)
    grown = grow(found, matrix, happened, seed=0, tell=lambda _what, _done: None)
    assert isinstance(grown.plan, TablePlan)
    assert grown.plan.depth > 5
    assert log_loss_of(grown.out_of_bag, happened) < 0.45


def test_with_few_outcomes_calibration_is_a_slope_and_an_intercept() -> None:
    generator = np.random.default_rng(2)
    raw = generator.random(60)
    happened = generator.random(60) < 0.2
    found, losses = calibration_of(raw, np.zeros((60, 9)), happened, seed=0)
    assert isinstance(found, PlattCalibration)
    assert losses == {}
    assert (found.unknown_slope, found.unknown_intercepts) == (0.0, ())
