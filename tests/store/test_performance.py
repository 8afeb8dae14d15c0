"""Counters of a day and sums over scores, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from core.leads import Outcome, Stage
from core.store import Store
from core.store.opinions.schema import opinions
from tests.store.made import at, history, scored, touch


def test_counters_of_several_names_add_up_by_day(store: Store) -> None:
    store.performance.add_counts({"answers": 2, "answers_us": 3_000_000_000}, at(0).date())
    store.performance.add_counts({"answers": 3}, at(0).date())
    store.performance.add_counts({"answers": 100}, (at(0) - timedelta(days=1)).date())
    store.performance.add_counts({})
    assert store.performance.counts(at(0)) == {"answers": 5, "answers_us": 3_000_000_000}
    assert store.performance.counts(at(0) - timedelta(days=1))["answers"] == 105


def test_scores_are_summed_from_a_moment_on(store: Store) -> None:
    assert store.performance.score_summary(at(0), 0.85).confidence is None
    # confidences: max(p, 1 - p) = 0.9, 0.85 and 0.6; the first is before the span
    store.save_scored([scored("old", 0.99, minutes=-1)])
    for number, (probability, escalated) in enumerate(((0.9, False), (0.15, False), (0.4, True))):
        store.save_scored([scored(f"lead-{number}", probability, minutes=number, escalated=escalated)])
    found = store.performance.score_summary(at(0), 0.85)
    assert (found.scored, found.escalated, found.sure) == (3, 1, 2)
    assert found.confidence == pytest.approx((0.9 + 0.85 + 0.6) / 3)


def test_claudes_time_is_the_mean_of_what_it_answered(store: Store) -> None:
    store.save_scored([scored("a")])
    assert store.performance.opinion_ms(at(0)) is None
    row = {"lead_id": "a", "score_id": store.latest_score("a").score_id, "asked_because": "low_confidence"}
    asked = row | {"queued_at": at(-2), "tries": 1, "simulated": False}
    rows = [
        asked | {"asked_at": at(0), "took_ms": 800.0, "status": "answered"},
        asked | {"asked_at": at(1), "took_ms": 1_200.0, "status": "answered"},
        asked | {"asked_at": at(2), "took_ms": 9_000.0, "status": "failed"},
        asked | {"asked_at": at(-1), "took_ms": 9_000.0, "status": "answered"},
    ]
    with store.database.write() as connection:
        connection.execute(insert(opinions), rows)
    assert store.performance.opinion_ms(at(0)) == pytest.approx(1_000)


def test_interactions_are_counted_without_reading_them(store: Store) -> None:
    store.save_histories([history("a", touch(0), touch(1), touch(1), name="Ana")])
    assert store.interaction_count("a") == 2  # the same message at the same moment is one
    assert store.interaction_count("nobody") == 0
    assert store.lead("a").name == "Ana"


def test_several_histories_come_as_each_would_by_itself(store: Store) -> None:
    store.save_histories([history("a", touch(0), touch(1)), history("b", name="Bo")])
    found = store.histories(["b", "nobody", "a", "b"])
    assert found == {"a": store.history("a"), "b": store.history("b")}
    assert store.histories([]) == {}


def test_an_outcome_that_is_known_changes_nothing_and_tells_the_feed_nothing(store: Store) -> None:
    store.save_histories([history("a")])
    contract = Outcome(lead_id="a", stage=Stage.CONTRACT, occurred_at=at(0))
    closed = Outcome(lead_id="a", stage=Stage.CLOSED, occurred_at=at(0))
    assert [store.add_outcome(told) for told in (contract, closed)] == [True, True]
    version = store.version()
    assert store.last_feed_seq() == 2
    assert store.add_outcome(contract) is False
    assert (store.last_feed_seq(), store.version()) == (2, version)
    assert store.lead("a").stage is Stage.CLOSED  # told last; telling the other again does not move it back
    assert store.add_outcome(contract.model_copy(update={"reason": "Cash"})) is True
    assert store.lead("a").stage is Stage.CLOSED
