"""The contributions of a selection, compared with reading each lead's latest score by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES
from core.scoring import Tier
from core.scoring.scored import ScoredLead
from core.store import LeadFilter, Store
from tests.store.made import history, scored


def made(number: int, minutes: float = 0, version: str = "m1") -> ScoredLead:
    """A lead whose features and contributions are its own, and those of that minute."""
    one = scored(f"lead-{number:03}", 0.5, Tier.HOT if number % 3 == 0 else Tier.COLD, minutes)
    numbers = np.arange(len(NAMES)) + 100 * number + minutes
    score = replace(
        one.score, features=numbers.astype(np.float32), contributions=numbers / 7_000, model_version=version
    )
    return replace(one, score=score)


def rows(found: NDArray[Any]) -> set[bytes]:
    return {row.tobytes() for row in found}


def test_each_lead_is_there_once_with_its_latest_score_bit_for_bit(store: Store) -> None:
    store.save_scored([made(number, minutes) for number in range(12) for minutes in (5, 0)])
    found = store.contributions()
    latest = [store.latest_score(f"lead-{number:03}").score for number in range(12)]
    assert rows(found.features) == {score.features.tobytes() for score in latest}
    assert rows(found.contributions) == {score.contributions.tobytes() for score in latest}
    assert (len(found), found.scored, found.by_other_models) == (12, 12, 0)
    assert (found.base_value, found.model_version) == (0.125, "m1")
    assert found.features.dtype == np.float32


def test_only_the_leads_that_the_filter_lets_through_count(store: Store) -> None:
    store.save_scored([made(number) for number in range(12)])
    found = store.contributions(LeadFilter(tiers=(Tier.HOT,)))
    assert sorted(found.features[:, 0]) == [0, 300, 600, 900]  # every third
    assert found.scored == 4


def test_more_leads_than_wanted_are_sampled_evenly_and_the_same_each_time(store: Store) -> None:
    store.save_scored([made(number) for number in range(200)])
    found = store.contributions(most=40)
    assert (len(found), found.scored) == (40, 200)
    assert rows(found.features) == rows(store.contributions(most=40).features)
    numbers = found.features[:, 0] / 100
    per_quarter = np.histogram(numbers, bins=4, range=(0, 200))[0]
    assert per_quarter.min() >= 8  # 10 of each 50 were exactly even
    assert per_quarter.max() <= 12


def test_scores_of_another_model_are_counted_and_left_out(store: Store) -> None:
    store.save_scored([made(1, version="old"), made(2), made(3)])
    found = store.contributions()
    assert (found.model_version, len(found), found.scored, found.by_other_models) == ("m1", 2, 3, 1)


def test_leads_without_a_score_bring_nothing(store: Store) -> None:
    assert len(store.contributions()) == 0
    store.save_histories([history("unscored")])
    found = store.contributions()
    assert (found.scored, found.model_version, found.contributions.shape) == (0, None, (0, len(NAMES)))
