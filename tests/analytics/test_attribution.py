"""The models against figures by hand, simulation and brute force, and the properties that credit must have."""

from __future__ import annotations

from itertools import combinations, pairwise, permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analytics.attribution import Model, attribute, weights
from core.analytics.markov_chain import removal_effects
from core.analytics.survival import Array
from core.analytics.touch_paths import Paths, Touches, largest_channels, paths_to, regrouped

CHANNELS = 4
Told = list[tuple[tuple[int, ...], bool]]
PATH = st.lists(st.integers(0, CHANNELS - 1), max_size=6).map(
    lambda path: tuple(one for place, one in enumerate(path) if place == 0 or one != path[place - 1])
)
LEADS = st.lists(st.tuples(PATH, st.booleans()), max_size=14)
quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def credits_of(told: Told, channels: int = CHANNELS) -> dict[Model, Array]:
    found = attribute(Paths.of(channels, told), np.ones(len(told)), 7.0)
    return {model: credit.conversions for model, credit in found.items()}


def test_the_chain_of_three_channels() -> None:
    """c1 > c2 > c3 converts, c1 alone and c2 > c3 do not: effects 0.5, 1, 1, and credit 0.2, 0.4, 0.4 of one."""
    told: Told = [((0, 1, 2), True), ((0,), False), ((1, 2), False)]
    assert removal_effects(Paths.of(3, told)) == pytest.approx([0.5, 1.0, 1.0])
    assert credits_of(told, 3)[Model.MARKOV_1] == pytest.approx([0.2, 0.4, 0.4])


def test_the_second_order_remembers_two_touches() -> None:
    """After 0 > 1 all convert, after 2 > 1 none: the first order cannot tell, the second gives 2 nothing."""
    told: Told = [((0, 1), True), ((0, 1), True), ((2, 1), False), ((2, 1), False)]
    assert removal_effects(Paths.of(3, told), 1) == pytest.approx([0.5, 1.0, 0.5])
    assert removal_effects(Paths.of(3, told), 2) == pytest.approx([1.0, 1.0, 0.0])


@quick
@given(LEADS)
def test_credits_sum_to_the_conversions_with_a_touch(told: Told) -> None:
    paths = Paths.of(CHANNELS, told)
    with_touch = sum(won for path, won in told if path)
    assert paths.unassigned == sum(won for path, won in told if not path)
    for credit in credits_of(told).values():
        assert credit.sum() == pytest.approx(with_touch)
        assert (credit >= -1e-12).all()


@quick
@given(LEADS, st.permutations(range(CHANNELS)))
def test_the_names_of_channels_change_nothing(told: Told, named: list[int]) -> None:
    renamed: Told = [(tuple(named[one] for one in path), won) for path, won in told]
    before, after = credits_of(told), credits_of(renamed)
    for model in Model:
        assert after[model][named] == pytest.approx(before[model], abs=1e-9)


@quick
@given(LEADS, st.randoms())
def test_the_order_of_leads_changes_nothing(told: Told, dice: object) -> None:
    mixed = list(told)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    before, after = credits_of(told), credits_of(mixed)
    for model in Model:
        assert after[model] == pytest.approx(before[model], abs=1e-9)


@quick
@given(LEADS)
def test_a_channel_without_a_touch_gets_nothing(told: Told) -> None:
    for credit in credits_of(told, CHANNELS + 1).values():
        assert credit[CHANNELS] == 0.0


@quick
@given(LEADS)
def test_shapley_is_the_mean_over_all_orders_of_joining(told: Told) -> None:
    """Brute force: what a channel adds to the coalition before it, over all orders; worth is what it converts alone."""

    def worth(coalition: tuple[int, ...]) -> int:
        return sum(won for path, won in told if path and set(path) <= set(coalition))

    expected = np.zeros(CHANNELS)
    for order in permutations(range(CHANNELS)):
        for place, channel in enumerate(order):
            expected[channel] += worth(order[: place + 1]) - worth(order[:place])
    assert credits_of(told)[Model.SHAPLEY] == pytest.approx(expected / factorial(CHANNELS))


def test_shapley_by_coalitions_of_twelve_channels() -> None:
    """The same with Shapley's weights over all 4,096 coalitions of 12 channels."""
    dice = np.random.default_rng(2)
    n = 12
    told: Told = [(tuple(dice.choice(n, size=dice.integers(1, 5), replace=False).tolist()), True) for _ in range(30)]
    sets = [sum(1 << one for one in path) for path, _ in told]
    worth = [sum(one & coalition == one for one in sets) for coalition in range(1 << n)]
    expected = [
        sum(
            factorial(size) * factorial(n - size - 1) / factorial(n) * (worth[mask | 1 << channel] - worth[mask])
            for size in range(n)
            for mask in (
                sum(1 << one for one in some) for some in combinations([c for c in range(n) if c != channel], size)
            )
        )
        for channel in (0, 5)
    ]
    assert credits_of(told, n)[Model.SHAPLEY][[0, 5]] == pytest.approx(expected)


@quick
@given(LEADS, st.sampled_from([1, 2]))
def test_removal_is_that_of_a_second_way_to_the_chance(told: Told, order: int) -> None:
    """The chance to convert by going from step to step until nobody is on the way any more, on named states."""
    paths = [(path, won) for path, won in told if path]
    if not any(won for _, won in paths):
        assert removal_effects(Paths.of(CHANNELS, told), order).tolist() == [0.0] * CHANNELS
        return
    whole = by_steps(paths, order, None)
    expected = [1 - by_steps(paths, order, channel) / whole for channel in range(CHANNELS)]
    assert removal_effects(Paths.of(CHANNELS, told), order) == pytest.approx(expected, abs=1e-6)


def by_steps(paths: Told, order: int, without: int | None) -> float:
    moves: dict[object, dict[object, float]] = {}
    for path, won in paths:
        states: list[object] = [
            "start",
            *((path[max(0, k - order + 1) : k + 1], k >= order - 1) for k in range(len(path))),
        ]
        states.append("won" if won else "lost")
        for before, after in pairwise(states):
            row = moves.setdefault(before, {})
            row[after] = row.get(after, 0) + 1
    here: dict[object, float] = {"start": 1.0}
    won_share = 0.0
    for _ in range(4_000):
        there: dict[object, float] = {}
        for state, chance in here.items():
            total = sum(moves[state].values())
            for after, times in moves[state].items():
                if after == "won":
                    won_share += chance * times / total
                elif after != "lost" and not (isinstance(after, tuple) and after[0][-1] == without):
                    there[after] = there.get(after, 0.0) + chance * times / total
        here = there
        if sum(here.values()) < 1e-12:
            break
    return won_share


def test_rules_by_position_and_time() -> None:
    """A path 0 > 1 > 2 > 3, its touches 3, 2, 1 and 0 days before; half-life one day: 1/8, 1/4, 1/2, 1 of 15/8."""
    paths = Paths.of(4, [((0, 1, 2, 3), True)])
    shares = {model: weights(paths, model, 1.0) for model in Model}
    assert shares[Model.FIRST_TOUCH].tolist() == [1, 0, 0, 0]
    assert shares[Model.LAST_TOUCH].tolist() == [0, 0, 0, 1]
    assert shares[Model.LINEAR].tolist() == [0.25] * 4
    assert shares[Model.TIME_DECAY] == pytest.approx([1 / 15, 2 / 15, 4 / 15, 8 / 15])
    assert shares[Model.POSITION_BASED] == pytest.approx([0.4, 0.1, 0.1, 0.4])
    assert weights(Paths.of(4, [((0, 1), True)]), Model.POSITION_BASED, 1.0) == pytest.approx([0.5, 0.5])
    assert weights(Paths.of(4, [((0,), True)]), Model.POSITION_BASED, 1.0) == pytest.approx([1.0])


def test_a_touch_of_long_ago_still_sums_to_one() -> None:
    told = Touches(np.zeros(2, int), np.array([0, 1]), np.array([0.0, 1.0]))
    paths = paths_to(np.array([9_000.0]), np.array([True]), told, 2, None)
    assert weights(paths, Model.TIME_DECAY, 1.0) == pytest.approx([1 / 3, 2 / 3])


def test_what_a_closing_earned_is_shared_as_its_credit() -> None:
    told: Told = [((0, 1), True), ((1,), True), ((0,), False)]
    found = attribute(Paths.of(2, told), np.array([1_000.0, 500.0, 0.0]), 7.0)
    assert found[Model.LINEAR].gci_usd == pytest.approx([500.0, 1_000.0])
    for credit in found.values():
        assert credit.gci_usd.sum() == pytest.approx(1_500.0)


def test_a_lookback_and_runs_shorten_a_path() -> None:
    lead, channel = np.zeros(5, int), np.array([0, 1, 1, 2, 0])
    touches = Touches(lead, channel, np.array([0.0, 70.0, 71.0, 80.0, 101.0]))
    end, won = np.array([100.0]), np.array([True])
    assert paths_to(end, won, touches, 3, None).channel.tolist() == [0, 1, 2]  # what comes after the end counts nowhere
    assert paths_to(end, won, touches, 3, 30.0).channel.tolist() == [1, 2]
    assert paths_to(end, won, touches, 3, 10.0).unassigned == 1
    assert paths_to(np.array([np.nan]), won, touches, 3, None).unassigned == 1


def test_the_smallest_channels_lie_together() -> None:
    lead = np.array([0, 1, 2, 0, 1, 3, 4, 4, 4])
    touches = Touches(lead, np.array([0, 0, 0, 1, 1, 2, 3, 3, 3]), np.zeros(9))
    groups = largest_channels(touches, 6, most=3)
    assert groups == [[0], [1], [2, 3]]  # three touches of one lead are one lead
    assert regrouped(touches, groups, 6).channel.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2]
