"""Times are aware, in UTC, and in the years in which a lead can have been made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leads import Interaction, utc_now
from core.leads.clock import CLOCK_SKEW, EARLIEST, in_lead_years


def test_now_is_aware_and_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)


def test_a_naive_time_is_taken_as_utc() -> None:
    assert in_lead_years(datetime(2026, 1, 2, 3)) == datetime(2026, 1, 2, 3, tzinfo=UTC)  # noqa: DTZ001


@given(
    moment=st.datetimes(datetime(2000, 1, 3), datetime(2026, 1, 1)),  # noqa: DTZ001
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_a_time_of_any_zone_stays_the_same_moment(moment: datetime, minutes: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    kept = in_lead_years(zoned)
    assert kept == zoned
    assert kept.tzinfo is UTC


@pytest.mark.parametrize(
    "moment",
    [EARLIEST - timedelta(seconds=1), datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
)
def test_a_time_outside_those_years_is_refused_in_one_sentence(moment: datetime) -> None:
    with pytest.raises(ValueError, match="must be between 2000-01-01 and now"):
        in_lead_years(moment)


def test_a_time_that_only_its_zone_pushes_off_the_calendar_is_refused() -> None:
    edge = datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))
    with pytest.raises(ValueError, match="must be between 2000-01-01 and now"):
        in_lead_years(edge)


def test_a_clock_may_be_ahead_by_a_day_and_no_more() -> None:
    soon = utc_now() + CLOCK_SKEW - timedelta(minutes=1)
    assert Interaction(occurred_at=soon).occurred_at == soon
    with pytest.raises(ValueError, match="must be between"):
        Interaction(occurred_at=utc_now() + CLOCK_SKEW + timedelta(minutes=1))
