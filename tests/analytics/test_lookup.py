"""The quick ways agree with NumPy's, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analytics.futures import _once
from core.analytics.lookup import between_days, places


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 300),
    st.sampled_from(["left", "right"]),
    st.sampled_from([0.0, 1e-9, 1.0, 1e12]),
    st.booleans(),
)
def test_places_are_those_of_searchsorted(seed: int, edges: int, side: str, offset: float, repeated: bool) -> None:
    dice = np.random.default_rng(seed)
    rising = offset + np.cumsum(dice.random(edges) ** 8)
    if repeated:
        rising = np.sort(dice.choice(rising, edges))
    values = np.concatenate(
        (rising, offset + dice.uniform(-0.1, 1.1, 5_000) * (rising[-1] - offset), dice.choice(rising, 500))
    )
    found = places(rising, values, side)  # type: ignore[arg-type]
    assert (found == np.searchsorted(rising, values, side)).all()  # type: ignore[call-overload]


def test_places_among_edges_that_are_all_one() -> None:
    assert (places(np.ones(5), np.linspace(0, 2, 5_001), "right") == np.repeat([0, 5], [2_500, 2_501])).all()


@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_between_days_is_what_interp_says(seed: int, days: int) -> None:
    dice = np.random.default_rng(seed)
    curve = np.cumsum(dice.random(days))
    asked = np.concatenate((dice.uniform(-2, days + 3, 200), np.arange(days, dtype=float)))
    assert between_days(asked, curve) == pytest.approx(np.interp(asked, np.arange(days), curve), rel=1e-14)


def test_each_pair_counts_once_by_marks_as_by_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = np.random.default_rng(3).integers(0, 1_000, 5_000)
    marked = _once(pairs.copy(), 1_000)
    monkeypatch.setattr("core.analytics.futures.MOST_MARKS", 10)
    assert (_once(pairs.copy(), 1_000) == marked).all()
    assert (marked == np.unique(pairs)).all()
