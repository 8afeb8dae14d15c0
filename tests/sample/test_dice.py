"""Random choices: fixed numbers, honest shares."""

from __future__ import annotations

import math
from statistics import mean, pstdev

from core.sample.dice import Dice, Weighted


def test_the_stream_of_a_key_never_changes() -> None:
    # (first 64-bit words of PCG64 seeded by SeedSequence((7, 1)) >> 11) / 2**53; the list is read from its end
    dice = Dice(7, 1)
    assert [round(dice.uniform(), 12) for _ in range(3)] == [round(number, 12) for number in _expected()]


def _expected() -> list[float]:
    from numpy.random import PCG64, SeedSequence

    words = [int(word) for word in PCG64(SeedSequence((7, 1))).random_raw(256)]
    return [(word >> 11) / 2**53 for word in reversed(words)][:3]


def test_every_item_of_a_table_comes_as_often_as_its_weight_says() -> None:
    table, dice = Weighted([("a", 1.0), ("b", 2.0), ("c", 1.0)]), Dice(1)
    drawn = [dice.weighted(table) for _ in range(8_000)]
    for item, share in (("a", 0.25), ("b", 0.5), ("c", 0.25)):
        allowed = 4 * math.sqrt(share * (1 - share) / 8_000)
        assert abs(drawn.count(item) / 8_000 - share) < allowed


def test_normal_numbers_have_their_mean_and_deviation() -> None:
    dice = Dice(2)
    numbers = [dice.normal(3.0, 2.0) for _ in range(8_000)]
    assert abs(mean(numbers) - 3.0) < 4 * 2.0 / math.sqrt(8_000)
    assert abs(pstdev(numbers) - 2.0) < 0.1


def test_counts_have_the_mean_and_variance_of_poisson() -> None:
    dice = Dice(3)
    counts = [dice.poisson(2.5) for _ in range(8_000)]
    assert abs(mean(counts) - 2.5) < 4 * math.sqrt(2.5 / 8_000)
    assert abs(pstdev(counts) ** 2 - 2.5) < 0.25


def test_waiting_times_have_their_mean_and_half_end_before_the_median() -> None:
    dice = Dice(4)
    times = [dice.exponential(10.0) for _ in range(8_000)]
    assert abs(mean(times) - 10.0) < 4 * 10.0 / math.sqrt(8_000)
    assert abs(sum(time < 10.0 * math.log(2) for time in times) / 8_000 - 0.5) < 0.025


def test_some_draws_without_repeating_and_no_more_than_there_are() -> None:
    dice = Dice(5)
    for count in range(7):
        drawn = dice.some("abcde", count)
        assert len(drawn) == len(set(drawn)) == min(count, 5)


def test_whole_numbers_reach_both_ends() -> None:
    dice = Dice(6)
    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}
