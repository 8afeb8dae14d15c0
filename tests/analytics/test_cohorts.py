"""Cohorts against plain counting where all is known, and against SciPy's Kaplan-Meier where some leads are young."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from core.analytics.cohorts import Cohort, ages_shown, cohorts_of, signing_curve

NOW, UNIT, AGES = 200.0, 30.0, 6
EDGES = np.array([0.0, 31, 59, 90, 120, 151, 181, 212])


@pytest.fixture
def leads() -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(12)
    arrived = dice.uniform(0, NOW, 700)
    contract = np.where(dice.random(700) < 0.4, arrived + dice.gamma(2.0, 20.0, 700), np.nan)
    return arrived, np.where(contract <= NOW, contract, np.nan)


def _mine(cohort: Cohort, arrived: np.ndarray) -> np.ndarray:
    return (arrived >= cohort.start) & (arrived < cohort.end)


def test_every_lead_is_in_one_cohort(leads: tuple[np.ndarray, np.ndarray]) -> None:
    arrived, contract = leads
    found = cohorts_of(arrived, contract, EDGES, UNIT, AGES, NOW)
    assert [one.leads for one in found] == [int(_mine(one, arrived).sum()) for one in found]
    assert sum(one.leads for one in found) == 700
    assert sum(one.signed for one in found) == np.isfinite(contract).sum()


def test_a_cell_that_all_have_reached_is_the_plain_share(leads: tuple[np.ndarray, np.ndarray]) -> None:
    arrived, contract = leads
    seen = 0
    for one in cohorts_of(arrived, contract, EDGES, UNIT, AGES, NOW):
        mine = _mine(one, arrived)
        for age, cell in enumerate(one.cells, 1):
            reached = (NOW - arrived[mine] >= age * UNIT).sum()
            assert (cell is None) == (reached == 0)
            if cell is not None:
                assert cell.reached == reached
                assert cell.complete == (reached == one.leads and one.end <= NOW)
                assert cell.low <= cell.share <= cell.high
            if cell is not None and cell.complete:
                seen += 1
                plain = ((contract - arrived)[mine] <= age * UNIT).mean()
                assert cell.share == pytest.approx(plain, abs=1e-12)
    assert seen > 10


def test_a_cell_that_some_have_reached_is_that_of_kaplan_and_meier(leads: tuple[np.ndarray, np.ndarray]) -> None:
    arrived, contract = leads
    seen = 0
    for one in cohorts_of(arrived, contract, EDGES, UNIT, AGES, NOW):
        mine = _mine(one, arrived)
        signed = np.isfinite(contract[mine])
        age = np.where(signed, contract[mine], NOW) - arrived[mine]
        theirs = ecdf(CensoredData(uncensored=age[signed], right=age[~signed])).cdf
        for number, cell in enumerate(one.cells, 1):
            if cell is not None and not cell.complete:
                seen += 1
                assert cell.share == pytest.approx(float(theirs.evaluate(number * UNIT)), abs=1e-12)
    assert seen > 3


def test_the_estimate_of_young_leads_is_near_what_came_of_them() -> None:
    dice = np.random.default_rng(2)
    arrived = dice.uniform(0, 30, 40_000)
    contract = np.where(dice.random(40_000) < 0.5, arrived + dice.uniform(0, 60, 40_000), np.nan)
    now = 50.0  # those of day 0 are 50 days old, those of day 30 are 20: by day 30, 0.5 x 30 / 60 sign
    (found,) = cohorts_of(arrived, np.where(contract <= now, contract, np.nan), np.array([0.0, 30]), 30.0, 1, now)
    cell = found.cells[0]
    assert cell is not None
    assert not cell.complete
    assert cell.share == pytest.approx(0.25, abs=0.01)
    assert cell.low < 0.25 < cell.high


def test_a_contract_before_the_arrival_counts_as_signed_at_once() -> None:
    assert signing_curve(np.array([5.0, 5.0]), np.array([4.0, np.nan]), 9.0).by(0.0) == 0.5


def test_ages_reach_until_nearly_all_have_signed() -> None:
    arrived, contract = np.zeros(200), np.full(200, np.nan)
    contract[:100] = np.arange(100)  # the 99th of 100 signs on day 98: in the 14th week
    assert ages_shown(arrived, contract, 7.0, 1_000.0, 4, 26) == 14
    assert ages_shown(arrived, contract, 7.0, 1_000.0, 4, 10) == 10
    assert ages_shown(arrived, contract, 7.0, 30.0, 4, 26) == 4  # nobody is older than 30 days
    assert ages_shown(arrived, np.full(200, np.nan), 7.0, 1_000.0, 4, 26) == 4
    assert ages_shown(np.zeros(0), np.zeros(0), 7.0, 1_000.0, 4, 26) == 1
