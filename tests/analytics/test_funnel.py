"""The funnel against leads counted by hand, SciPy's Kaplan-Meier, and the properties of counts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from core.analytics.chance import differ, holm
from core.analytics.funnel import by_segment, reached_before, settling_days, steps
from core.analytics.repair import Flow, drawn_together, repairs
from core.analytics.stage_ways import LAST, StageWays, grouped, stage_ways

NAN = np.nan
Lead = tuple[str, list[float], float]
Days = tuple[float, float, float, float]


def ways_of(leads: list[Lead], source: list[str | None] | None = None) -> StageWays:
    """Leads as (present stage, first day in each of the five stages, day of the loss)."""
    first = np.array([days for _, days, _ in leads], dtype=float).T.reshape(5, -1)
    lost = np.array([day for _, _, day in leads])
    groups = {"source": grouped(source or [None] * len(leads))}
    stages = [stage for stage, _, _ in leads]
    return stage_ways([str(n) for n in range(len(leads))], first, stages, lost, np.full(len(leads), NAN), groups)


BY_HAND: list[Lead] = [
    ("generated", [0, NAN, NAN, NAN, NAN], NAN),
    ("lost", [0, NAN, NAN, NAN, NAN], 20.0),
    ("qualified", [0, 2, NAN, NAN, NAN], NAN),
    ("closed", [0, NAN, NAN, 30, 60], NAN),  # skipped two stages
    ("lost", [0, 3, 9, NAN, NAN], 40.0),
    ("contract", [NAN, NAN, NAN, NAN, NAN], NAN),  # an import told the stage and no date
    ("qualified", [0, 1, 5, NAN, NAN], NAN),  # was at a showing and fell back
]


def test_leads_are_counted_where_they_came_to() -> None:
    found = steps(ways_of(BY_HAND), now=100.0)
    counts = [(one.reached, one.went_on, one.lost, one.open) for one in found]
    assert counts == [(7, 5, 1, 1), (5, 4, 0, 1), (4, 2, 1, 1), (2, 1, 0, 1)]
    assert [one.untimed for one in found] == [1, 2, 2, 1]


def test_a_stage_that_nobody_dated_began_at_the_latest_with_the_next_one_that_was() -> None:
    ways = ways_of([("closed", [0, 2, NAN, NAN, 12], NAN), ("closed", [0, 2, NAN, 15, 12], NAN)])
    assert ways.at.T.tolist() == [[0, 2, 12, 12, 12]] * 2  # the second's contract was dated after its closing
    assert ways.told.T.tolist() == [[True, True, False, False, True]] * 2


DAY = st.one_of(st.just(NAN), st.integers(0, 200).map(float))
ANY_STAGE = st.sampled_from(["generated", "qualified", "showing", "contract", "closed", "lost"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(ANY_STAGE, st.tuples(DAY, DAY, DAY, DAY), st.integers(0, 300)), max_size=12))
def test_every_lead_that_reached_a_stage_went_on_was_lost_or_is_there(drawn: list[tuple[str, Days, int]]) -> None:
    leads = [(stage, [0.0, *days], float(lost) if stage == "lost" else NAN) for stage, days, lost in drawn]
    found = steps(ways_of(leads), now=300.0)
    assert found[0].reached == len(leads)
    for one in found:
        assert one.reached == one.went_on + one.lost + one.open
        assert one.stuck <= one.open
    for before, after in pairwise(found):
        assert before.went_on == after.reached


def test_the_median_time_is_that_of_kaplan_and_meier_where_nobody_is_lost() -> None:
    dice = np.random.default_rng(3)
    took, seen = dice.exponential(20.0, 400), dice.uniform(0, 60, 400)
    leads: list[Lead] = [
        ("qualified", [0, float(t), NAN, NAN, NAN], NAN)
        if t <= s
        else ("generated", [100 - s, NAN, NAN, NAN, NAN], NAN)
        for t, s in zip(took, seen, strict=True)
    ]
    found = steps(ways_of(leads), now=100.0)[0]
    left = [t for t, s in zip(took, seen, strict=True) if t <= s]
    still = [s for t, s in zip(took, seen, strict=True) if t > s]
    curve = ecdf(CensoredData(uncensored=left, right=still)).cdf
    assert found.ever is not None
    assert found.median_days is not None
    assert found.ever == pytest.approx(float(curve.probabilities[-1]), abs=0.02)
    half = float(curve.quantiles[np.searchsorted(curve.probabilities, found.ever / 2)])
    assert found.median_days == pytest.approx(half, abs=1.0)
    assert found.median_days > np.median(left)  # the open leads count


def test_who_stands_there_longer_than_nine_in_ten_took_is_stuck() -> None:
    went: list[Lead] = [("qualified", [0, day + 0.5, NAN, NAN, NAN], NAN) for day in range(10)]
    there: list[Lead] = [("generated", [100.0 - age, NAN, NAN, NAN, NAN], NAN) for age in (2.0, 40.0, 60.0)]
    found = steps(ways_of(went + there), now=100.0)[0]
    assert (found.open, found.stuck) == (3, 2)


def test_groups_sum_to_the_team() -> None:
    ways = ways_of(BY_HAND, ["web", "ads", "web", None, "ads", "web", None])
    on, settled = by_segment(ways, ways.segments["source"])
    whole = steps(ways, 100.0)
    assert on.sum(axis=0).tolist() == [one.went_on for one in whole]
    assert settled.sum(axis=0).tolist() == [one.settled for one in whole]


def test_a_young_source_with_the_same_leads_is_no_better() -> None:
    """Half go on after 2 days, half are lost after 15 to 45; one source has sent leads for 600 days, one for 60."""
    dice, now = np.random.default_rng(6), 600.0
    leads: list[Lead] = []
    arrived = np.concatenate((dice.uniform(0, now, 4_000), dice.uniform(now - 60, now, 400)))
    for came, goes, lost_after in zip(arrived, dice.random(4_400) < 0.5, dice.uniform(15, 45, 4_400), strict=True):
        if goes and came + 2 <= now:
            leads.append(("qualified", [came, came + 2, NAN, NAN, NAN], NAN))
        elif not goes and came + lost_after <= now:
            leads.append(("lost", [came, NAN, NAN, NAN, NAN], float(came + lost_after)))
        else:
            leads.append(("generated", [came, NAN, NAN, NAN, NAN], NAN))
    ways = ways_of(leads, [*["old"] * 4_000, *["new"] * 400])
    days = settling_days(ways, now)
    assert days[0] == pytest.approx(42, abs=1)  # 95 % have left when nine in ten of the lost have: 15 + 0.9 x 30
    (old_all, new_all), (old, new) = (
        on[:, 0] / settled[:, 0]
        for on, settled in (
            by_segment(ways, ways.segments["source"]),
            by_segment(ways, ways.segments["source"], reached_before(ways, now, days)),
        )
    )
    assert new_all > 0.6 > 0.53 > old_all  # of all that have left, the young ones went on
    assert old == pytest.approx(0.5, abs=0.04)  # 95 % of the ends are in: 0.5 of 0.975, and three standard errors
    assert new == pytest.approx(0.5, abs=0.14)  # of 120 leads


def test_raising_a_step_is_leads_times_shares() -> None:
    """1,000 leads a year; shares 0.5, 0.4, 0.5, 0.8; the first from 0.5 to 0.6: 1000 x 0.1 x 0.4 x 0.5 x 0.8 = 16."""
    team = (np.array([5e5, 2e5, 1e5, 8e4]), np.array([1e6, 5e5, 2e5, 1e5]))
    wide = (np.array([3e5, 2e5]), np.array([5e5, 5e5]))
    (found,) = repairs([wide], team, Flow(1_000, 365.0, 20_000.0, 0.0), 0.25, seed=1)
    assert found.best == (0,)
    assert found.share == pytest.approx(0.5)
    assert found.target == pytest.approx(0.6, abs=1e-4)
    assert found.closings == pytest.approx(16.0, rel=1e-3)
    assert found.gci_usd == pytest.approx(320_000.0, rel=1e-3)
    # arrivals are the one thing left to chance: the root of 1,000 is 3.2 % of them
    assert found.closings_low == pytest.approx(16.0 * (1 - 1.96 * 1000**-0.5), rel=0.03)
    assert found.closings_high == pytest.approx(16.0 * (1 + 1.96 * 1000**-0.5), rel=0.03)


def test_a_stage_of_one_large_group_sets_no_target() -> None:
    team = (np.array([500.0, 200, 100, 80]), np.array([1_000.0, 500, 200, 100]))
    small, enough = (np.array([20.0, 10]), np.array([30.0, 29])), (np.array([20.0, 10]), np.array([30.0, 30]))
    found = repairs([small, enough], team, Flow(1_000, 365.0, None, 0.0), 0.25, seed=1)
    assert [(one.place, one.compared) for one in found] == [(1, 2)]


def test_groups_that_differ_by_chance_alone_set_no_target() -> None:
    dice = np.random.default_rng(8)
    promised = []
    for seed in range(40):
        settled = np.full(16, 50.0)
        on = dice.binomial(50, 0.4, 16).astype(float)
        team = (np.array([on.sum(), 200, 100, 80.0]), np.array([settled.sum(), 400, 200, 100.0]))
        (found,) = repairs([(on, settled)], team, Flow(1_000, 365.0, None, 0.0), 0.25, seed)
        promised.append(found.closings_low > 0)
        assert found.gci_usd is None
    assert sum(promised) <= 3  # the best four of sixteen by plain shares would promise something every time


@pytest.mark.parametrize(("groups", "leads"), [(4, 60), (6, 60), (10, 80), (8, 300)])
def test_the_range_holds_the_truth_as_often_as_it_says(groups: int, leads: int) -> None:
    """True shares around 50 % with a deviation of 5 points, 200 times; at the other steps half go on, surely."""
    dice = np.random.default_rng(5)
    held = 0
    for seed in range(200):
        truth = dice.beta(49.5, 49.5, groups)  # 0.5 x 0.5 / 100 = 0.05 squared
        settled, on = np.full(groups, float(leads)), dice.binomial(leads, truth).astype(float)
        team = (np.array([on.sum(), 5e6, 5e6, 5e6]), np.array([settled.sum(), 1e7, 1e7, 1e7]))
        (found,) = repairs([(on, settled)], team, Flow(1_000_000, 365.0, None, 0.0), 0.25, seed)
        more = 1e6 * 0.5**3 * (truth[list(found.best)].mean() - truth.mean())
        held += found.closings_low <= more <= found.closings_high
        assert found.closings_high > found.closings_low + 100.0  # never as if nothing were left open
    assert held / 200 == pytest.approx(0.95, abs=0.045)  # three standard errors of 200 tries


@settings(deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n), min_size=2, max_size=9))))
def test_drawing_together_keeps_the_order_and_brings_groups_nearer(drawn: tuple[int, list[int]]) -> None:
    on, settled = np.array(drawn[1], dtype=float), np.full(len(drawn[1]), float(drawn[0]))
    estimates, draws = drawn_together(on, settled, np.random.default_rng(1))
    assert ((draws >= 0.0) & (draws <= 1.0)).all()
    for one, mine in zip(estimates, on / settled, strict=True):
        for other, theirs in zip(estimates, on / settled, strict=True):
            assert (one - other) * np.sign(mine - theirs) >= -1e-12
            assert abs(one - other) <= abs(mine - theirs) + 1e-12


def test_two_shares_are_compared_as_scipy_does() -> None:
    from scipy.stats import chi2_contingency, fisher_exact

    large = chi2_contingency([[60, 40], [130, 170]], correction=False).pvalue
    assert differ((60, 100), (130, 300)) == pytest.approx(large, rel=1e-9)
    one_sided = min(fisher_exact([[5, 3], [8, 30]], alternative=side).pvalue for side in ("greater", "less"))
    assert differ((5, 8), (8, 38)) == pytest.approx(2 * one_sided, rel=1e-9)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_rejects_one_after_the_other(p: list[float]) -> None:
    found = holm(p)
    rejected, still = set(), True
    for place, number in enumerate(sorted(range(len(p)), key=lambda one: p[one])):
        still = still and p[number] * (len(p) - place) <= 0.05
        if still:
            rejected.add(number)
    assert {n for n, one in enumerate(found) if one <= 0.05} == rejected


def test_the_last_stage_is_closed() -> None:
    assert LAST == 4
