"""Shrunken rates against SciPy's beta-binomial, the test against SciPy's, and how often luck is recommended."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import beta, betabinom, chi2_contingency

from core.analytics.best_hour import accident, compared, concentration, rates_of


def spread(seed: int, weight: float, slots: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """Answers and tries of slots whose rates are drawn round 0.3."""
    dice = np.random.default_rng(seed)
    tries = dice.integers(20, 600, slots)
    rates = dice.beta(0.3 * weight, 0.7 * weight, slots) if weight else np.full(slots, 0.3)
    return dice.binomial(tries, rates), tries


@pytest.mark.parametrize("seed", range(5))
def test_the_concentration_is_the_likeliest_of_the_beta_binomial(seed: int) -> None:
    answered, tries = spread(seed, 40.0)
    mean = answered.sum() / tries.sum()

    def unlikely(log: float) -> float:
        weight = np.exp(log)
        return -float(betabinom.logpmf(answered, tries, weight * mean, weight * (1 - mean)).sum())

    theirs = np.exp(minimize_scalar(unlikely, bounds=(0, 14), method="bounded", options={"xatol": 1e-8}).x)
    assert concentration(answered, tries, mean) == pytest.approx(theirs, rel=1e-3)


def test_a_rate_is_the_posterior_of_the_beta_distribution() -> None:
    answered, tries = spread(1, 40.0)
    mean = answered.sum() / tries.sum()
    weight = concentration(answered, tries, mean)
    told = (tries >= 30).sum()
    for rate, k, n in zip(rates_of(answered, tries), answered, tries, strict=True):
        posterior = beta(weight * mean + k, weight * (1 - mean) + n - k)
        assert (rate.estimate, rate.low, rate.high, rate.surely) == pytest.approx(
            (posterior.mean(), posterior.ppf(0.025), posterior.ppf(0.975), posterior.ppf(0.025 / told)), abs=1e-9
        )
        assert abs(rate.estimate - mean) <= abs(k / n - mean) + 1e-12


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
