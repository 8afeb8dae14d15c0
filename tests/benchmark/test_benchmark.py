"""The table measures what it says."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pytest

from core.benchmark.files import write_export
from core.benchmark.kernels import distinct_rows, kernel_rows
from core.benchmark.pairs import in_turn, measured
from core.training.dataset import temporal_split
from core.training.fit import ForestPlan, fit, model_of
from tests.training.leads import some_leads


def test_the_median_of_each_is_taken_over_calls_in_turn() -> None:
    called: list[tuple[str, int]] = []

    def slow(number: int) -> None:
        called.append(("slow", number))
        time.sleep(0.002)

    quick_us, slow_us = in_turn(lambda number: called.append(("quick", number)), slow, rounds=3)
    assert called[2:] == [(name, number) for number in (1, 2, 3) for name in ("quick", "slow")]
    assert slow_us >= 2000 > quick_us


def test_the_ratio_is_theirs_over_ours() -> None:
    assert measured("work", "them", 2.0, 9.0, 0.0).ratio == 4.5


def test_drawn_rows_are_distinct_and_hold_only_values_of_their_column() -> None:
    features = some_leads(300).features
    rows = distinct_rows(features, 1000)
    assert len(np.unique(rows, axis=0)) == 1000
    assert all(np.isin(rows[:, column], features[:, column]).all() for column in range(28))


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
def test_every_kernel_row_of_the_contract_is_measured_and_exact() -> None:
    earlier, later = temporal_split(some_leads())
    plan = ForestPlan(trees=60, depth=4)
    fitted = fit(earlier, plan)
    rows = list(kernel_rows(model_of(fitted, plan, "try", later), fitted.estimator, later.features, quick=True))
    assert [row.work for row in rows] == [
        "probability_1",
        "probability_100",
        "probability_10000",
        "contributions_1",
        "contributions_100",
        "contributions_1000",
        "two_cores",
    ]
    assert all((row.max_difference or 0) == 0 for row in rows[:3])
    assert all((row.max_difference or 0) <= 1e-10 for row in rows[3:])


def test_an_export_holds_as_many_different_people_as_asked(tmp_path: Path) -> None:
    write_export(tmp_path / "export.csv", 50)
    with (tmp_path / "export.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["Email"] for row in rows}) == len({row["Phone"] for row in rows}) == 50
