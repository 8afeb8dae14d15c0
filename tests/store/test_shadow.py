from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.features.catalog import NAMES, UNKNOWN
from core.leads import Outcome, Stage
from core.store import Store
from core.store.shadow import features_of
from tests.store.made import at, scored


def became(store: Store, lead_id: str, *stages: tuple[Stage, float]) -> None:
    store.add_outcomes([Outcome(lead_id=lead_id, stage=stage, occurred_at=at(minutes)) for stage, minutes in stages])


def ids(found: NDArray[np.float64]) -> list[float]:
    return [round(float(value), 6) for value in found]


def test_a_lead_counts_once_by_its_first_score(store: Store) -> None:
    store.save_scored([scored("a", 0.1, minutes=0), scored("a", 0.2, minutes=5), scored("b", 0.3, minutes=6)])
    found = store.shadow.first_scores(at(-1), at(10))
    assert sorted(ids(found.probability)) == [0.1, 0.3]
    assert found.features.shape == (2, len(NAMES))
    assert ids(store.shadow.first_scores(at(1), at(10)).probability) == [0.3]  # a was first scored before


def test_an_end_is_held_against_the_last_score_made_before_it(store: Store) -> None:
    store.save_scored([scored("a", 0.1, minutes=0), scored("a", 0.2, minutes=5), scored("a", 0.99, minutes=20)])
    store.save_scored([scored("b", 0.4, minutes=1), scored("c", 0.5, minutes=1), scored("late", 0.6, minutes=30)])
    became(store, "a", (Stage.CONTRACT, 10), (Stage.CLOSED, 40))
    became(store, "b", (Stage.LOST, 7))
    became(store, "late", (Stage.LOST, 8))  # scored only after its end: says nothing
    found = store.shadow.decided()
    assert ids(found.probability) == [0.4, 0.2]  # in the order of the decisions
    assert found.converted.tolist() == [False, True]
    assert found.closed.tolist() == [False, True]
    assert store.shadow.still_open(at(-1), at(60)) == 1  # c


def test_a_contract_that_falls_through_is_a_conversion_that_did_not_close(store: Store) -> None:
    store.save_scored([scored("a", 0.1)])
    became(store, "a", (Stage.CONTRACT, 10), (Stage.LOST, 20))
    found = store.shadow.decided()
    assert (found.converted.tolist(), found.closed.tolist()) == ([True], [False])
    assert found.decided_at[0] == np.datetime64(at(10).replace(tzinfo=None))


def test_a_lead_that_was_lost_and_came_back_has_no_end_yet(store: Store) -> None:
    store.save_scored([scored("a", 0.1), scored("b", 0.2), scored("b", 0.4, minutes=30)])
    became(store, "a", (Stage.LOST, 10), (Stage.QUALIFIED, 20))
    became(store, "b", (Stage.LOST, 10), (Stage.QUALIFIED, 20), (Stage.LOST, 40))
    found = store.shadow.decided()
    assert ids(found.probability) == [0.4]  # b, by the score before its last loss
    assert found.decided_at[0] == np.datetime64(at(40).replace(tzinfo=None))
    assert store.shadow.still_open(at(-1), at(60)) == 1  # a
    assert sum(tier.lost for tier in store.tier_outcomes()) == 1


def test_shadow_scores_stand_beside_the_scores_they_judge(store: Store) -> None:
    store.save_scored([scored("a", 0.1), scored("b", 0.2)])
    later = store.shadow.scores_after(0, most=10)
    store.shadow.keep("m2", later.score_ids.tolist()[:1], [0.7])
    store.shadow.keep("m2", later.score_ids.tolist()[:1], [0.9])  # told already: stays
    assert store.shadow.last_shadowed("m2") == later.score_ids[0]
    assert store.shadow.shadowed("m2") == 1
    assert store.shadow.last_shadowed("m3") == 0
    became(store, "a", (Stage.LOST, 10))
    became(store, "b", (Stage.LOST, 11))
    found = store.shadow.decided(shadow="m2")
    assert found.shadow[0] == pytest.approx(0.7)
    assert np.isnan(found.shadow[1])
    assert len(store.shadow.decided(after_score_id=int(later.score_ids[0]))) == 1


def test_clearing_takes_shadow_scores_too(store: Store) -> None:
    store.save_scored([scored("a", 0.1)])
    store.shadow.keep("m2", [store.shadow.last_score_id()], [0.7])
    store.clear()
    assert store.shadow.shadowed("m2") == 0


def test_features_of_a_shorter_catalog_are_padded_as_unknown() -> None:
    short = np.array([1.0, 2.0], dtype="<f4").tobytes()
    found = features_of([short])
    assert found[0, :2].tolist() == [1.0, 2.0]
    assert (found[0, 2:] == UNKNOWN).all()
