"""The forecast against exact distributions, by hand, by properties, and against what it did not see."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson, poisson_binom

from core.analytics.backtest import backtest, moments, outlook_at, past_prices
from core.analytics.forecast import forecast
from core.analytics.futures import FUTURES, Common, drawn_futures, summed_futures
from core.analytics.milestones import Milestones, Scores, Standing, known_at, standing
from core.analytics.outlook import Arrivals, Outlook, Window, outlook, recent_arrivals
from core.analytics.survival import EndsByAge
from core.analytics.time_to_close import Chances, TimeToClose, aged, chances, learn
from tests.analytics.made import PRICE_USD, SHARE_CLOSING, SHARE_SIGNING, drawn

NOBODY = Arrivals(0.0, 0.0, 13)


def at_once(ever: list[float], new: float = 0.0, level_error: float = 0.0) -> Outlook:
    """Open leads that close, if they do, on day 1 or 2, half each; nothing else is uncertain unless told."""
    return Outlook(
        chances=Chances(np.array(ever), np.zeros(len(ever), dtype=np.int64), np.array([[0.0, 0.5, 1.0]])),
        price_usd=np.full(len(ever), 100_000.0),
        arrivals=Arrivals(new, 0.0, 13),
        new_closed=np.array([0.0, 1.0, 1.0]),
        past_prices_usd=np.array([200_000.0]),
        level_error=level_error,
        in_contract=np.zeros(len(ever), dtype=np.bool_),
        contract_error=0.0,
    )


def exact(ever: list[float]) -> list[float]:
    """The distribution of how many close, by going through every case."""
    found = [0.0] * (len(ever) + 1)
    for case in product((0, 1), repeat=len(ever)):
        found[sum(case)] += float(np.prod([q if closes else 1 - q for q, closes in zip(ever, case, strict=True)]))
    return found


def test_the_band_of_open_leads_is_that_of_every_case_counted() -> None:
    ever = [0.9, 0.75, 0.5, 0.5, 0.3, 0.2, 0.1, 0.05]
    cumulative = np.cumsum(exact(ever))
    assert cumulative == pytest.approx(poisson_binom(ever).cdf(np.arange(9)))  # the exact answer has a second opinion
    told = forecast(at_once(ever), (Window(0, 2),), seed=1)[0].closings
    expected = [int(np.argmax(cumulative >= share)) for share in (0.1, 0.5, 0.9)]
    assert [told.low, told.middle, told.high] == expected
    assert told.expected == pytest.approx(sum(ever))


def test_many_open_leads_have_the_exact_distribution_within_what_drawing_leaves() -> None:
    ever = list(np.random.default_rng(2).beta(0.5, 3, 400))
    told = forecast(at_once(ever), (Window(0, 2),), seed=5)[0].closings
    for share, value in zip((0.1, 0.5, 0.9), (told.low, told.middle, told.high), strict=True):
        assert poisson_binom(ever).cdf(value) == pytest.approx(share, abs=0.06)


def test_leads_to_come_close_as_a_poisson_number() -> None:
    # 40 a day; all close within a day of arriving, so of two days' arrivals 40 (of the first day) close by day 2.
    told = forecast(at_once([], new=40.0), (Window(0, 2),), seed=1)[0]
    assert told.expected_new == pytest.approx(40.0)
    assert told.closings.low == pytest.approx(poisson(40).ppf(0.1), abs=1)
    assert told.closings.high == pytest.approx(poisson(40).ppf(0.9), abs=1)
    assert told.volume_usd.expected == pytest.approx(40 * 200_000)


def test_a_closing_falls_on_the_day_that_its_age_says() -> None:
    told = forecast(at_once([0.6] * 200), (Window(0, 1), Window(1, 2), Window(0, 2)), seed=3)
    assert [one.closings.expected for one in told] == pytest.approx([60.0, 60.0, 120.0])
    assert told[0].closings.middle == pytest.approx(60, abs=2)
    assert told[2].volume_usd.expected == pytest.approx(120 * 100_000)


def test_a_level_that_is_not_known_widens_the_band_but_does_not_move_the_mean() -> None:
    sure, unsure = (forecast(at_once([0.1] * 300, level_error=e), (Window(0, 2),), 1)[0].closings for e in (0, 0.3))
    assert unsure.high - unsure.low > sure.high - sure.low
    assert unsure.expected == sure.expected


def test_a_lead_without_a_price_sells_at_past_prices() -> None:
    ahead = replace(at_once([0.5, 0.5]), price_usd=np.array([np.nan, 100_000.0]))
    # 0.5 x 200,000 + 0.5 x 100,000 = 150,000
    assert forecast(ahead, (Window(0, 2),), 1)[0].volume_usd.expected == pytest.approx(150_000)


@given(st.lists(st.floats(0, 0.99), max_size=30), st.floats(0, 0.99), st.integers(0, 99))
def test_the_band_is_ordered_and_one_more_lead_never_lowers_the_expected_number(
    ever: list[float], more: float, seed: int
) -> None:
    fewer, greater = (forecast(at_once(leads, 0.5, 0.2), (Window(0, 2),), seed)[0] for leads in (ever, [*ever, more]))
    for band in (fewer.closings, fewer.volume_usd):
        assert band.low <= band.middle <= band.high
    rounding = 1 - 1e-12  # one number more may round the sum of all another way
    assert greater.closings.expected >= rounding * fewer.closings.expected
    assert greater.volume_usd.expected >= rounding * fewer.volume_usd.expected


def test_the_same_seed_gives_the_same_figures() -> None:
    milestones, scores = drawn(900, seed=4)
    told = [forecast(ahead_of(milestones, scores, 500.0), (Window(0, 30),), 9)[0] for _ in range(2)]
    assert told[0] == told[1]


def ahead_of(milestones: Milestones, scores: Scores, at: float) -> Outlook:
    found = outlook_at(milestones, scores, at, 90, milestones)
    assert found is not None
    return found


def test_waiting_moves_the_odds_by_who_leaves_when() -> None:
    # Half sign, evenly on days 0 to 9; the others all leave on day 0. Then whoever is open on day 5 will sign.
    times = TimeToClose(
        to_contract=EndsByAge(np.linspace(0, 0.5, 11), np.array([0.0] + [0.5] * 10), 5),
        to_close=EndsByAge(np.array([0.0, 1.0]), np.zeros(2), 5),
    )
    found = aged(one_lead(age=5.0, scored_age=0.0, probability=0.2), times)
    assert found == pytest.approx([1.0])
    # Scored today there is nothing to correct.
    assert aged(one_lead(age=5.0, scored_age=5.0, probability=0.2), times) == pytest.approx([0.2])


def test_losses_that_come_late_lower_a_chance_while_closings_come_early() -> None:
    # Signing: day 0 to 1 all of 0.5. The others leave evenly over ten days. On day 2 nobody who signs is left.
    times = TimeToClose(
        to_contract=EndsByAge(np.array([0.0] + [0.5] * 10), np.linspace(0, 0.5, 11), 5),
        to_close=EndsByAge(np.array([0.0, 1.0]), np.zeros(2), 5),
    )
    assert aged(one_lead(age=2.0, scored_age=0.0, probability=0.9), times) == pytest.approx([0.0])


def one_lead(age: float, scored_age: float, probability: float, in_contract: float = np.nan) -> Standing:
    one = [np.array([value]) for value in (age, in_contract, scored_age, probability, probability, np.nan)]
    return Standing(np.array([0]), *one)


def test_a_lead_in_contract_closes_by_the_contracts_of_the_past() -> None:
    # Of contracts a quarter falls through on day 0 and three quarters close, half on day 1, half on day 3.
    curve = EndsByAge(np.array([0, 0, 0.375, 0.375, 0.75]), np.array([0, 0.25, 0.25, 0.25, 0.25]), 3)
    times = TimeToClose(EndsByAge(np.array([0.0, 1.0]), np.zeros(2), 4), curve)
    fresh, waited = (chances(one_lead(9.0, 0.0, 0.1, in_contract=days), times, 5) for days in (0.0, 2.0))
    assert fresh.ever == pytest.approx([0.75])
    assert fresh.within(2) == pytest.approx([0.375])
    assert waited.ever == pytest.approx([0.999])  # 0.375 of 0.375 that are left close; never called certain
    assert waited.within(1) == pytest.approx([0.0])
    assert waited.within(2) == pytest.approx([0.999])


def test_the_days_until_a_closing_are_those_to_the_contract_and_on_from_there_given_the_age() -> None:
    # A tenth signs on each of the first two days; four tenths of the contracts close on each of their first two.
    times = TimeToClose(
        EndsByAge(np.array([0.0, 0.1, 0.2]), np.zeros(3), 5), EndsByAge(np.array([0.0, 0.4, 0.8]), np.zeros(3), 5)
    )
    by_day = chances(one_lead(0.0, 0.0, 0.1), times, 3).by_day
    # A new lead signs by the end of day 1 or of day 2, half each; a contract closes on its day 1 or 2, half each. So by
    # day 2 a quarter has closed, by day 3 three. One of a day signs by the end of its next and closes from there.
    assert by_day[:4].tolist() == pytest.approx(np.array([[0, 0, 0.25, 0.75], [0, 0, 0.5, 1], [0] * 4, [0] * 4]))
    # Contracts of this day, of yesterday, and older ones, of which none that closes is left.
    assert by_day[4:].tolist() == pytest.approx(np.array([[0, 0.5, 1, 1], [0, 1, 1, 1], [0] * 4, [0] * 4]))
    assert chances(one_lead(99.0, 0.0, 0.1, in_contract=99.0), times, 3).ever.tolist() == [0.0]


def test_what_is_learned_is_the_process_that_the_leads_were_drawn_from() -> None:
    milestones, _ = drawn(20_000, seed=8)
    times = learn(milestones, 600.0)
    assert times.to_contract.ever * times.to_close.ever == pytest.approx(SHARE_SIGNING * SHARE_CLOSING, abs=0.01)
    closed = times.new_leads_closed(110)
    assert closed[50] == pytest.approx(0, abs=0.001)  # nobody closes before 20 + 30 days
    # To contract evenly 20 to 60, on to closing evenly 30 to 45: by day 77.5 half of those who close have.
    assert closed[78] == pytest.approx(0.12, abs=0.006)
    assert closed[106] == pytest.approx(0.24, abs=0.01)


def test_nothing_of_the_future_is_known_at_a_moment() -> None:
    milestones, scores = drawn(2_000, seed=2)
    at = 300.0
    contract, closed, lost = (
        np.where(days > at, days + 1_000, days) for days in (milestones.contract, milestones.closed, milestones.lost)
    )
    later = replace(milestones, contract=contract, closed=closed, lost=lost)
    assert learn(milestones, at).to_contract.wanted == pytest.approx(learn(later, at).to_contract.wanted)
    assert np.array_equal(standing(milestones, scores, at).lead, standing(later, scores, at).lead)
    assert (known_at(milestones, at).closed[~np.isnan(known_at(milestones, at).closed)] <= at).all()
    assert len(past_prices(milestones, at)) == int((milestones.closed <= at).sum())


def test_the_last_score_by_the_day_counts() -> None:
    milestones, scores = drawn(50, seed=2)
    late = replace(scores, scored=scores.scored + 1_000)
    assert np.isnan(standing(milestones, late, 300.0).probability).all()
    found = standing(milestones, scores, 300.0)
    known = ~np.isnan(found.probability)
    assert np.array_equal(known, milestones.arrived[found.lead] + 5 <= 300)


def test_open_leads_stand_with_their_ages_and_their_last_score_by_the_day() -> None:
    nan = np.nan
    milestones = Milestones(
        arrived=np.array([40.0, 99, 10, 101]),
        contract=np.array([90.0, nan, 45, nan]),
        closed=np.array([120.0, nan, 50, nan]),
        lost=np.full(4, nan),
        sale_price_usd=np.array([300_000.0, nan, 1, nan]),
    )
    scores = Scores(
        lead=np.array([0, 0, 0]), scored=np.array([45.0, 95, 100.5]), probability=np.array([0.3, 0.6, 0.9]),
        closing=np.array([0.2, 0.5, 0.8]), sale_price_usd=np.array([1.0, 2, 3]),
    )  # fmt: skip
    found = standing(milestones, scores, 100.0)  # the third has closed, the fourth comes tomorrow
    assert found.lead.tolist() == [0, 1]
    assert found.age.tolist() == [60, 1]
    assert (found.in_contract[0], found.scored_age[0]) == (10, 55)
    assert (found.probability[0], found.closing[0], found.sale_price_usd[0]) == (0.6, 0.5, 300_000)
    for unknown in (found.in_contract, found.probability, found.closing, found.sale_price_usd):
        assert np.isnan(unknown[1])


def test_weeks_that_differ_widen_the_error_of_their_mean() -> None:
    # After the first lead 7 and 21 in two weeks: mean 14, variance 98, 7 times the mean. sqrt(7 / 28) = 0.5.
    arrived = np.concatenate(([0.0], np.full(7, 3.0), np.full(21, 10.0)))
    none = np.full(len(arrived), np.nan)
    found = recent_arrivals(Milestones(arrived, none, none, none, none), 14.0)
    assert found.per_day == 2.0
    assert found.relative_error == pytest.approx(0.5)
    long_ago = recent_arrivals(Milestones(arrived, none, none, none, none), 200.0)
    assert long_ago == Arrivals(0.0, 0.0, 13)


def test_arrivals_are_those_of_the_last_weeks() -> None:
    # 14 a week for 13 weeks, before that 70 a week; the weeks do not differ, so the error is 1/sqrt(182)
    arrived = np.concatenate((np.arange(0, 109, 0.1), np.arange(109.01, 200, 0.5)))
    none = np.full(len(arrived), np.nan)
    found = recent_arrivals(Milestones(arrived, none, none, none, none), 200.0)
    assert found.per_day == pytest.approx(2.0, abs=0.02)
    assert found.relative_error == pytest.approx(182**-0.5, abs=0.001)
    nobody = np.zeros(0)
    assert recent_arrivals(Milestones(nobody, nobody, nobody, nobody, nobody), 5.0) == Arrivals(0.0, 0.0, 0)


def test_too_few_closings_make_no_forecast() -> None:
    milestones, scores = drawn(60, seed=1)
    assert outlook_at(milestones, scores, 600.0, 90, milestones) is None
    assert moments(milestones, 600.0) == []
    assert list(backtest(milestones, scores, 600.0, 1)) == []


def test_a_small_selection_learns_from_the_team() -> None:
    team, _ = drawn(1_500, seed=1)
    few, scores = drawn(60, seed=5)
    found = outlook_at(few, scores, 500.0, 90, team)
    assert found is not None
    assert found.new_closed == pytest.approx(learn(team, 500.0).new_leads_closed(90))


def test_the_backtest_is_the_same_twice_and_counts_what_happened() -> None:
    milestones, scores = drawn(1_500, seed=6)
    tried = [one for made in backtest(milestones, scores, 600.0, 3) for one in made]
    assert tried == [one for made in backtest(milestones, scores, 600.0, 3) for one in made]
    one = tried[0]
    inside = (milestones.closed > one.made) & (milestones.closed <= one.made + one.days)
    assert one.closed == int(inside.sum())
    assert one.closed_volume_usd == pytest.approx(one.closed * PRICE_USD)
    assert all(one.made + one.days <= 600.0 for one in tried)


def test_where_chances_are_true_the_band_holds_the_truth_eight_times_in_ten() -> None:
    tried = [one for seed in range(6) for made in backtest(*drawn(1_500, seed=100 + seed), 600.0, seed) for one in made]
    held = np.mean([one.closings.holds(one.closed) for one in tried])
    assert 0.7 <= held <= 0.95
    ratio = sum(one.closed for one in tried) / sum(one.closings.expected for one in tried)
    assert ratio == pytest.approx(1.0, abs=0.06)


def test_an_outlook_can_be_put_together_by_hand() -> None:
    milestones, scores = drawn(1_500, seed=6)
    times = learn(milestones, 500.0)
    made = outlook(standing(milestones, scores, 500.0), times, NOBODY, np.array([PRICE_USD]), 90)
    assert made.horizon == 90
    assert made.new_by_day()[-1] == 0


def test_many_closings_are_summed_as_they_would_be_drawn() -> None:
    ahead = outlook_of_many()
    rate = -np.log1p(-ahead.chances.within(2))
    windows = (Window(0, 1), Window(1, 2), Window(0, 2))
    dice = np.random.default_rng(8)
    common = Common(*(dice.gamma(1 / e**2, e**2, FUTURES) for e in (0.1, 0.05, 0.08)))
    summed = summed_futures(ahead, windows, rate, common, np.random.default_rng(1))
    drawn_one_by_one = drawn_futures(ahead, windows, rate, common, np.random.default_rng(2))
    for ours, theirs in zip(summed, drawn_one_by_one, strict=True):
        for sums, draws in zip(ours, theirs, strict=True):
            deviation = float(draws.std())
            assert sums.mean() == pytest.approx(draws.mean(), abs=4 * deviation / FUTURES**0.5)
            assert sums.std() == pytest.approx(deviation, rel=0.08)  # its error is 1 / sqrt(2 x 2,000) = 1.6 % each
            for share in (0.1, 0.5, 0.9):
                assert np.quantile(sums, share) == pytest.approx(np.quantile(draws, share), abs=0.2 * deviation)


def outlook_of_many() -> Outlook:
    """1,500 leads, a third in contract, a tenth without a price; 30 a day to come."""
    dice = np.random.default_rng(3)
    signed = np.arange(1_500) % 3 == 0
    price = dice.lognormal(12, 0.6, 1_500)
    price[::10] = np.nan
    return replace(
        at_once([0.5] * 1_500, new=30.0),
        chances=Chances(
            np.where(signed, 0.85, dice.beta(0.6, 3, 1_500)),
            signed.astype(np.int64),
            np.array([[0.0, 0.2, 1.0], [0.0, 0.6, 0.9]]),
        ),
        price_usd=price,
        past_prices_usd=dice.lognormal(12, 0.6, 300),
        in_contract=signed,
    )


def test_few_known_contracts_widen_the_band_of_leads_in_contract_alone() -> None:
    def width(in_contract: bool) -> float:
        ahead = replace(at_once([0.5] * 150), in_contract=np.full(150, in_contract), contract_error=0.3)
        told = forecast(ahead, (Window(0, 2),), 1)[0].closings
        return told.high - told.low

    assert width(in_contract=True) > width(in_contract=False)
