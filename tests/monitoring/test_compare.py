from __future__ import annotations

import numpy as np
import pytest

from core.monitoring.compare import differences


def test_a_model_beside_itself_differs_in_nothing() -> None:
    said, happened = np.linspace(0.01, 0.99, 100), np.arange(100) % 3 == 0
    for one in differences(said, said, happened, threshold=0.8):
        assert (one.first, one.low, one.high) == (one.second, 0.0, 0.0)
        assert not one.second_is_worse
        assert not one.second_is_better


def test_a_model_that_knows_nothing_is_worse_beyond_the_interval_in_order_and_in_error() -> None:
    draw = np.random.default_rng(0)
    truth = draw.uniform(size=800)
    happened = draw.uniform(size=800) < truth
    found = {one.name: one for one in differences(truth, np.full(800, 0.5), happened, threshold=0.8)}
    assert found["roc_auc"].second == 0.5
    assert found["roc_auc"].second_is_worse
    assert found["brier"].second == 0.25
    assert found["brier"].second_is_worse
    assert found["answers_alone"].second == 0.0  # 0.5 never reaches a confidence of 0.8
    assert "right_alone" not in found  # of no answer none can be right or wrong
    back = {one.name: one for one in differences(np.full(800, 0.5), truth, happened, threshold=0.8)}
    assert back["brier"].second_is_better


def test_leads_of_one_kind_tell_nothing_apart() -> None:
    with pytest.raises(ValueError, match="0 of 5 leads converted"):
        differences(np.full(5, 0.5), np.full(5, 0.5), np.zeros(5, dtype=bool), threshold=0.8)
