from __future__ import annotations

import numpy as np

from core.monitoring.sequential import FEWEST, duel, half_width


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
