from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from core.features.catalog import NAMES, UNKNOWN
from core.leads import Outcome, Stage
from core.leads.clock import in_days
from core.store import Store
from core.store.figures.drawn import drawn_scores
from core.store.shadow import features_of
from tests.store.made import at, scored


def became(store: Store, lead_id: str, *stages: tuple[Stage, float]) -> None:
    store.add_outcomes([Outcome(lead_id=lead_id, stage=stage, occurred_at=at(minutes)) for stage, minutes in stages])


def ids(found: NDArray[np.float64]) -> list[float]:
    return [round(float(value), 6) for value in found]


DAY = 1_440
# The n-th score's share of 2^32 is n x 2,654,435,761 mod 2^32: 0.618, 0.236, 0.854, 0.472, 0.090 for the first five.
# Under 0.6 a lead's moment is 3 + share / 0.6 x 11 days after its first score, else 14 + (share - 0.6) / 0.4 x 76.
AGES = (17.43, 7.33, 62.27, 11.65, 4.65)


def test_each_lead_has_a_moment_of_its_own(store: Store) -> None:
    store.save_scored([scored(name, minutes=0) for name in "abcde"])
    with store.database.read() as connection:
        drawn = drawn_scores(connection.dialect.name)
        moments = connection.execute(select(drawn.c.moment).order_by(drawn.c.score_id)).scalars().all()
    assert [moment - in_days(at(0)) for moment in moments] == pytest.approx(AGES, abs=0.01)


def test_the_moment_is_counted_from_the_arrival_and_never_before_the_first_score(store: Store) -> None:
    store.save_scored(
        [scored("a", minutes=10 * DAY, created_at=at(0)), scored("b", minutes=10 * DAY, created_at=at(0))]
    )
    found = store.shadow.standing(at(10 * DAY), at(10 * DAY + 1))
    assert found.total == 1  # b's moment were day 7.3, three days before it was scored
    assert store.shadow.standing(at(17 * DAY), at(18 * DAY)).total == 1  # a, on day 17.4


def test_a_lead_counts_once_by_the_score_that_stood_at_its_moment(store: Store) -> None:
    store.save_scored([scored("a", 0.1, minutes=0), scored("b", 0.3, minutes=0)])
    store.save_scored([scored("a", 0.2, minutes=17 * DAY), scored("a", 0.4, minutes=18 * DAY)])
    store.save_scored([scored("b", 0.5, minutes=8 * DAY)])
    found = store.shadow.standing(at(0), at(90 * DAY))  # a's moment is day 17.4, b's day 7.3
    assert sorted(ids(found.probability)) == [0.2, 0.3]
    assert (found.total, found.features.shape) == (2, (2, len(NAMES)))
    assert ids(store.shadow.standing(at(10 * DAY), at(90 * DAY)).probability) == [0.2]
    assert ids(store.shadow.standing(at(0), at(10 * DAY)).probability) == [0.3]
    assert len(store.shadow.standing(at(0), at(90 * DAY), most=1).score_ids) == 1


def test_an_end_is_held_against_the_score_of_the_moment_not_against_the_last(store: Store) -> None:
    store.save_scored([scored(name, 0.1 * place, minutes=place) for place, name in enumerate("abcde", start=1)])
    store.save_scored([scored("a", 0.9, minutes=19 * DAY)])
    became(store, "a", (Stage.CONTRACT, 20 * DAY), (Stage.CLOSED, 40 * DAY))
    became(store, "b", (Stage.LOST, 8 * DAY))
    became(store, "c", (Stage.LOST, 30 * DAY))  # its moment is day 62: it had ended, and says nothing
    found = store.shadow.decided()
    assert ids(found.probability) == [0.1, 0.2]  # in the order of the scores
    assert (found.converted.tolist(), found.closed.tolist()) == ([True, False], [True, False])
    assert not found.open.any()
    assert ids(store.shadow.decided(stood_until=at(10 * DAY)).probability) == [0.2]
    assert ids(store.shadow.decided(scored_since=at(2)).probability) == [0.2]
    known_or_open = store.shadow.decided(or_open=True)
    assert ids(known_or_open.probability) == [0.1, 0.2, 0.4, 0.5]
    assert known_or_open.open.tolist() == [False, False, True, True]


def test_a_contract_that_falls_through_is_a_conversion_that_did_not_close(store: Store) -> None:
    store.save_scored([scored("a", 0.1)])
    became(store, "a", (Stage.CONTRACT, 20 * DAY), (Stage.LOST, 30 * DAY))
    found = store.shadow.decided()
    assert (found.converted.tolist(), found.closed.tolist()) == ([True], [False])


def test_a_contract_that_is_still_open_may_close_yet(store: Store) -> None:
    store.save_scored([scored("a", 0.1)])
    became(store, "a", (Stage.CONTRACT, 20 * DAY))
    found = store.shadow.decided()
    assert found.converted.tolist() == [True]
    assert np.isnan(found.closed).tolist() == [True]


def test_a_lead_that_was_lost_and_came_back_has_no_end_yet(store: Store) -> None:
    store.save_scored([scored("a", 0.1), scored("b", 0.2)])
    became(store, "a", (Stage.LOST, 18 * DAY), (Stage.QUALIFIED, 20 * DAY))
    became(store, "b", (Stage.LOST, 1 * DAY), (Stage.QUALIFIED, 2 * DAY), (Stage.LOST, 40 * DAY))
    assert ids(store.shadow.decided().probability) == [0.2]
    assert store.shadow.decided(or_open=True).open.tolist() == [True, False]
    assert sum(tier.lost for tier in store.tier_outcomes()) == 1
    assert ids(store.shadow.watched((), at(60)).probability) == [0.1, 0.2]


def test_whoever_watches_sees_every_lead_by_its_first_score_whatever_became_of_it(store: Store) -> None:
    before = store.shadow.last_score_id()
    store.save_scored([scored("a", 0.1, minutes=0), scored("b", 0.2, minutes=1), scored("late", 0.3, minutes=30)])
    store.save_scored([scored("a", 0.9, minutes=5), scored("young", 0.4, minutes=90)])
    became(store, "a", (Stage.CONTRACT, 10))
    became(store, "late", (Stage.LOST, 8))  # scored only after its end
    later = store.shadow.scores_after(before, most=10)
    store.shadow.keep("m2", later.score_ids.tolist()[:1], [0.7])
    store.shadow.keep("m2", later.score_ids.tolist()[:1], [0.9])  # told already: stays
    assert store.shadow.last_shadowed("m2") == later.score_ids[0]
    assert (store.shadow.shadowed("m2"), store.shadow.last_shadowed("m3")) == (1, 0)
    found = store.shadow.watched(("m2", "m3"), at(60), after_score_id=before)
    assert ids(found.probability) == [0.1, 0.2]
    assert (found.converted.tolist(), found.open.tolist()) == ([True, False], [False, True])
    assert found.beside[0, 0] == pytest.approx(0.7)
    assert np.isnan(found.beside).sum() == 3
    first_of_a = int(later.score_ids[0])
    assert ids(store.shadow.watched((), at(60), after_score_id=first_of_a).probability) == [0.2, 0.9]


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
