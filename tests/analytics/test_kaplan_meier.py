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
from core.analytics.survival import ends_by_age

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


def test_an_answer_after_the_end_or_after_now_is_none() -> None:
    now, nan = 10.0, np.nan
    arrived, answered = np.array([0.0, 0, 0, 9, 0]), np.array([nan, nan, 5, 11, 2])
    waits = waits_of(arrived, answered, np.array([2.0, nan, 1, nan, 2]), now)
    assert waits.answered.tolist() == [False, False, False, False, True]  # lost on day 1, answered on day 5: too late
    assert waits.hours.tolist() == [240.0, 240.0, 240.0, 24.0, 48.0]


def test_leads_lost_without_an_answer_stay_among_all() -> None:
    # 50 answered after 1 hour, 50 lost without an answer after half an hour, all ten days ago: half of 100 in an hour.
    arrived, hour = np.zeros(100), 1 / 24
    answered = np.where(np.arange(100) < 50, hour, np.nan)
    lost = np.where(np.arange(100) < 50, np.nan, hour / 2)
    speed = speed_of(waits_of(arrived, answered, lost, 10.0))
    assert (speed.leads, speed.never, speed.within[1], speed.within[2]) == (100, 50, 0.5, 0.5)
    assert (speed.median, speed.median_high, speed.ninth) == (1.0, None, None)
    fewer = speed_of(waits_of(arrived, np.where(np.arange(100) < 49, answered, np.nan), lost, 10.0))
    assert fewer.median is None  # 49 of 100: half of all were never answered


def test_shares_of_leads_that_end_and_arrive_at_all_times_are_the_true_ones() -> None:
    # An answer after 30 h and an end after 40 h, both exponential: within t hours P = 4/7 (1 - exp(-t 7/120)).
    dice, n, now = np.random.default_rng(12), 20_000, 100.0
    arrived = dice.uniform(95, now, n)
    answered, ended = (arrived + dice.exponential(hours, n) / 24 for hours in (30.0, 40.0))
    seen = np.where(ended <= now, ended, np.nan)
    speed = speed_of(waits_of(arrived, np.where(answered <= now, answered, np.nan), seen, now))
    assert speed.within[2] == pytest.approx(4 / 7 * (1 - np.exp(-24 * 7 / 120)), abs=0.012)
    assert speed.median == pytest.approx(-np.log(1 - 7 / 8) * 120 / 7, rel=0.08)  # 35.6 h
    hours = 24 * (np.fmin(np.fmin(answered, ended), now) - arrived)  # the same by Aalen and Johansen, by whole hours
    first = (answered <= ended) & (answered <= now)
    theirs = ends_by_age(hours, first, ~first & (ended <= now))
    assert [speed.within[1], speed.within[2]] == pytest.approx([theirs.wanted[1], theirs.wanted[24]], abs=0.01)
