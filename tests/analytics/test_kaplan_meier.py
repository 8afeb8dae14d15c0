"""Kaplan and Meier's estimate by hand, against SciPy's with its intervals, and by what must always hold."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from core.analytics.kaplan_meier import happened_by_age
from core.analytics.speed import Waits, speed_of, waits_of

WATCHED = st.lists(st.tuples(st.floats(0.1, 40), st.booleans()), min_size=1, max_size=60)


def test_by_hand() -> None:
    # Age 1: 1 of 5, 1/5. Age 2: 4 at risk, one: 1 - 4/5 x 3/4 = 2/5; one leaves there. Age 4: 2 at risk: 2/5 + 3/10.
    found = happened_by_age(np.array([1.0, 2.0, 2.0, 4.0, 5.0]), np.array([True, True, False, True, False]))
    assert found.age.tolist() == [1, 2, 4]
    assert found.share == pytest.approx([0.2, 0.4, 0.7])
    assert found.at_risk.tolist() == [5, 4, 2]
    assert (found.events, found.longest) == (3, 5.0)
    assert [found.by(age) for age in (0.5, 1, 3.9, 99)] == pytest.approx([0, 0.2, 0.4, 0.7])
    assert (found.age_of(0.4), found.age_of(0.41), found.age_of(0.71)) == (2.0, 4.0, None)


@given(WATCHED)
def test_share_and_interval_are_those_of_scipy(watched: list[tuple[float, bool]]) -> None:
    age, happened = np.array([one for one, _ in watched]), np.array([seen for _, seen in watched])
    found = happened_by_age(age, happened)
    theirs = ecdf(CensoredData(uncensored=age[happened], right=age[~happened])).sf
    assert 1 - found.share == pytest.approx(theirs.evaluate(found.age), abs=1e-12)
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):  # where nobody is left to watch
        interval = theirs.confidence_interval(0.95, method="log-log")
    for ours, end in ((found.high, interval.low), (found.low, interval.high)):
        told = end.evaluate(found.age)
        known = np.isfinite(told) & (found.share < 1)
        assert 1 - ours[known] == pytest.approx(told[known], abs=1e-9)


@given(WATCHED)
def test_what_always_holds(watched: list[tuple[float, bool]]) -> None:
    age, happened = np.array([one for one, _ in watched]), np.array([seen for _, seen in watched])
    found = happened_by_age(age, happened)
    assert (np.diff(found.share) >= 0).all()
    assert ((found.low <= found.share + 1e-12) & (found.share <= found.high + 1e-12)).all()
    assert ((found.low >= 0) & (found.high <= 1)).all()
    assert found.events == happened.sum()
    if happened.all():
        for asked in (1.0, 20.0):
            assert found.by(asked) == pytest.approx((age <= asked).mean())


def test_nobody_watched() -> None:
    found = happened_by_age(np.zeros(0), np.zeros(0, dtype=bool))
    assert (found.by(9), found.age_of(0.5), found.events) == (0.0, None, 0)


def test_the_median_of_all_waits_is_not_that_of_the_answered() -> None:
    # Six of ten are answered in an hour, four have waited ten days: nine in ten is never reached, the median is.
    waits = Waits(np.array([1.0] * 6 + [240.0] * 4), np.array([True] * 6 + [False] * 4))
    speed = speed_of(waits)
    assert (speed.leads, speed.never, speed.median, speed.ninth) == (10, 4, 1.0, None)
    assert speed.within == pytest.approx((0, 0.6, 0.6))


def test_who_is_decided_first_waits_no_longer() -> None:
    now, nan = 10.0, np.nan
    waits = waits_of(np.array([0.0, 0, 0, 9]), np.array([nan, nan, 3, 11]), np.array([2.0, nan, 1, nan]), now)
    assert waits.hours.tolist() == [48.0, 240.0, 72.0, 24.0]
    assert waits.answered.tolist() == [False, False, True, False]
