"""Shares that have ended by each age, by hand, against SciPy's Kaplan-Meier, and by what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from core.analytics.survival import ends_by_age

ENDS = st.lists(st.tuples(st.floats(0, 40), st.sampled_from(["wanted", "other", "open"])), min_size=1, max_size=60)


def test_two_ways_to_end_by_hand() -> None:
    # Day 0: 5 at risk, one ends as wanted: 1/5. Day 1: 4 at risk, one lost, one leaves open: lost 4/5 x 1/4 = 1/5.
    # Day 2: 2 at risk, one ends as wanted: open before 3/5, so 3/5 x 1/2 = 3/10 more. Day 4: one left, lost: 3/10.
    age = np.array([0.2, 1.1, 1.9, 2.5, 4.0])
    kind = np.array(["wanted", "other", "open", "wanted", "other"])
    found = ends_by_age(age, kind == "wanted", kind == "other")
    assert found.wanted == pytest.approx([0, 0.2, 0.2, 0.5, 0.5, 0.5])
    assert found.other == pytest.approx([0, 0, 0.2, 0.2, 0.2, 0.5])
    assert found.events == 2
    assert found.ever == pytest.approx(0.5)


@given(ENDS)
def test_with_one_way_to_end_it_is_one_minus_kaplan_and_meier(ends: list[tuple[float, str]]) -> None:
    days = np.floor([age for age, _ in ends])
    ended = np.array([kind == "wanted" for _, kind in ends])
    found = ends_by_age(np.array([age for age, _ in ends]), ended, np.zeros(len(ends), dtype=bool))
    theirs = ecdf(CensoredData(uncensored=days[ended], right=days[~ended])).cdf
    asked = np.arange(len(found.wanted) - 1)
    assert found.wanted[1:] == pytest.approx(theirs.evaluate(asked), abs=1e-12)


@given(ENDS)
def test_both_ways_together_are_kaplan_and_meier_of_either(ends: list[tuple[float, str]]) -> None:
    age, kind = np.array([age for age, _ in ends]), np.array([kind for _, kind in ends])
    found = ends_by_age(age, kind == "wanted", kind == "other")
    either = kind != "open"
    theirs = ecdf(CensoredData(uncensored=np.floor(age[either]), right=np.floor(age[~either]))).cdf
    together = found.wanted + found.other
    assert together[1:] == pytest.approx(theirs.evaluate(np.arange(len(together) - 1)), abs=1e-12)
    assert (np.diff(found.wanted) >= 0).all()
    assert (np.diff(found.other) >= 0).all()


def test_without_censoring_it_is_the_plain_share() -> None:
    dice = np.random.default_rng(3)
    age, wanted = dice.exponential(20, 500), dice.random(500) < 0.3
    found = ends_by_age(age, wanted, ~wanted)
    assert found.wanted_by(np.array([10.0])) == pytest.approx(((age < 10) & wanted).mean())
    assert found.ever == pytest.approx(wanted.mean())


def test_no_lead_at_all_ends_nothing() -> None:
    none = np.zeros(0)
    found = ends_by_age(none, none > 0, none > 0)
    assert found.ever == 0
    assert found.events == 0
