"""Arrivals and contracts as both databases find them."""

from __future__ import annotations

import numpy as np
import pytest

from core.leads import Outcome, Stage
from core.store import LeadFilter, Store
from core.store.figures.cohorts import arrivals_and_contracts, undated_contracts
from tests.store.made import NOON, at, scored

DAY = 1_440


def test_the_first_contract_or_closing_counts_and_a_loss_is_none(store: Store) -> None:
    agents = ("signed", "closed", "lost", "open")
    store.save_scored([scored(name, created_at=at(n), agent=name) for n, name in enumerate(agents)])
    store.save_scored([scored("undated"), scored("told", created_at=at(0), stage=Stage.CLOSED)])
    told = [
        ("signed", Stage.CONTRACT, 3),
        ("signed", Stage.CLOSED, 9),
        ("closed", Stage.CLOSED, 5),
        ("lost", Stage.LOST, 4),
    ]
    store.add_outcomes([Outcome(lead_id=name, stage=stage, occurred_at=at(day * DAY)) for name, stage, day in told])
    expected = {"signed": 3.0, "closed": 5 - 1 / DAY, "lost": np.nan, "open": np.nan}
    for name, age in expected.items():
        arrived, contract = arrivals_and_contracts(store.database, LeadFilter(agents=(name,)), NOON)
        assert (contract - arrived).tolist() == pytest.approx([age], nan_ok=True)
    assert len(arrivals_and_contracts(store.database, LeadFilter(), NOON)[0]) == len(agents)
    assert undated_contracts(store.database, LeadFilter(), NOON) == 1  # "told": closed, but no outcome says when
    assert undated_contracts(store.database, LeadFilter(agents=agents), NOON) == 0
