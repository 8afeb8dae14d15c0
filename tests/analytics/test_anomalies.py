"""Alarms that must sound, and differences that must not make one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from core.analytics.anomalies import Change, dried_up, flood_of_junk, judged, slow_answers
from core.analytics.opportunities import Group, opportunities


def test_a_source_that_sends_nothing_any_more_is_found_among_many() -> None:
    gone = dried_up("Zillow", 0, 60)
    steady = [dried_up(f"source {n}", 10, 60) for n in range(20)]
    alarms = [change.where for change in judged([gone, *steady]) if change.alarm]
    assert alarms == ["Zillow"]


def test_a_young_source_is_held_against_the_days_that_it_has_sent_leads() -> None:
    # 52 leads in 26 days: 28 are usual in 14. Each of 55 leads is recent with 14/40; at most 3 of them: 2e-7.
    young = dried_up("Zillow", 3, 52, 26)
    assert young is not None
    assert young.usual == pytest.approx(28.0)
    assert young.p == pytest.approx(stats.binom.cdf(3, 55, 14 / 40), rel=1e-6)
    assert young.p < 1e-6
    assert judged([young])[0].alarm
    assert dried_up("Newest", 0, 52, 13) is None


def test_one_quiet_source_among_many_is_no_alarm() -> None:
    # (6/7) ** 24 is 0.025: alone it would be an alarm, as one of 21 comparisons it is not.
    quiet = dried_up("Sign Call", 0, 24)
    assert quiet is not None
    assert quiet.p == pytest.approx(0.0247, abs=1e-4)
    assert [change.alarm for change in judged([quiet])] == [True]
    assert not any(change.alarm for change in judged([quiet, *(dried_up(str(n), 4, 24) for n in range(20))]))


def test_a_sure_but_small_change_is_no_alarm() -> None:
    # 10,000 leads in 84 days are 1,667 in 14; a fifth less is certain, and not a dried-up source.
    fewer = dried_up("Zillow", 1_330, 10_000)
    assert fewer is not None
    assert fewer.p < 1e-9
    assert not judged([fewer])[0].alarm


def test_junk_floods_when_its_share_doubles() -> None:
    flood = flood_of_junk("Facebook Ads", (20, 30), (30, 150))
    usual = flood_of_junk("Website", (6, 30), (30, 150))
    assert [change.alarm for change in judged([flood, usual])] == [True, False]
    assert flood_of_junk("Tiny", (3, 3), (0, 5)) is None


def test_answers_that_take_twice_as_long_are_found() -> None:
    dice = np.random.default_rng(1)
    before = dice.lognormal(0.0, 0.5, 100)
    slow = slow_answers("Ana", dice.lognormal(1.2, 0.5, 20), before)
    same = slow_answers("Bo", dice.lognormal(0.0, 0.5, 20), before)
    assert [(change.where, change.alarm) for change in judged([slow, same])] == [("Ana", True), ("Bo", False)]


def test_what_is_judged_from_how_many_on() -> None:
    assert [dried_up("z", 0, leads) is None for leads in (11, 12)] == [True, False]
    assert [dried_up("z", 0, 12, days) is None for days in (13, 14)] == [True, False]
    assert [flood_of_junk("z", (7, scored), (1, 12)) is None for scored in (7, 8)] == [True, False]
    assert [flood_of_junk("z", (8, 8), (1, scored)) is None for scored in (11, 12)] == [True, False]
    assert [slow_answers("z", np.ones(n), np.ones(12)) is None for n in (7, 8)] == [True, False]
    assert [slow_answers("z", np.ones(8), np.ones(n)) is None for n in (11, 12)] == [True, False]


def test_half_or_double_is_large() -> None:
    # 1,200 leads in 84 days are 200 in 14.
    assert [made.large for leads in (100, 101) if (made := dried_up("z", leads, 1_200))] == [True, False]
    usual = (100, 1_000)
    told = [flood_of_junk("z", recent, usual) for recent in ((20, 100), (19, 100), (8, 20), (7, 10))]
    assert [one.large for one in told if one] == [True, False, True, False]  # 7 are few, however many of 10 that is
    hours = [slow_answers("z", np.full(8, now), np.full(12, then)) for now, then in ((4, 2), (3.9, 2), (0, 0))]
    assert [one.large for one in hours if one] == [True, False, False]


def test_what_cannot_be_compared_is_left_out() -> None:
    assert judged([dried_up("new", 3, 5), None]) == []


def test_alarms_of_chance_alone_are_rare() -> None:
    """One look at 9 even sources, 2,000 times: at most one in twenty may have an alarm."""
    dice = np.random.default_rng(4)
    false = 0
    for _ in range(2_000):
        recent, baseline = dice.poisson(10, 9), dice.poisson(60, 9)
        made = [dried_up(str(n), int(recent[n]), int(baseline[n])) for n in range(9)]
        false += any(change.alarm for change in judged(made))
    assert false / 2_000 <= 0.05


def group(**changed: int) -> Group:
    made = Group("source", "Referral", 40, 20, 80, 400, 40, 1_200)
    return replace(made, **changed)  # type: ignore[arg-type]


def test_a_group_that_gets_more_attention_is_no_opportunity() -> None:
    assert opportunities([group()])[0].stands
    assert not opportunities([group(touches=200)])[0].stands  # 5 touches a lead against 3
    assert [opportunities([group(touches=n)])[0].stands for n in (120, 121)] == [True, False]  # 3 against 3, and more


def test_many_groups_ask_for_more() -> None:
    # 9 of 40 against 40 of 400: p about 0.02, enough alone, not among twelve.
    lucky = group(signed=9)
    assert opportunities([lucky])[0].stands
    others = [group(signed=4) for _ in range(11)]
    assert not any(one.stands for one in opportunities([lucky, *others]))


def test_one_group_stands_below_a_chance_of_five_in_a_hundred() -> None:
    # k of 40 against 40 of 400: k or more of the 40 + k of all 440 in a draw of 40
    for signed, stands in ((8, False), (9, True)):
        (found,) = opportunities([group(signed=signed)])
        assert found.p == pytest.approx(stats.hypergeom.sf(signed - 1, 440, 40 + signed, 40))
        assert (found.p < 0.05, found.stands) == (stands, stands)
    assert 0.05 < stats.hypergeom.sf(7, 440, 48, 40) < 0.06


def test_small_groups_are_not_judged() -> None:
    assert opportunities([group(decided=19)]) == []


def test_comparisons_are_told_with_the_least_likely_first() -> None:
    made = [Change("junk", name, 0.5, 0.1, 20, p, True) for name, p in (("a", 0.2), ("b", 0.001))]
    assert [change.where for change in judged(made)] == ["b", "a"]
