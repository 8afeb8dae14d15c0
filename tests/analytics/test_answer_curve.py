"""What became of leads by the time to their answer, and hours on a clock of a place, by hand and by a second way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.analytics.answer_curve import EDGES_HOURS, age_to_judge, answer_curve
from core.analytics.clock import hour_of_day, local_hours, weekday

NAN = np.nan


def test_each_lead_of_age_is_in_one_bucket() -> None:
    dice = np.random.default_rng(4)
    n = 500
    arrived = dice.uniform(0, 100, n)
    answered = np.where(dice.random(n) < 0.9, arrived + dice.exponential(0.5, n), NAN)
    contract = np.where(dice.random(n) < 0.3, arrived + dice.uniform(0, 60, n), NAN)
    lost = np.where(np.isnan(contract) & (dice.random(n) < 0.5), arrived + dice.uniform(0, 60, n), NAN)
    found = answer_curve(arrived, answered, contract, lost, 110.0, 40.0)
    expected: dict[int, list[int]] = {}
    ended = 0
    for came, heard, won, gone in zip(arrived, answered, contract, lost, strict=True):
        if came > 70:
            continue
        if (won - came) * 24 <= 72 or (gone - came) * 24 <= 72:
            ended += 1
            continue
        place = len(EDGES_HOURS) if np.isnan(heard) else sum((heard - came) * 24 > edge for edge in EDGES_HOURS)
        counts = expected.setdefault(place, [0, 0])
        counts[0] += 1
        counts[1] += bool(won - came <= 40)
    counted = {place: [one.leads, one.signed] for place, one in enumerate(found.buckets) if one.leads}
    assert counted == expected
    assert found.ended == ended > 0
    assert found.leads + ended == sum(one.leads for one in found.buckets) + ended == (arrived <= 70).sum()


def test_answers_that_do_nothing_look_like_nothing() -> None:
    """Whether a lead signs, when it ends and when it is answered know nothing of each other: one share."""
    dice = np.random.default_rng(9)
    n = 40_000
    arrived = np.zeros(n)
    answered, ends = dice.lognormal(1.5, 2.0, n) / 24, 1.0 + dice.exponential(10.0, n)
    signs = dice.random(n) < 0.16
    contract, lost = np.where(signs, ends, NAN), np.where(signs, NAN, ends)
    heard = np.where(answered < ends, answered, NAN)  # nobody is answered after the end
    found = answer_curve(arrived, heard, contract, lost, 99.0, 90.0)
    shares = [one.signed / one.leads for one in found.buckets]
    assert len(shares) == 7
    for one, share in zip(found.buckets, shares, strict=True):
        assert share == pytest.approx(0.16, abs=4 * (0.16 * 0.84 / one.leads) ** 0.5)


def test_early_losses_do_not_make_answers_look_good() -> None:
    # Half of the leads are lost after a day, whatever anybody does; of the rest, answered or not, one in five signs.
    n = 1_000
    number = np.arange(n)
    early = number % 2 == 0
    answered = np.where((number // 2) % 2 == 0, 2.0, NAN)  # on the second day, where there still is a lead
    contract = np.where(~early & (number // 4 % 5 == 0), 20.0, NAN)
    lost = np.where(early, 1.0, np.where(np.isnan(contract), 30.0, NAN))
    found = answer_curve(np.zeros(n), np.where(early, NAN, answered), contract, lost, 99.0, 50.0)
    told = [(one.leads, one.signed) for one in found.buckets if one.leads]
    assert (told, found.ended) == ([(250, 50), (250, 50)], 500)  # before: 50 of 250, and 50 of 750 "not before"


def test_the_edge_belongs_to_the_sooner_bucket() -> None:
    found = answer_curve(np.zeros(2), np.array([0.125, 1.0]), np.full(2, NAN), np.full(2, NAN), 99.0, 50.0)
    assert [(one.from_hours, one.to_hours) for one in found.buckets if one.leads] == [(1.0, 4.0), (4.0, 24.0)]


def test_the_age_to_judge_at() -> None:
    assert age_to_judge(np.zeros(9), np.full(9, 30.0)) is None
    assert age_to_judge(np.zeros(20), np.array([*range(1, 11), *[NAN] * 10], dtype=float)) == 14.0  # 9, at least 14
    assert age_to_judge(np.zeros(10), np.full(10, 900.0)) == 365.0


@pytest.mark.parametrize("name", ["America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"])
def test_hours_are_those_of_the_clock(name: str) -> None:
    zone = ZoneInfo(name)
    dice = np.random.default_rng(8)
    days = 20_000 + dice.uniform(0, 700, 2_000)
    seen = [(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=float(day))).astimezone(zone) for day in days]
    local = local_hours(days, zone)
    assert hour_of_day(local).tolist() == [moment.hour for moment in seen]
    assert weekday(local).tolist() == [moment.weekday() for moment in seen]
    assert (local // 24).tolist() == [(moment.date() - datetime(1970, 1, 1).date()).days for moment in seen]  # noqa: DTZ001
