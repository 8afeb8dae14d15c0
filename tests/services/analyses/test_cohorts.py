"""Cohorts of the sample against its leads counted in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.leads import Stage, utc_now
from core.services.analyses.cohorts import Unit, cohorts, first_days
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.store import LeadFilter

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize("unit", list(Unit))
def test_cohorts_are_those_of_plain_counting(unit: Unit, center: CommandCenter) -> None:
    load_sample(center, leads=200, seed=4)
    now = utc_now()
    found = cohorts(center, LeadFilter(), unit, CHICAGO, now)
    assert found is not None
    leads: Counter[date] = Counter()
    signed: defaultdict[tuple[date, int], int] = defaultdict(int)
    for row in center.store.browse(page_size=1_000).rows:
        assert row.created_at is not None
        day = row.created_at.astimezone(CHICAGO).date()
        first = day.replace(day=1) if unit is Unit.MONTH else day - timedelta(days=day.weekday())
        leads[first] += 1
        contracts = [told.occurred_at for told in center.store.outcomes(row.lead_id) if told.stage is Stage.CONTRACT]
        for age in range(1, found.ages + 1):
            signed[first, age] += any(when - row.created_at <= age * timedelta(days=unit.days) for when in contracts)
    shown = {one.first: one.cohort for one in found.cohorts}
    assert {first: one.leads for first, one in shown.items()} == {first: leads[first] for first in shown}
    assert found.earlier == len(leads) - len(shown)
    assert found.leads == 200
    complete = 0
    for first, one in shown.items():
        for age, cell in enumerate(one.cells, 1):
            if cell is not None and cell.complete:
                complete += 1
                assert cell.share == pytest.approx(signed[first, age] / one.leads)
    assert complete > 5


def test_nobody_makes_no_cohort(center: CommandCenter) -> None:
    assert cohorts(center, LeadFilter(), Unit.WEEK, CHICAGO) is None


def test_months_begin_on_their_first_day_and_weeks_on_monday() -> None:
    assert first_days(date(2025, 12, 31), date(2026, 1, 1), Unit.MONTH) == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1),
    ]  # fmt: skip
    assert all(day.weekday() == 0 for day in first_days(date(2026, 1, 1), date(2026, 5, 1), Unit.WEEK))
