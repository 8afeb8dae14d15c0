"""Our tests of chance against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact, mannwhitneyu

from core.analytics.chance import as_few, longer, more_often

SMALL = st.integers(0, 60)


@given(SMALL, SMALL, SMALL, SMALL)
def test_more_often_is_fishers_exact_test(hits: int, misses: int, other_hits: int, other_misses: int) -> None:
    theirs = fisher_exact([[hits, misses], [other_hits, other_misses]], alternative="greater").pvalue
    ours = more_often((hits, hits + misses), (other_hits, other_hits + other_misses))
    assert ours == pytest.approx(float(theirs), rel=1e-8, abs=1e-12)


@given(st.lists(st.integers(0, 9), min_size=8, max_size=30), st.lists(st.integers(0, 9), min_size=8, max_size=30))
def test_longer_is_the_test_of_mann_and_whitney_with_ties(first: list[int], others: list[int]) -> None:
    a, b = np.array(first, dtype=float), np.array(others, dtype=float)
    if len(set(first + others)) == 1:
        assert longer(a, b) == 1.0
        return
    theirs = mannwhitneyu(a, b, alternative="greater", method="asymptotic").pvalue
    assert longer(a, b) == pytest.approx(float(theirs), rel=1e-9)


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.05, 0.95))
def test_as_few_is_the_binomial_distribution(hits: int, more: int, share: float) -> None:
    assert as_few(hits, hits + more, share) == pytest.approx(float(binom.cdf(hits, hits + more, share)), abs=1e-10)
