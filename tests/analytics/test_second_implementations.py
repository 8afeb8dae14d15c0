"""Intervals, corrections and survival with competing ends against those of statsmodels."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.chance import holm
from core.analytics.survival import ends_by_age
from core.scoring.interval import newcombe
from core.scoring.selective import wilson

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what statsmodels warns of when it is imported is not ours
    from statsmodels.duration.survfunc import CumIncidenceRight
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

PART = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
OPEN, WANTED, OTHER = 0, 1, 2
quick = settings(deadline=None, max_examples=80)


@pytest.fixture(scope="module", autouse=True)
def nothing_old_to_collect() -> Iterator[None]:
    """``multipletests`` collects garbage in every call, which takes a second among all that other tests left."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@quick
@given(PART)
def test_the_interval_of_a_share_is_wilsons(part: tuple[int, int]) -> None:
    expected = proportion_confint(*part, method="wilson")
    assert wilson(*part) == pytest.approx(expected, abs=1e-6)  # 1.96 there has more digits than ours may have


@quick
@given(PART, PART)
def test_the_interval_of_a_difference_is_newcombes(first: tuple[int, int], second: tuple[int, int]) -> None:
    expected = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    found = newcombe((first[0], second[0]), (first[1], second[1]))
    assert found == pytest.approx(expected, abs=1e-6)


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_the_correction_is_holms(p: list[float]) -> None:
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)


@quick
@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from((OPEN, WANTED, OTHER))), min_size=2, max_size=60))
def test_two_ways_to_end_are_those_of_aalen_and_johansen(leads: list[tuple[int, int]]) -> None:
    days, ends = np.array([day for day, _ in leads]), np.array([end for _, end in leads])
    found = ends_by_age(days + 0.5, ends == WANTED, ends == OTHER)
    if not {WANTED, OTHER} <= set(ends.tolist()):
        return  # statsmodels asks for both
    with np.errstate(divide="ignore", invalid="ignore"):  # its standard errors, which are not looked at
        told = CumIncidenceRight(days, ends)
    by_day = np.searchsorted(told.times, np.arange(int(days.max()) + 1), side="right") - 1
    for mine, theirs in ((found.wanted, told.cinc[0]), (found.other, told.cinc[1])):
        expected = np.where(by_day >= 0, theirs[np.maximum(by_day, 0)], 0.0)
        assert mine[1:] == pytest.approx(expected, abs=1e-9)
