"""The endless stream of leads that arrive now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

from core.leads import LeadHistory, Stage, utc_now
from core.sample import stream

NOON = datetime(2026, 5, 4, 17, tzinfo=UTC)


def test_arriving_leads_are_hours_old_and_valid_and_hold_nothing_from_the_future() -> None:
    for history in islice(stream(1, clock=lambda: NOON), 120):
        assert history.lead.created_at is not None
        assert timedelta() < NOON - history.lead.created_at <= timedelta(hours=3)
        assert history.lead.stage is Stage.GENERATED
        assert all(touch.occurred_at <= NOON for touch in history.interactions)
        assert LeadHistory.model_validate(history.model_dump()) == history


def test_many_come_with_a_few_messages() -> None:
    counts = [len(history.interactions) for history in islice(stream(2, clock=lambda: NOON), 200)]
    assert min(counts) >= 1
    assert sum(counts) / len(counts) > 2.5


def test_no_lead_comes_twice_and_a_second_run_has_leads_of_its_own() -> None:
    first = {history.lead.lead_id for history in islice(stream(3, clock=lambda: NOON), 50)}
    later = {history.lead.lead_id for history in islice(stream(3, clock=lambda: NOON + timedelta(minutes=5)), 50)}
    assert len(first | later) == 100


def test_the_same_seed_and_clock_give_the_same_leads() -> None:
    one, two = (list(islice(stream(4, clock=lambda: NOON), 30)) for _ in range(2))
    assert one == two


def test_by_default_leads_are_dated_by_the_clock_on_the_wall() -> None:
    before = utc_now()
    history = next(stream(5))
    assert history.lead.created_at is not None
    assert before - timedelta(hours=3, seconds=1) <= history.lead.created_at <= utc_now()
