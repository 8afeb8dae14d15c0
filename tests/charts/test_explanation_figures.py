"""The figures over a selection of leads draw every lead, whatever their number, and say how many."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.charts import ValueGroup, beeswarm, dependence, mean_contributions
from core.charts.beeswarm import EMPTY, GAP_LANES, HIGHEST, LOWEST, NOT_KNOWN, shades
from core.charts.dependence import MOST_DOTS
from core.charts.palette import NEUTRAL, PRIMARY

UNKNOWN = -1.0
HOSTILE = '<img src="https://example.org/x.png">'


def grid_of(contributions: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.uint8]:
    labels = [f"feature {place}" for place in range(contributions.shape[1])]
    return np.asarray(beeswarm(labels, contributions, values, UNKNOWN).data[0].z)


def test_a_bar_says_the_mean_in_points_and_the_order_is_kept() -> None:
    bars = mean_contributions([("Budget", 0.042), ("Urgency", 0.01), (HOSTILE, 0.0)]).data[0]
    assert list(bars.x) == [4.2, 1.0, 0.0]
    assert list(bars.y) == ["Budget", "Urgency", '&lt;img src="https://example.org/x.png"&gt;']


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_every_column_in_which_a_lead_lies_has_a_stack_and_no_other_has(leads: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    contributions = dice.normal(0, 0.05, (leads, 1))
    figure = beeswarm(["one"], contributions, dice.random((leads, 1)), UNKNOWN)
    swarm = figure.data[0]
    middles = swarm.x0 + swarm.dx * np.arange(swarm.z.shape[1])
    nearest = {int(np.abs(middles - 100 * value).argmin()) for value in contributions[:, 0]}
    assert set(np.flatnonzero((swarm.z != EMPTY).any(axis=0)).tolist()) == nearest


def test_as_long_as_there_is_room_each_lead_has_a_cell_of_its_own() -> None:
    contributions = np.array([[0.1], [0.1], [0.1], [-0.2]])
    grid = grid_of(contributions, np.array([[1.0], [2.0], [UNKNOWN], [3.0]]))
    assert (grid != EMPTY).sum() == 4
    assert (grid == NOT_KNOWN).sum() == 1
    stack = next(column for column in grid.T if (column != EMPTY).sum() == 3)
    # the axis runs downwards, so the highest value comes first; ranks of 1, 2, 3 are 0, 1/2, 1
    assert stack[stack != EMPTY].tolist() == [LOWEST + 50, LOWEST, NOT_KNOWN]


def test_a_taller_stack_means_more_leads() -> None:
    contributions = np.concatenate([np.full(900, 0.1), np.full(100, -0.1)])[:, None]
    grid = grid_of(contributions, np.ones((1_000, 1)))
    heights = [int(height) for height in (grid != EMPTY).sum(axis=0) if height]
    assert heights == [5, 13]  # 13 lanes for 900; ceil(13 * sqrt(100 / 900)) = ceil(4.33) = 5


def test_rows_of_two_features_do_not_touch() -> None:
    grid = grid_of(np.zeros((500, 2)), np.ones((500, 2)))
    height = grid.shape[0] // 2
    assert (grid[height - GAP_LANES : height] == EMPTY).all()
    assert (grid[: height - GAP_LANES] != EMPTY).any()


def test_the_picture_of_ten_thousand_leads_is_no_larger_than_that_of_one_thousand() -> None:
    dice = np.random.default_rng(3)
    sizes = [
        len(beeswarm(["a"] * 12, dice.normal(0, 0.05, (leads, 12)), dice.random((leads, 12)), UNKNOWN).to_json())
        for leads in (1_000, 10_000)
    ]
    assert sizes[1] < 1.05 * sizes[0]
    assert sizes[1] < 80_000


def test_equal_values_have_one_colour_and_an_outlier_does_not_wash_out_the_rest() -> None:
    values = np.array([1.0, 1.0, 2.0, 3.0, 1e9])
    found = shades(values, np.zeros(5, dtype=bool))
    # mid-ranks 1, 1, 2.5, 3.5, 4.5: shares 0, 0, 1.5 / 3.5, 2.5 / 3.5, 1
    assert found.tolist() == [LOWEST, LOWEST, LOWEST + 43, LOWEST + 71, HIGHEST]


def test_a_selection_without_leads_or_with_one_value_is_no_error() -> None:
    assert (grid_of(np.empty((0, 2)), np.empty((0, 2))) == EMPTY).all()
    assert shades(np.array([4.0, 4.0]), np.zeros(2, dtype=bool)).tolist() == [52, 52]


def test_dependence_draws_at_most_two_thousand_dots_and_keeps_the_means_of_all() -> None:
    count = 10_000
    group = np.arange(count) % 2
    figure = dependence(
        [ValueGroup("not known", 5_000, -0.01, known=False), ValueGroup("5 or more", 5_000, 0.03)],
        group,
        np.where(group, 5.0, UNKNOWN),
        np.where(group, 0.03, -0.01),
    )
    known, unknown, bars, means = figure.data
    assert len(known.x) + len(unknown.x) == MOST_DOTS
    assert (known.marker.color, unknown.marker.color) == (PRIMARY, NEUTRAL)
    assert means.y.tolist() == pytest.approx([-1.0, 3.0])
    assert means.customdata[1][1] == "5,000 leads"
    assert bars.y.tolist() == pytest.approx([-1.0] * 3 + [3.0] * 3)


def test_inside_a_column_dots_stand_in_the_order_of_their_values() -> None:
    values = np.array([30.0, 10.0, 20.0, 99.0])
    dots = dependence(
        [ValueGroup("under 50", 3, 0.0), ValueGroup("50 or more", 1, 0.0)], np.array([0, 0, 0, 1]), values, np.zeros(4)
    ).data[0]
    assert np.argsort(dots.x[:3]).tolist() == [1, 2, 0]
    assert np.abs(dots.x[:3]).max() < 0.5
    assert dots.x[3] == pytest.approx(1.0)
