from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.features.catalog import INDEX, NAMES, UNKNOWN
from core.monitoring.drift import drift, holm, population_stability_index
from core.monitoring.reference import Reference, reference_of

BUDGET, APPROVAL = INDEX["budget_midpoint_usd"], INDEX["pre_approval"]


def market(seed: int, leads: int) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Leads of whom 26 features are never known; budgets are spread widely, pre-approval is 0, 1 or 2."""
    draw = np.random.default_rng(seed)
    features = np.full((leads, len(NAMES)), UNKNOWN, dtype=np.float32)
    features[:, BUDGET] = draw.lognormal(13, 0.4, leads)
    features[:, APPROVAL] = draw.choice([UNKNOWN, 0, 1, 2], leads, p=[0.4, 0.3, 0.2, 0.1])
    return features, draw.beta(2, 5, leads)


def reference() -> Reference:
    features, probability = market(0, 3000)
    return reference_of(features, probability, np.zeros(3000, dtype=np.bool_))


def test_an_unchanged_market_is_steady() -> None:
    look = drift(reference(), *market(1, 800))
    assert look.changed == ()
    assert len(look.shifts) == len(NAMES) + 1
    assert (look.then, look.now, look.too_few) == (3000, 800, False)


def test_under_two_hundred_leads_nothing_is_said() -> None:
    features, probability = market(1, 199)
    features[:, BUDGET] *= 100
    look = drift(reference(), features, probability)
    assert look.too_few
    assert look.shifts == ()


def test_a_feature_that_grew_is_found_and_only_it() -> None:
    features, probability = market(1, 400)
    features[:, BUDGET] *= 2
    look = drift(reference(), features, probability)
    assert [shift.name for shift in look.changed] == ["budget_midpoint_usd"]
    assert look.changed[0].test == "Kolmogorov-Smirnov"
    assert look.changed[0].median_now == pytest.approx(2 * look.changed[0].median_then, rel=0.1)
    then, now = reference().features[:, BUDGET], features[:, BUDGET]
    assert look.changed[0].psi == population_stability_index(then, now)  # the bins are those of then
    assert look.changed[0].psi != pytest.approx(population_stability_index(now, then))


def test_no_longer_being_told_is_a_change_also_when_the_told_values_are_the_same() -> None:
    features, probability = market(1, 400)
    features[::2, APPROVAL] = UNKNOWN
    found = drift(reference(), features, probability).changed
    assert [shift.name for shift in found] == ["pre_approval"]
    assert found[0].test == "chi-squared"
    assert found[0].unknown_then == pytest.approx(0.4, abs=0.05)
    assert found[0].unknown_now == pytest.approx(0.7, abs=0.05)  # half, and of the rest 0.4: 0.5 + 0.5 * 0.4


@pytest.mark.parametrize(("values", "test"), [(12, "chi-squared"), (13, "Kolmogorov-Smirnov")])
def test_a_feature_of_at_most_twelve_values_is_counted_by_value(values: int, test: str) -> None:
    features, probability = market(0, 3000)
    features[:, 5] = np.arange(3000) % values
    held = reference_of(features, probability, np.zeros(3000, dtype=np.bool_))
    assert drift(held, features[:400], probability[:400]).shifts[5].test == test


def test_what_is_unknown_everywhere_stays_steady_and_new_when_it_is_told() -> None:
    features, probability = market(1, 400)
    features[:, 5] = 1.0
    assert [shift.name for shift in drift(reference(), features, probability).changed] == [NAMES[5]]


def test_values_beyond_all_that_were_known_then_are_a_change_also_where_all_were_alike() -> None:
    """None asked for a showing then, half ask for three now: with half a lead more in each bin of the value 0 and of
    those above, and in that of the unknown, p is 1000.5, 0.5, 0.5 of 1001.5 and q 500.5, 500.5, 0.5 of 1001.5."""
    then, now = np.zeros(1000), np.repeat([0.0, 3.0], 500)
    by_hand = (500.5 - 1000.5) / 1001.5 * np.log(500.5 / 1000.5) + (500.5 - 0.5) / 1001.5 * np.log(500.5 / 0.5)
    assert population_stability_index(then, now) == pytest.approx(by_hand)
    features, probability = market(0, 3000)
    features[:, 5] = 2.0
    held = reference_of(features, probability, np.zeros(3000, dtype=np.bool_))
    features, probability = market(1, 400)
    features[:, 5] = np.where(np.arange(400) % 2, 2.0, 0.0)
    assert [shift.name for shift in drift(held, features, probability).changed] == [NAMES[5]]


def test_the_index_by_hand() -> None:
    """Half and half then, 3 to 1 now: (.75-.5) ln(.75/.5) + (.25-.5) ln(.25/.5) = .1014 + .1733 = .2747."""
    then = np.repeat([0.0, 1.0], 100_000)
    now = np.repeat([0.0, 1.0], [150_000, 50_000])
    assert population_stability_index(then, now) == pytest.approx(0.2747, abs=1e-3)


def test_the_index_of_many_values_is_that_of_their_tenths() -> None:
    """1,000 values then, all now in the uppermost tenth; half a lead more in each of the ten, and for unknown."""
    then, now = np.arange(1_000.0), np.tile(np.arange(900.0, 1_000.0), 10)
    by_hand = (9 * (0.5 - 100.5) * np.log(0.5 / 100.5) + (1_000.5 - 100.5) * np.log(1_000.5 / 100.5)) / 1_005.5
    assert population_stability_index(then, now) == pytest.approx(by_hand)


def test_a_value_between_two_that_were_known_counts_as_the_nearer_one() -> None:
    """100 at 0, 200 at 1, 100 at 10; now all 400 at 5, which is nearer to 1."""
    then, now = np.repeat([0.0, 1.0, 10.0], [100, 200, 100]), np.full(400, 5.0)
    by_hand = (2 * (0.5 - 100.5) * np.log(0.5 / 100.5) + (400.5 - 200.5) * np.log(400.5 / 200.5)) / 402
    assert population_stability_index(then, now) == pytest.approx(by_hand)


def test_a_false_alarm_is_as_rare_as_promised() -> None:
    then = reference()
    alarms = sum(bool(drift(then, *market(seed, 250)).changed) for seed in range(2, 102))
    assert alarms <= 4  # of 100 looks; at 1 % five or more come up in 1 of 290 such runs


def test_correcting_for_many_tests_keeps_the_order_and_never_exceeds_one() -> None:
    corrected = holm(np.array([0.5, 0.001, 0.9]))
    assert corrected.tolist() == [1.0, 0.003, 1.0]
