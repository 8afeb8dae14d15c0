"""First answers and waiting leads as both databases find them, against the same leads gone through by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from core.commission import SideRates
from core.leads import Direction, InteractionKind, LeadHistory, Outcome, Stage
from core.sample import generate
from core.store import LeadFilter, Store
from core.store.figures.pipeline import Rates
from core.store.figures.speed import answered_leads, waiting_leads
from tests.store.made import NOON, at, history, scored, touch

D = Decimal
DAY = 1_440
RATES = Rates(SideRates(D("0.025"), D("0.03")), {})


def sent(minutes: float, **more: Any) -> Any:
    return touch(minutes, f"ours at {minutes}", direction=Direction.OUTBOUND, **more)


TOLD = {
    "bot-then-mail": ([sent(1), sent(90)], 90, 1),
    "call-at-once": ([sent(2, kind=InteractionKind.CALL)], 2, 2),
    "note": ([sent(60, kind=InteractionKind.NOTE)], None, None),
    "nobody": ([touch(30, "anyone?")], None, None),
    "bot-in-talk": ([touch(60), sent(62), sent(64.9), sent(66, kind=InteractionKind.CALL)], 66, 62),
    "slow-in-talk": ([touch(60), sent(66)], 66, 66),
    "looks-around": ([touch(60, kind=InteractionKind.PROPERTY_VIEW), sent(61)], 61, 61),
    "before": ([sent(-60, kind=InteractionKind.CALL), sent(300)], 300, 300),
}


def test_the_first_answer_is_a_call_or_a_message_after_five_minutes(store: Store) -> None:
    store.save_scored(
        [scored(history(name, *told, created_at=at(0), agent=name, source="web")) for name, (told, *_) in TOLD.items()]
    )
    store.save_scored([scored("undated")])
    store.add_outcomes(
        [
            Outcome(lead_id="nobody", stage=Stage.LOST, occurred_at=at(DAY)),
            Outcome(lead_id="note", stage=Stage.CONTRACT, occurred_at=at(2 * DAY)),
        ]
    )
    found = answered_leads(store.database, LeadFilter(), NOON)
    assert found.sources == ("web",)
    assert len(found) == len(TOLD)

    def minutes(column: Any) -> dict[str | None, int | None]:
        waited = DAY * (column - found.arrived)
        return {
            found.agents[place]: None if np.isnan(one) else round(one)
            for place, one in zip(found.agent, waited, strict=True)
        }

    assert minutes(found.answered) == {name: person for name, (_, person, _) in TOLD.items()}
    found = answered_leads(store.database, LeadFilter(), NOON, by_a_person=False)
    assert minutes(found.answered) == {name: first for name, (_, _, first) in TOLD.items()}
    assert minutes(found.lost) == {name: DAY if name == "nobody" else None for name in TOLD}
    assert minutes(found.contract) == {name: 2 * DAY if name == "note" else None for name in TOLD}
    assert len(answered_leads(store.database, LeadFilter(agents=("note", "nobody")), NOON)) == 2


def test_the_sample_gone_through_lead_by_lead(store: Store) -> None:
    made = list(generate(120, 9, NOON, months=6))
    store.save_histories([one.history for one in made])
    store.add_outcomes([outcome for one in made for outcome in one.outcomes])
    found = answered_leads(store.database, LeadFilter(), NOON)
    minutes = 1_440 * (found.answered - found.arrived)
    by_hand = [_by_hand(one.history) for one in made]
    assert sorted(minutes[~np.isnan(minutes)]) == pytest.approx(sorted(one for one in by_hand if one is not None))
    assert int(np.isnan(minutes).sum()) == by_hand.count(None)


def _by_hand(one: LeadHistory) -> float | None:
    """Minutes until the first answer: a call, or a message with five minutes of silence before it."""
    said = one.lead.created_at
    assert said is not None
    for told in one.interactions:
        if told.direction is Direction.INBOUND:
            looks = told.kind in (InteractionKind.PROPERTY_VIEW, InteractionKind.PROPERTY_SAVE)
            said = said if looks else told.occurred_at
        elif told.kind is InteractionKind.CALL or told.occurred_at - said >= timedelta(minutes=5):
            return (told.occurred_at - (one.lead.created_at or said)) / timedelta(minutes=1)
    return None


def test_who_waits_stands_in_the_order_of_expected_commission(store: Store) -> None:
    def priced(name: str, price: str | None, *told: Any, **fields: Any) -> Any:
        made = scored(history(name, *told, created_at=at(0), **fields))
        return replace(made, commission=replace(made.commission, sale_price_usd=None if price is None else D(price)))

    store.save_scored(
        [
            priced("cheap", "100000"),
            priced("dear", "900000", sent(1)),
            priced("unpriced", None),
            priced("answered", "990000", sent(90)),
            priced("signed", "980000", stage=Stage.CONTRACT),
        ]
    )
    found = waiting_leads(store.database, LeadFilter(), RATES, at(61), 2)
    assert (found.total, [one.lead_id for one in found.leads]) == (3, ["dear", "cheap"])
    # 900,000 x 2.5 % = 22,500; x 0.0625 = 1,406.25. 100,000 x 2.5 % x 0.0625 = 156.25
    first = found.leads[0]
    assert (first.gci_usd, first.expected_usd, first.arrived_at) == (D(22_500), D("1406.25"), at(0))
    assert (found.late, found.late_usd) == (3, D("1562.50"))
    all_of_them = waiting_leads(store.database, LeadFilter(), RATES, at(60), 9)
    assert (all_of_them.leads[-1].lead_id, all_of_them.leads[-1].expected_usd) == ("unpriced", None)
    assert (all_of_them.late, all_of_them.late_usd) == (0, D(0))


def test_a_lead_whose_arrival_nobody_told_waits_only_without_an_answer(store: Store) -> None:
    store.save_scored([scored(history("answered", sent(90))), scored(history("waits"))])
    found = waiting_leads(store.database, LeadFilter(), RATES, NOON, 9)
    assert [(one.lead_id, one.arrived_at) for one in found.leads] == [("waits", None)]
    assert (found.total, found.late) == (1, 0)
