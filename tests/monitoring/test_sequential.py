from __future__ import annotations

import numpy as np
import pytest

from core.monitoring.sequential import FEWEST, duel, half_width
from tests.monitoring.ends_in_time import SOONER, Ends, day_of_verdict, decided_alone


def test_before_a_hundred_outcomes_nothing_is_said() -> None:
    n = FEWEST - 1
    found = duel(np.full(n, 0.9), np.full(n, 0.1), np.zeros(n, dtype=bool))
    assert (found.low, found.high, found.first_wins, found.second_wins) == (None, None, False, False)
    assert duel(np.empty(0), np.empty(0), np.empty(0, dtype=bool)).outcomes == 0


def test_the_better_model_wins_whichever_side_it_stands_on() -> None:
    """The truth is 0.2 for one half and 0.8 for the other; one model knows it, the other says 0.5 of everybody."""
    draw = np.random.default_rng(0)
    knows = np.tile([0.2, 0.8], 300)
    happened = draw.uniform(size=600) < knows
    blind = np.full(600, 0.5)
    found = duel(blind, knows, happened)
    assert found.second_wins
    assert not found.first_wins
    assert duel(knows, blind, happened).first_wins
    assert found.difference == -duel(knows, blind, happened).difference


def test_an_open_lead_counts_as_it_suits_either_of_the_two() -> None:
    """199 leads that nobody converted, one open: 0.2 against 0.1 of each.

    Lost: 0.2^2 - 0.1^2 = 0.03; converted: 0.8^2 - 0.9^2 = -0.17. So the mean lies between (199 x 0.03 - 0.17) / 200 =
    0.029 and (199 x 0.03 + 0.03) / 200 = 0.03.
    """
    first, second, converted = np.full(200, 0.2), np.full(200, 0.1), np.zeros(200, dtype=bool)
    found = duel(first, second, converted, np.arange(200) == 7)
    assert (found.outcomes, found.open, found.leads) == (199, 1, 200)
    assert found.difference == pytest.approx(0.03)
    assert found.high == pytest.approx(0.03)  # nothing varies
    spread = (199 * 0.001**2 + 0.199**2) / 199  # the mean is 0.029: 199 lie 0.001 above, one 0.199 below
    assert found.low == pytest.approx(0.029 - half_width(spread, 200))
    assert duel(first, second, converted, np.arange(200) < 101).low is None  # 99 outcomes
    assert duel(first, second, converted, np.ones(200, dtype=bool)).open == 200


def test_who_is_decided_first_turns_no_verdict_against_the_model_that_is_right() -> None:
    draw = np.random.default_rng(3)
    assert not any(day_of_verdict(draw, world) for world in SOONER for _ in range(10))
    assert sum(day_of_verdict(draw, SOONER[0], decided_alone) is not None for _ in range(10)) > 5


def test_a_model_that_does_harm_is_found_all_the_same() -> None:
    draw = np.random.default_rng(4)
    found = [day_of_verdict(draw, Ends(29, 65, answering=4.0), wait_days=60) for _ in range(5)]
    assert all(day is not None and day < 200 for day in found)


def test_equals_are_told_apart_in_few_of_many_runs_however_often_one_looks() -> None:
    """Two models that err equally, looked at after every outcome from 100 to 1,500."""
    draw = np.random.default_rng(1)
    runs, told_apart = 300, 0
    for _ in range(runs):
        truth = draw.uniform(0.1, 0.9, 1500)
        happened = draw.uniform(size=1500) < truth
        noise = draw.normal(0, 0.1, (2, 1500))
        gained = (truth + noise[0] - happened) ** 2 - (truth + noise[1] - happened) ** 2
        n = np.arange(1, 1501)
        mean = gained.cumsum() / n
        variance = np.maximum((gained**2).cumsum() / n - mean**2, 1e-12)
        wide = np.array([half_width(float(v), int(k)) for v, k in zip(variance[99:], n[99:], strict=True)])
        told_apart += bool((np.abs(mean[99:]) > wide).any())
    assert told_apart / runs <= 0.05
