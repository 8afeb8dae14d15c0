"""What the record says of opinions afterwards: outcomes that followed, and sums."""

from __future__ import annotations

import pytest

from core.leads import Outcome, Stage
from core.store import Store
from core.store.opinions import Status
from tests.store.made import at
from tests.store.test_opinions import PLENTY, answered, first, plain, unsure


def test_an_opinion_is_judged_by_an_outcome_that_came_after_it(store: Store) -> None:
    unsure(store, "won", "known")
    store.add_outcome(Outcome(lead_id="known", stage=Stage.CLOSED, occurred_at=at(1)))
    store.opinions.request("won")
    store.opinions.request("known")
    for row in store.opinions.waiting(2):
        store.opinions.reserve(row, 10, PLENTY, at(2))
        store.opinions.settle(row.opinion_id, answered(), at(3))
    assert store.opinions.judged() == []
    store.add_outcome(Outcome(lead_id="won", stage=Stage.CONTRACT, occurred_at=at(9)))
    [judged] = store.opinions.judged()
    assert (judged.model, judged.low, judged.high, judged.converted) == (0.25, 0.1, 0.3, True)


def test_figures_are_summed_by_reason_and_status(store: Store) -> None:
    unsure(store, "a", "b")
    store.opinions.gather(plain)
    row = first(store)
    store.opinions.reserve(row, 10, PLENTY)
    store.opinions.settle(row.opinion_id, answered(700))
    found = {tally.status: tally for tally in store.opinions.tallies(at(-9))}
    assert found[Status.ANSWERED].cost_micro_usd == 700
    assert found[Status.ANSWERED].took_ms == pytest.approx(812.5)
    assert str(found[Status.WAITING].commission_usd) == "37500.00"
    assert store.opinions.mean_cost_micro_usd() == 700
    assert [status for _, _, status in store.opinions.queued_moments(at(-9))].count("answered") == 1
