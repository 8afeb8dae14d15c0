"""What has changed of late in a young workspace."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.analytics.anomalies import DRIED_UP
from core.leads import utc_now
from core.services.analyses import insights
from core.services.center import CommandCenter
from core.store import LeadFilter
from tests.store.made import scored


@pytest.mark.parametrize(("before", "usual"), [(26, 28.0), (200, 28.0)])
def test_a_source_that_began_of_late_can_dry_up(before: int, usual: float, center: CommandCenter) -> None:
    """Two leads a day until 14 days ago, then three in all: 2 x 14 are usual, however long the source has been here."""
    today = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    came = [today - timedelta(days=14 + day, hours=-9 - twice) for day in range(1, before + 1) for twice in (0, 1)]
    came += [today - timedelta(days=day) for day in (13, 9, 4)]
    center.save_many([scored(f"z{n}", created_at=moment, source="Zillow") for n, moment in enumerate(came)])
    (found,) = [one for one in insights.anomalies(center, LeadFilter()) if one.kind == DRIED_UP]
    assert (found.where, found.recent, found.usual, found.alarm) == ("Zillow", 3.0, usual, True)


def test_a_source_of_a_few_days_is_not_judged(center: CommandCenter) -> None:
    today = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    came = [today - timedelta(days=14 + day, hours=-9) for day in range(1, 13) for _ in range(5)]
    center.save_many([scored(f"z{n}", created_at=moment, source="Zillow") for n, moment in enumerate(came)])
    assert not [one for one in insights.anomalies(center, LeadFilter()) if one.kind == DRIED_UP]
