"""Months, bridges and paces as rules, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analytics.bridge import Moved, bridge_to
from core.analytics.closing_month import FEWEST_FOR_A_WAIT, UsualWait, closing_months
from core.analytics.pace import Pace, period_of, periods_around
from core.leads import OPEN_STAGES, Stage, Waiting

WAITS = {Stage.CONTRACT: UsualWait(37.3, 40), Stage.SHOWING: UsualWait(800, 6), Stage.QUALIFIED: UsualWait(60, 5)}
BACK_S = st.integers(-60 * 86_400, 1_200 * 86_400)  # seconds before today: most of them within the waits


def stands_in(one: Waiting, stage: Stage, since: datetime | None) -> bool:
    if one.stage != stage:
        return False
    if one.undated or since is None:
        return since is None and (one.undated or one.since_from is one.since_to is None)
    return (one.since_from is None or since >= one.since_from) and (one.since_to is None or since < one.since_to)


@given(st.sampled_from(OPEN_STAGES), st.none() | BACK_S, st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_every_open_lead_stands_in_exactly_one_month(stage: Stage, back_s: int | None, today: date) -> None:
    midnight = datetime.combine(today, time(), UTC)
    since = None if back_s is None else midnight - timedelta(seconds=back_s)
    months = closing_months(WAITS, today)
    found = [month.key for month in months if any(stands_in(one, stage, since) for one in month.waiting)]
    assert len(found) == 1
    wait = WAITS.get(stage)
    if wait is None or wait.closings < FEWEST_FOR_A_WAIT or since is None:
        assert found == ["unknown"]
        return
    expected_at = since + timedelta(days=wait.days)
    if expected_at < midnight:
        assert found == ["past"]
    elif (expected_at.year, expected_at.month) >= (today.year + 1, today.month):
        assert found == ["later"]
    else:
        assert found == [f"{expected_at:%Y-%m}"]


def test_there_are_twelve_months_from_this_one_on() -> None:
    keys = [month.key for month in closing_months(WAITS, date(2026, 11, 21))]
    assert keys[:4] == ["past", "2026-11", "2026-12", "2027-01"]
    assert keys[-3:] == ["2027-10", "later", "unknown"]
    assert len(keys) == 15


@given(st.integers(0, 10**9), st.dictionaries(st.sampled_from(list(Moved)), st.integers(-(10**8), 10**8)))
def test_a_bridge_adds_up(after: int, cents: dict[Moved, int]) -> None:
    changes = {moved: (1, Decimal(amount) / 100) for moved, amount in cents.items()}
    bridge = bridge_to(Decimal(after) / 100, changes)
    assert bridge.after_usd == Decimal(after) / 100
    assert bridge.before_usd == bridge.after_usd - sum(step.change_usd for step in bridge.steps)


def test_a_goal_is_due_by_the_day() -> None:
    # 36,500 a year is 100 a day; January 31 is the 31st day: 3,100 are due; 4,000 closed are 900 ahead
    pace = Pace(Decimal(36_500), Decimal(4_000), date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 31))
    assert (pace.days_gone, pace.due_usd, pace.ahead_usd, pace.missing_usd) == (31, *map(Decimal, (3_100, 900, 32_500)))
    before = Pace(Decimal(36_500), Decimal(0), date(2026, 1, 1), date(2026, 12, 31), date(2025, 12, 1))
    assert (before.days_gone, before.due_usd) == (0, Decimal(0))


def test_four_quarters_are_a_year_without_a_gap() -> None:
    quarters = [period_of(f"2024-Q{number}") for number in range(1, 5)]
    assert [(first.month, last.month, last.day) for first, last in quarters] == [
        (1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31),
    ]  # fmt: skip
    for day in (date(2024, 1, 1), date(2024, 3, 31), date(2024, 10, 1), date(2024, 12, 31)):
        assert all(first <= day <= last for first, last in map(period_of, periods_around(day)))


@pytest.mark.parametrize("period", ["", "26-13", "2026-13", "soon", "2026-11-21", "2026-Q5", "2026-Q0", "2026-Q"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="must be a year such as 2026, a quarter such as 2026-Q4 or a month such as"):
        period_of(period)
