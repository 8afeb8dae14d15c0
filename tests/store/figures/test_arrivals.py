"""What the database sums of arrivals, answers and decided leads, against the same leads gone through by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.leads import Direction, InteractionKind, Outcome, Stage
from core.scoring import Tier
from core.store import LeadFilter, Store
from core.store.figures.arrivals import arrivals_by_day, decided_groups, first_answers
from tests.store.figures.test_areas import RATES
from tests.store.made import NOON, at, history, scored, touch

DAY = 1_440
FIRST_DAY = 20_514  # 2 March 2026, in days since 1970


def sent(minutes: float, **more: Any) -> Any:
    return touch(minutes, f"ours at {minutes}", direction=Direction.OUTBOUND, **more)


def test_days_count_leads_by_their_first_score(store: Store) -> None:
    store.save_scored(
        [
            scored("a", 0.005, Tier.COLD, created_at=at(0), source="web"),
            scored("b", 0.3, created_at=at(60), source="web"),
            scored("c", 0.5, created_at=at(DAY), source="ads", stage=Stage.CONTRACT),
        ]
    )
    store.save_scored([scored("a", 0.9, Tier.HOT, minutes=5, created_at=at(0), source="web")])
    ads, web = arrivals_by_day(store.database, LeadFilter(), NOON)
    assert (ads.source, ads.day, ads.leads, ads.low, ads.signed) == ("ads", FIRST_DAY + 1, 1, 0, 1)
    assert (web.source, web.day, web.leads, web.scored, web.low, web.signed) == ("web", FIRST_DAY, 2, 2, 1, 0)
    assert web.probability_sum == pytest.approx(0.305)


def test_a_contract_that_fell_through_was_signed_all_the_same(store: Store) -> None:
    store.save_scored([scored(name, 0.3, created_at=at(0), source="web") for name in "abc"])
    ends = (("a", Stage.CONTRACT, 1), ("a", Stage.LOST, 2), ("b", Stage.LOST, 1))
    store.add_outcomes([Outcome(lead_id=lead, stage=stage, occurred_at=at(day * DAY)) for lead, stage, day in ends])
    (web,) = arrivals_by_day(store.database, LeadFilter(), NOON)
    assert (web.leads, web.signed) == (3, 1)
    (group,) = decided_groups(store.database, LeadFilter(), NOON)
    assert (group.decided, group.signed) == (2, 1)
    (area,) = store.areas.sums(LeadFilter(), RATES, NOON)
    assert (area.leads, area.open, area.decided, area.signed) == (3, 1, 2, 1)
    sums = store.segments.sums(LeadFilter(), RATES, NOON)
    assert (sums.leads, sums.open, sums.decided, sums.signed) == (3, 1, 2, 1)


def test_the_first_answer_is_a_call_or_comes_after_five_minutes(store: Store) -> None:
    leads = {
        "bot-then-mail": [sent(1), sent(90)],
        "call-at-once": [sent(2, kind=InteractionKind.CALL)],
        "nobody": [touch(30, "anyone?")],
        "note": [sent(60, kind=InteractionKind.NOTE)],
    }
    store.save_scored([scored(history(name, *told, created_at=at(0), agent=name)) for name, told in leads.items()])
    found = first_answers(store.database, LeadFilter(), NOON - timedelta(days=1), NOON)
    minutes = {one.agent: None if one.answered is None else round(DAY * (one.answered - one.arrived)) for one in found}
    assert minutes == {"bot-then-mail": 90, "call-at-once": 2, "nobody": None, "note": None}
    assert first_answers(store.database, LeadFilter(), NOON + timedelta(days=1), NOON) == []


def test_decided_leads_are_counted_with_what_they_got_in_two_weeks(store: Store) -> None:
    early, late = sent(60), sent(15 * DAY)
    store.save_scored(
        [
            scored(history("a", early, late, created_at=at(0), source="web", location_preference="Zilker")),
            scored(history("b", early, created_at=at(0), source="web", location_preference="Zilker")),
            scored(history("open", early, created_at=at(0), source="web", location_preference="Zilker")),
        ]
    )
    store.add_outcomes(
        [
            Outcome(lead_id="a", stage=Stage.CONTRACT, occurred_at=at(9 * DAY)),
            Outcome(lead_id="b", stage=Stage.LOST, occurred_at=at(9 * DAY)),
        ]
    )
    (found,) = decided_groups(store.database, LeadFilter(), NOON)
    assert (found.source, found.area, found.decided, found.signed, found.touches) == ("web", "Zilker", 2, 1, 2)
    assert found.band == 3  # 625,000 reaches 300,000, 450,000 and 600,000
