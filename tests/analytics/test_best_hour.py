"""Rates against a posterior summed by brute force, how often intervals hold, and how often luck is recommended."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, betabinom, chi2_contingency

from core.analytics.best_hour import accident, compared, rates_of


def spread(seed: int, weight: float, slots: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Answers and tries of slots whose rates are drawn round 0.3."""
    dice = np.random.default_rng(seed)
    tries = dice.integers(20, 600, slots)
    rates = dice.beta(0.3 * weight, 0.7 * weight, slots) if weight else np.full(slots, 0.3)
    return dice.binomial(tries, rates), tries


@pytest.mark.parametrize(
    ("answered", "tries"), [([3, 20, 45], [10, 80, 90]), ([30, 31, 29, 33, 12], [100, 100, 100, 100, 30])]
)
def test_a_rate_is_the_posterior_over_all_means_and_spreads(answered: list[int], tries: list[int]) -> None:
    # Every mean and every spread, 1 / sqrt(concentration), is as likely: one fine square of both.
    k, n = np.array(answered), np.array(tries)
    mean, spread = (side.ravel() for side in np.meshgrid(np.linspace(0.005, 0.995, 199), np.linspace(0.001, 1, 400)))
    weight = spread**-2
    likely = betabinom.pmf(k, n, (weight * mean)[:, None], (weight * (1 - mean))[:, None]).prod(axis=1)
    likely /= likely.sum()
    posterior = beta((weight * mean)[:, None] + k, (weight * (1 - mean))[:, None] + n - k)
    expected = likely @ posterior.mean()
    deviation = np.sqrt(likely @ (posterior.var() + (posterior.mean() - expected) ** 2))
    found = rates_of(k, n)
    assert [rate.estimate for rate in found] == pytest.approx(expected, abs=0.004)
    assert [(rate.high - rate.low) / (2 * 1.96) for rate in found] == pytest.approx(deviation, rel=0.05)
    for bound, share in (("low", 0.025), ("high", 0.975)):
        below = likely @ posterior.cdf([getattr(rate, bound) for rate in found])
        assert below == pytest.approx(np.full(len(k), share), abs=0.02)  # a beta in place of many


def test_of_one_slot_with_enough_tries_the_bound_is_that_of_its_interval() -> None:
    few, enough = rates_of(np.array([10, 20]), np.array([29, 60]))
    assert (few.told, enough.told) == (False, True)
    assert enough.surely == enough.low  # nothing to correct for
    first, second = rates_of(np.array([10, 20]), np.array([30, 60]))
    assert first.told
    assert first.surely < first.low
    assert second.surely < second.low


@pytest.mark.parametrize("tries", [60, 4_000])
@pytest.mark.parametrize("weight", [0, 2_000, 200, 40])
def test_intervals_hold_the_rates_however_much_these_differ(weight: float, tries: int) -> None:
    # Of 700 slots 95 % are 665, with a standard deviation of 6 if each were drawn apart.
    held = []
    for seed in range(100):
        dice = np.random.default_rng(seed)
        rates = dice.beta(0.3 * weight, 0.7 * weight, 7) if weight else np.full(7, 0.3)
        n = dice.integers(tries // 2, tries * 3 // 2, 7)
        found = rates_of(dice.binomial(n, rates), n)
        held += [one.low <= rate <= one.high for one, rate in zip(found, rates, strict=True)]
    assert np.mean(held) >= 0.9


@pytest.mark.parametrize("seed", range(3))
def test_the_chance_of_an_accident_is_that_of_scipy(seed: int) -> None:
    answered, tries = spread(seed, 200.0)
    enough = tries >= 30
    table = np.array([answered[enough], (tries - answered)[enough]])
    assert accident(answered, tries) == pytest.approx(chi2_contingency(table, correction=False).pvalue, rel=1e-9)


def test_rates_that_are_alike_recommend_nothing_in_nearly_all_draws() -> None:
    named = [any(one.best for one in compared([spread(seed, 0), spread(seed + 900, 0, 7)])) for seed in range(200)]
    assert sum(named) <= 18  # 5 % of 200 are 10, with a standard deviation of 3.1


def test_an_hour_that_is_better_is_found_and_a_lucky_one_is_not() -> None:
    tries, answered = np.full(24, 400), np.full(24, 100)
    answered[18] = 180
    tries[3], answered[3] = 4, 4
    (hours,) = compared([(answered, tries)])
    assert hours.differ
    assert hours.best == (18,)
    assert not hours.rates[3].told
    assert hours.rates[3].estimate < 0.5


@pytest.mark.parametrize("hits", [0, 50])
def test_all_or_none_answered_says_nothing(hits: int) -> None:
    (hours,) = compared([(np.full(24, hits), np.full(24, 50))])
    assert (hours.p, hours.differ, hours.best) == (None, False, ())
    assert {rate.estimate for rate in hours.rates} == {hits / 50}


def test_nothing_tried_says_nothing() -> None:
    none = np.zeros(24, dtype=np.int64)
    assert compared([(none, none)])[0].p is None
