"""A/B tests: sample sizes and p-values against statsmodels and SciPy, false alarms of both readings by simulation."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import chain, product
from math import comb

import numpy as np
import pytest
from scipy import stats

from core.analytics.ab_test import Design, Metric, Variant, design_of, variant_of
from core.analytics.ab_test_reading import (
    FEWEST_DAILY,
    FEWEST_EITHER,
    DayCount,
    Verdict,
    differences,
    mismatch_p,
    pooled_p,
    read,
)
from core.analytics.confidence_sequence import half_widths
from core.analytics.sample_size import leads_for_first, leads_needed, leads_needed_daily
from core.errors import InputError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what statsmodels warns of when it is imported is not ours
    from statsmodels.stats.proportion import proportions_ztest, samplesize_proportions_2indep_onetail

DESIGN = Design(
    "Call at once", (Variant("As ever", 0.5), Variant("At once", 0.5)), Metric.ANSWERED, 1, 0.2, 0.1, 0.8, 0.05,
    sequential=False, sample=600,
)  # fmt: skip


@pytest.mark.parametrize(
    ("baseline", "lift", "ratio", "power", "alpha"),
    [(0.1, 0.05, 1, 0.8, 0.05), (0.02, 0.01, 1, 0.9, 0.05), (0.4, 0.1, 0.25, 0.8, 0.01), (0.55, 0.04, 3, 0.95, 0.1)],
)
def test_the_sample_size_is_that_of_statsmodels(
    baseline: float, lift: float, ratio: float, power: float, alpha: float
) -> None:
    # Theirs puts prop2 into the first group (nobs1), so that diff is the second's lift with the sign turned.
    theirs = samplesize_proportions_2indep_onetail(
        -lift, baseline + lift, power, ratio=ratio, alpha=alpha, alternative="two-sided"
    )
    assert leads_for_first(baseline, lift, ratio, power, alpha) == pytest.approx(theirs, rel=1e-9)


def test_all_variants_together_have_their_power_and_a_daily_reading_needs_more() -> None:
    each = leads_for_first(0.2, 0.1, 1.0, 0.8, 0.05)
    assert leads_needed(DESIGN) == int(np.ceil(2 * each))
    three = replace(
        DESIGN, variants=tuple(Variant(name, share) for name, share in zip("abc", (0.5, 0.3, 0.2), strict=True))
    )
    smallest = leads_for_first(0.2, 0.1, 0.4, 0.8, 0.025) / 0.5  # the rarest decides, at half of alpha
    assert leads_needed(three) == int(np.ceil(smallest))
    for design in (DESIGN, three):
        assert 1.2 * leads_needed(design) < leads_needed_daily(design) < 3 * leads_needed(design)


@pytest.mark.parametrize("pairs", [((30, 100), (45, 100)), ((1, 40), (9, 300)), ((200, 900), (210, 905))])
def test_the_p_of_the_fixed_reading_is_that_of_statsmodels(pairs: tuple[tuple[int, int], tuple[int, int]]) -> None:
    (k0, n0), (k1, n1) = pairs
    assert pooled_p(*pairs) == pytest.approx(proportions_ztest([k1, k0], [n1, n0])[1], rel=1e-9)
    assert pooled_p((0, 10), (0, 12)) == 1.0


@pytest.mark.parametrize(
    ("hits", "tries", "share"), [(50, 100, 0.5), (30, 100, 0.2), (0, 9, 0.3), (5_200, 10_000, 0.5)]
)
def test_the_mismatch_of_two_is_the_exact_binomial_test(hits: int, tries: int, share: float) -> None:
    theirs = stats.binomtest(hits, tries, share).pvalue
    assert mismatch_p([hits, tries - hits], (share, 1 - share)) == pytest.approx(theirs, rel=1e-5, abs=1e-12)


def test_the_mismatch_of_three_is_close_to_the_exact_multinomial_test() -> None:
    shares, seen = (0.5, 0.3, 0.2), (40, 12, 8)
    total = sum(seen)

    def chance(counts: tuple[int, int, int]) -> float:
        a, b, c = counts
        return float(comb(total, a) * comb(total - a, b) * shares[0] ** a * shares[1] ** b * shares[2] ** c)

    every = [(a, b, total - a - b) for a, b in product(range(total + 1), repeat=2) if a + b <= total]
    exact = sum(p for p in map(chance, every) if p <= chance(seen) * (1 + 1e-9))
    assert mismatch_p(seen, shares) == pytest.approx(stats.chisquare(seen, [30, 18, 12]).pvalue, rel=1e-9)
    assert mismatch_p(seen, shares) == pytest.approx(exact, rel=0.15)
    assert mismatch_p([3, 2, 1], shares) is None


def test_shares_are_kept_and_two_tests_do_not_know_of_each_other() -> None:
    given = np.array([[variant_of(test, f"lead_{n}", (0.5, 0.3, 0.2)) for n in range(6_000)] for test in (1, 2)])
    for test in given:
        assert stats.chisquare(np.bincount(test), [3_000, 1_800, 1_200]).pvalue > 0.01
    both = np.zeros((3, 3))
    np.add.at(both, (given[0], given[1]), 1)
    assert stats.chi2_contingency(both).pvalue > 0.01


def counts(day: int, *variants: tuple[int, int, int]) -> list[DayCount]:
    """Leads, ripe and successes of each variant."""
    return [DayCount(day, place, *one) for place, one in enumerate(variants)]


def test_a_fixed_reading_says_nothing_before_its_sample_is_full_and_ripe() -> None:
    first = counts(1, (200, 200, 20), (200, 200, 90))
    early = read(DESIGN, first)
    assert (early.verdict, early.comparisons[0].p, early.full_on) == (Verdict.WAITING, None, None)
    unripe = read(DESIGN, [*first, *counts(2, (110, 100, 10), (110, 110, 40))])
    assert (unripe.verdict, unripe.comparisons[0].p, unripe.full_on) == (Verdict.WAITING, None, 2)
    full = [*first, *counts(2, (110, 110, 11), (110, 110, 40))]
    told = read(DESIGN, full)
    assert (told.verdict, told.full_on) == (Verdict.DIFFERENT, 2)
    assert told.comparisons[0].p == pooled_p((31, 310), (130, 310))
    assert read(DESIGN, [*full, *counts(3, (50, 50, 50), (50, 50, 0))]) == replace(
        told, mismatch_p=mismatch_p([360, 360], (0.5, 0.5))
    )  # what comes later changes nothing
    assert read(DESIGN, counts(1, (310, 310, 60), (310, 310, 62))).verdict is Verdict.NO_DIFFERENCE


@pytest.mark.parametrize("sequential", [False, True])
def test_a_mismatch_stops_the_verdict(sequential: bool) -> None:
    told = read(replace(DESIGN, sequential=sequential), counts(1, (500, 500, 50), (390, 390, 190)))
    assert told.mismatch_p is not None
    assert told.mismatch_p < 0.001
    assert told.verdict is Verdict.MISMATCH


def test_a_daily_reading_waits_for_a_hundred_and_then_says_where_it_crossed() -> None:
    daily = replace(DESIGN, sequential=True)
    days = [counts(day, (20, 20, 2), (20, 20, 12)) for day in range(10)]
    young = read(daily, list(chain(*days[:2])))
    assert (young.verdict, young.comparisons[0].looks) == (Verdict.WAITING, ())
    told = read(daily, list(chain(*days)))
    comparison = told.comparisons[0]
    assert told.verdict is Verdict.DIFFERENT
    assert [look.leads for look in comparison.looks] == [40 * n for n in range(3, 11)]
    crossed = next(look for look in comparison.looks if look.low > 0)
    assert comparison.crossed_on == crossed.day
    assert comparison.p is not None
    assert (comparison.p < 0.05) == (comparison.crossed_on is not None)


def test_a_difference_that_was_found_stays_found_when_later_leads_turn_it_round() -> None:
    # Day 1: 40 of 200 against 75 of 200, +17.5 points. In all: 40 + 250 of 800 against 75 + 192 of 800, -2.9 points.
    design = replace(DESIGN, sequential=True)
    first = [DayCount(1, 0, 200, 200, 40), DayCount(1, 1, 200, 200, 75)]
    later = [DayCount(2, 0, 600, 600, 250), DayCount(2, 1, 600, 600, 192)]
    (found,), (now,) = read(design, first).comparisons, read(design, [*first, *later]).comparisons
    assert (now.different, now.crossed_on) == (True, 1)
    assert now.looks[-1].difference == pytest.approx(-23 / 800)
    assert now.crossed == found.looks[0]
    assert found.looks[0].difference == pytest.approx(0.175)
    assert found.p is not None
    assert found.p < 0.05
    assert now.p == found.p  # the later look alone says nothing: its band holds 0
    assert now.looks[-1].low < 0 < now.looks[-1].high


def test_the_variance_takes_one_success_and_one_failure_more_and_nobody_differs_in_nothing() -> None:
    # 30 of 100 and 0 of 50: (31 / 102) (71 / 102) 150 / 100 + (1 / 52) (51 / 52) 150 / 50 = 0.317330 + 0.056583
    _, variance, n = differences(*(np.array([float(count)]) for count in (100, 30, 50, 0)))
    assert (n[0], variance[0]) == (150, pytest.approx(0.373913, abs=1e-6))
    nobody, nothing, _ = differences(*(np.array([float(count)]) for count in (100, 30, 0, 0)))
    assert (nobody[0], nothing[0]) == (0.0, 0.0)


@pytest.mark.parametrize(("rate", "share"), [(0.03, 0.5), (0.2, 0.5), (0.5, 0.8)])
def test_equals_are_told_apart_in_few_runs_however_often_a_daily_reading_is_looked_at(
    rate: float, share: float
) -> None:
    """1,000 tests of equals over 100 days of 20 leads, looked at every day: at most 5 % may ever cross."""
    dice, runs, days, leads = np.random.default_rng(17), 1_000, 100, 20
    n0 = dice.binomial(leads, share, (runs, days)).cumsum(axis=1).astype(float)
    n1 = leads * np.arange(1, days + 1) - n0
    k0 = dice.binomial(np.diff(n0, prepend=0).astype(int), rate).cumsum(axis=1)
    k1 = dice.binomial(np.diff(n1, prepend=0).astype(int), rate).cumsum(axis=1)
    difference, variance, n = differences(n0, k0, n1, k1)
    hits = k0 + k1
    allowed = (n >= FEWEST_DAILY) & (hits >= FEWEST_EITHER) & (n - hits >= FEWEST_EITHER) & (n0 > 0) & (n1 > 0)
    crossed = (np.abs(difference) > half_widths(variance, n, 0.05, 1_200)) & allowed
    assert crossed.any(axis=1).mean() < 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)
    naive = (np.abs(difference) > 1.96 * np.sqrt(variance / n)) & allowed
    assert naive.any(axis=1).mean() > 0.15  # what a single look's interval would do


def test_equals_are_told_apart_in_one_of_twenty_fixed_readings() -> None:
    dice, runs = np.random.default_rng(18), 2_000
    wrong = 0
    for _ in range(runs):
        n0 = int(dice.binomial(620, 0.5))
        told = read(
            replace(DESIGN, sample=560),
            counts(1, (n0, n0, int(dice.binomial(n0, 0.2))), (620 - n0, 620 - n0, int(dice.binomial(620 - n0, 0.2)))),
        )
        wrong += told.comparisons[0].different
    assert abs(wrong / runs - 0.05) < 3 * np.sqrt(0.05 * 0.95 / runs)


def test_a_daily_reading_finds_the_planned_lift_with_its_power() -> None:
    dice, runs = np.random.default_rng(19), 400
    n = leads_needed_daily(DESIGN)
    half = n // 2
    k0, k1 = (dice.binomial(half, rate, runs).astype(float) for rate in (0.2, 0.3))
    difference, variance, total = differences(np.full(runs, half), k0, np.full(runs, half), k1)
    width = half_widths(variance, total, 0.05, leads_needed(DESIGN))
    assert (difference > width).mean() > 0.8 - 3 * np.sqrt(0.8 * 0.2 / runs)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"variants": (Variant("a", 1.0),)}, "1 variants; must be from 2 to 5"),
        ({"variants": (Variant("a", 0.5), Variant("a", 0.5))}, "no two the same"),
        ({"variants": (Variant("a", 0.5), Variant("b", 0.4))}, "add up to 90 %"),
        ({"variants": (Variant("a", 0.995), Variant("b", 0.005))}, "outside of 1 to 99 %"),
        ({"within_days": 0}, "days is 0"),
        ({"power": 0.3}, "power is 0.3"),
        ({"alpha": 0.5}, "alpha is 0.5"),
        ({"baseline": 0.95}, "both together below 100 %"),
        ({"baseline": 0.0}, "must be above 0 %"),
    ],
)
def test_what_cannot_be_tested_is_refused_in_words(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        replace(DESIGN, **change)  # type: ignore[arg-type]


def test_a_design_comes_back_from_plain_values() -> None:
    assert design_of(DESIGN.as_json()) == DESIGN
