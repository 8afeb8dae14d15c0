"""Each figure shows the numbers that it was given, and nothing that anybody wrote as markup."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.charts import (
    CalibrationBin,
    CoveragePoint,
    ScorePoint,
    TierShare,
    calibration_curve,
    coverage_curve,
    score_distribution,
    score_history,
    tier_shares,
    waterfall,
)
from core.charts.palette import COLD, HOT, WARM
from core.charts.pipeline import bridge

HOSTILE = '<img src="https://example.org/x.png" onerror="alert(1)">'


@given(st.lists(st.floats(-0.05, 0.05), min_size=0, max_size=28))
def test_the_bars_of_a_waterfall_end_at_the_raw_probability(amounts: list[float]) -> None:
    base = 0.3
    raw = base + sum(amounts)
    figure = waterfall(base, [(f"feature {place}", amount) for place, amount in enumerate(amounts)], raw)
    bars = figure.data[0].x
    assert bars[:-1].sum() == pytest.approx(bars[-1], abs=1e-9)
    assert bars[-1] == pytest.approx(100 * raw)


def test_a_waterfall_shows_the_largest_reasons_first_and_gathers_the_rest() -> None:
    figure = waterfall(0.1, [("small", 0.01), ("large", 0.3), ("middle", -0.1), ("tiny", 0.005)], 0.315, most=2)
    # 0.1 + 0.3 - 0.1 + (0.01 + 0.005) = 0.315
    assert list(figure.data[0].y) == ["Average lead", "large", "middle", "2 smaller reasons", "This lead"]
    assert list(figure.data[0].text) == ["10.0 %", "+30.0", "-10.0", "+1.5", "31.5 %"]


def test_a_waterfall_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(ValueError, match=r"end at 0\.400000; must end at the raw probability 0\.500000"):
        waterfall(0.1, [("one", 0.3)], 0.5)


def test_an_amount_of_the_bridge_stands_beside_its_bar_in_its_full_size() -> None:
    (drawn,) = bridge(1000.0, [("New leads", 2, 250.5), ("Lost", 1, -50.25)], 1200.25).data
    assert list(drawn.y) == ["A week ago", "New leads", "Lost", "Now"]
    assert list(drawn.text) == ["$1,000", "+$250", "-$50.25", "$1,200"]  # 250.50 to the even one
    assert (drawn.orientation, drawn.textposition, drawn.constraintext) == ("h", "outside", "none")


def test_a_label_that_holds_markup_is_shown_as_text() -> None:
    figure = waterfall(0.1, [(HOSTILE, 0.2)], 0.3)
    history = score_history([ScorePoint(datetime(2026, 1, 1, tzinfo=UTC), 0.3, "warm", HOSTILE)])
    assert "<img" not in figure.to_json()
    assert "<img" not in history.to_json()


def test_a_history_steps_from_score_to_score_in_the_colours_of_the_tiers() -> None:
    points = [
        ScorePoint(datetime(2026, 1, 1, tzinfo=UTC), 0.05, "cold", "one"),
        ScorePoint(datetime(2026, 1, 9, tzinfo=UTC), 0.5, "hot", "two"),
    ]
    line = score_history(points).data[0]
    assert list(line.y) == [5.0, 50.0]
    assert line.line.shape == "hv"
    assert line.marker.color[0] != line.marker.color[1]


def test_a_distribution_shows_each_count_at_the_middle_of_its_step_in_its_tiers_colour() -> None:
    bars = score_distribution([7, 0, 5, 3], hot=0.6, warm=0.3).data[0]  # middles 12.5, 37.5, 62.5, 87.5
    assert list(bars.x) == [12.5, 37.5, 62.5, 87.5]
    assert list(bars.y) == [7, 0, 5, 3]
    assert list(bars.marker.color) == [COLD, WARM, HOT, HOT]


def test_a_distribution_of_no_leads_is_empty_and_not_an_error() -> None:
    assert score_distribution([0] * 20, hot=0.5, warm=0.2).data[0].y.sum() == 0


def test_a_calibration_curve_keeps_counts_and_intervals() -> None:
    figure = calibration_curve([CalibrationBin(0.2, 0.25, 40, 0.15, 0.4)])
    measured = figure.data[1]
    assert measured.customdata[0][0] == "40 leads"
    assert measured.error_y.array[0] == pytest.approx(15)  # 0.40 - 0.25
    assert measured.error_y.arrayminus[0] == pytest.approx(10)  # 0.25 - 0.15


def test_a_threshold_at_which_nothing_is_answered_has_no_accuracy() -> None:
    points = [CoveragePoint(0.85, 0.75, 0.96, 0.95, 0.97), CoveragePoint(0.99, 0.0, None, None, None)]
    figure = coverage_curve(points, 0.85)
    right = next(trace for trace in figure.data if trace.name == "Right on those")
    share = next(trace for trace in figure.data if trace.name == "Answered alone")
    assert list(right.x) == [0.85]
    assert list(share.y) == [75.0, 0.0]


def test_a_tier_without_leads_has_no_bar() -> None:
    figure = tier_shares([TierShare("hot", 10, 4), TierShare("warm", 0, 0)])
    assert list(figure.data[0].y) == ["Hot"]
    assert list(figure.data[0].text) == ["40 % (4 of 10)"]
