"""How much seasons differ: against SciPy's negative binomial, and on leads whose seasons are known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from core.analytics.level_drift import DEVIATIONS, SEASON_DAYS, USUAL, contracts_by_season, level_variance
from core.analytics.milestones import Milestones, arrived_by
from core.analytics.time_to_close import learn_known
from tests.analytics.made import drawn


def by_scipy(seen: list[int], expected: list[float]) -> float:
    """The same mean of squares with the library's probabilities."""
    weights = []
    for deviation in DEVIATIONS:
        if deviation == 0:
            chance = poisson(expected).pmf(seen).prod()
        else:
            size = deviation**-2
            chance = nbinom(size, size / (size + np.array(expected))).pmf(seen).prod()
        weights.append(chance * np.exp(-deviation / USUAL))
    return float(np.average(DEVIATIONS**2, weights=weights))


@pytest.mark.parametrize("seen", [[40, 41, 39, 40], [20, 60, 25, 55], [3, 0, 1, 2]])
def test_the_variance_is_that_of_the_library_s_negative_binomial(seen: list[int]) -> None:
    expected = [float(np.mean(seen))] * len(seen)
    assert level_variance(np.array(seen), np.array(expected)) == pytest.approx(by_scipy(seen, expected))


def test_as_many_contracts_are_expected_as_were_seen_and_each_falls_into_its_season() -> None:
    milestones, _ = drawn(3_000, seed=6)
    known = arrived_by(milestones, 500.0)
    seen, expected = contracts_by_season(known, learn_known(known, 500.0).to_contract, 500.0)
    assert seen.sum() == np.count_nonzero(~np.isnan(known.contract))
    assert expected.sum() == pytest.approx(seen.sum(), rel=0.03)  # days are counted whole at the edges
    first = np.count_nonzero(known.contract > 500.0 - SEASON_DAYS)
    assert seen[0] == first
    assert np.abs(seen - expected).max() < 4 * np.sqrt(expected.max())


def test_a_season_in_which_half_as_many_sign_is_seen() -> None:
    milestones, _ = drawn(6_000, seed=6)
    dice = np.random.default_rng(1)
    torn = np.floor((500.0 - milestones.contract) / SEASON_DAYS) % 2 == 1
    never = torn & (dice.random(len(milestones)) < 0.5)  # in each second season half of the contracts never came
    fewer = Milestones(
        milestones.arrived,
        np.where(never, np.nan, milestones.contract),
        np.where(never, np.nan, milestones.closed),
        np.where(never, milestones.contract, milestones.lost),
        milestones.sale_price_usd,
    )

    def deviation(of: Milestones) -> float:
        known = arrived_by(of, 500.0)
        variance = level_variance(*contracts_by_season(known, learn_known(known, 500.0).to_contract, 500.0))
        return float(variance**0.5)

    # Factors 2/3 and 4/3 of their mean: a deviation of a third.
    assert deviation(fewer) == pytest.approx(1 / 3, abs=0.08)
    assert deviation(milestones) < 0.1


def test_without_leads_no_season_is_told() -> None:
    nobody = Milestones(*(np.zeros(0),) * 5)
    seen, expected = contracts_by_season(nobody, learn_known(nobody, 10.0).to_contract, 10.0)
    assert len(seen) == len(expected) == 0
