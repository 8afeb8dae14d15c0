"""The tests in closed form against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from core.monitoring.two_samples import chi_squared, chi_squared_tail, kolmogorov, kolmogorov_smirnov


@pytest.mark.parametrize("freedom", range(1, 40))
@pytest.mark.parametrize("statistic", [0.0, 0.01, 1.0, 7.5, 40.0, 300.0])
def test_the_tail_of_chi_squared_is_scipys(freedom: int, statistic: float) -> None:
    assert chi_squared_tail(statistic, freedom) == pytest.approx(stats.chi2.sf(statistic, freedom), rel=1e-10)


@pytest.mark.parametrize("distance", [0.0, 0.2, 0.5, 1.0, 1.17, 1.18, 1.19, 1.5, 3.0, 8.0])
def test_kolmogorovs_limit_is_scipys(distance: float) -> None:
    assert kolmogorov(distance) == pytest.approx(stats.kstwobign.sf(distance), rel=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_pearsons_test_is_scipys(seed: int) -> None:
    draw = np.random.default_rng(seed)
    table = draw.integers(5, 90, (2, draw.integers(2, 14))).astype(float)
    assert chi_squared(table) == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_two_samples_are_told_apart_as_by_scipy(seed: int) -> None:
    draw = np.random.default_rng(seed)
    first = draw.normal(size=draw.integers(200, 4000))
    second = draw.normal(loc=draw.uniform(0, 0.25), size=draw.integers(200, 4000))
    both = (np.round(first, seed % 3 + 1), np.round(second, seed % 3 + 1))  # ties, as features have them
    theirs = stats.ks_2samp(*both, method="asymp").pvalue
    assert kolmogorov_smirnov(*both) == pytest.approx(theirs, rel=0.06, abs=1e-6)
