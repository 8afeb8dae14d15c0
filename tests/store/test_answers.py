"""First answers and waiting leads as both databases find them, against the same leads gone through by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np

from core.commission import SideRates
from core.leads import Direction, InteractionKind, Outcome, Stage
from core.store import LeadFilter, Store
from core.store.answers import answered_leads, waiting_leads
from core.store.pipeline import Rates
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
    assert minutes(found.written) == {name: first for name, (_, _, first) in TOLD.items()}
    assert minutes(found.lost) == {name: DAY if name == "nobody" else None for name in TOLD}
    assert minutes(found.contract) == {name: 2 * DAY if name == "note" else None for name in TOLD}
    assert len(answered_leads(store.database, LeadFilter(agents=("note", "nobody")), NOON)) == 2


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
    total, leads = waiting_leads(store.database, LeadFilter(), RATES, NOON, 2)
    assert (total, [one.lead_id for one in leads]) == (3, ["dear", "cheap"])
    # 900,000 x 2.5 % = 22,500; x 0.0625 = 1,406.25
    assert (leads[0].gci_usd, leads[0].expected_usd, leads[0].arrived_at) == (D(22_500), D("1406.25"), at(0))
    last = waiting_leads(store.database, LeadFilter(), RATES, NOON, 9)[1][-1]
    assert (last.lead_id, last.expected_usd) == ("unpriced", None)
