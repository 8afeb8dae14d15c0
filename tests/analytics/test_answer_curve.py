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
    for came, heard, won, gone in zip(arrived, answered, contract, lost, strict=True):
        if came > 70:
            continue
        over = min(value for value in (won, gone, came + 40) if not np.isnan(value))
        if np.isnan(heard) or heard > over:
            place = len(EDGES_HOURS) + 1
        else:
            place = sum((heard - came) * 24 > edge for edge in EDGES_HOURS)
        counts = expected.setdefault(place, [0, 0])
        counts[0] += 1
        counts[1] += bool(won - came <= 40)
    counted = {place: [one.leads, one.signed] for place, one in enumerate(found.buckets) if one.leads}
    assert counted == expected
    assert found.leads == sum(one.leads for one in found.buckets) == (arrived <= 70).sum()


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
