"""Prediction and contributions of the served model against scikit-learn and shap."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.benchmark.pairs import Measured, in_turn, measured
from core.scoring import kernel
from core.scoring.model import ScoringModel
from core.training.oracle import Oracle

Rows = NDArray[np.float32]
_SHAP_LEADS: Final = 200  # of the 10,000: shap needs seconds for more, its time a lead does not change


def distinct_rows(features: Rows, number: int, seed: int = 1) -> Rows:
    """``number`` distinct leads of (number, n): each value is drawn from its own column of real ones."""
    generator = np.random.default_rng(seed)
    picks = generator.integers(0, len(features), size=(number, features.shape[1]))
    return np.ascontiguousarray(np.take_along_axis(features, picks, axis=0))


def kernel_rows(model: ScoringModel, estimator: Any, features: Rows, quick: bool = False) -> Iterator[Measured]:
    """The table's rows on prediction and contributions. ``features`` are (n, 28) of generated leads."""
    oracle = Oracle(estimator)
    rows = distinct_rows(features[:, model.columns], 20_000 if quick else 200_000)
    yield from _predictions(model, oracle, rows, quick)
    yield from _contributions(model, oracle, rows, quick)
    yield _two_cores(model, rows)


def _part(rows: Rows, size: int, number: int) -> Rows:
    """The ``number``-th stretch of ``size`` rows, starting over at the end."""
    parts = len(rows) // size
    start = (number % parts) * size
    return rows[start : start + size]


def _predictions(model: ScoringModel, oracle: Oracle, rows: Rows, quick: bool) -> Iterator[Measured]:
    for leads, rounds in ((1, 100), (100, 50), (10_000 if quick else 100_000, 3)):
        ours, theirs = in_turn(
            lambda number, leads=leads: kernel.predict(model.forest, _part(rows, leads, number)),  # type: ignore[misc]
            lambda number, leads=leads: oracle.predict(_part(rows, leads, number)),  # type: ignore[misc]
            rounds,
        )
        judged = rows[:leads]
        difference = np.abs(kernel.predict(model.forest, judged) - oracle.predict(judged)).max()
        yield measured(f"probability_{leads}", "scikit-learn, n_jobs=1", ours, theirs, float(difference))


def _contributions(model: ScoringModel, oracle: Oracle, rows: Rows, quick: bool) -> Iterator[Measured]:
    def ours(part: Rows) -> NDArray[np.float64]:
        return kernel.contributions(model.explainer, part)

    def theirs(part: Rows) -> NDArray[np.float64]:
        return oracle.contributions(part)

    for leads, rounds in ((1, 50), (100, 8), (1_000 if quick else 10_000, 3)):
        judged = min(leads, _SHAP_LEADS)
        our_us, their_us = in_turn(
            lambda number, leads=leads: ours(_part(rows, leads, number)),  # type: ignore[misc]
            lambda number, leads=leads, judged=judged: theirs(_part(rows, leads, number)[:judged]),  # type: ignore[misc]
            rounds,
        )
        difference = float(np.abs(ours(rows[:judged]) - theirs(rows[:judged])).max())
        against = "shap.TreeExplainer" + ("" if judged == leads else f" on {judged} of them, scaled up")
        yield measured(f"contributions_{leads}", against, our_us, their_us * leads / judged, difference)


def _two_cores(model: ScoringModel, rows: Rows) -> Measured:
    part = rows[:10_000]
    halves = np.array_split(part, 2)

    def explain(leads: Rows) -> NDArray[np.float64]:
        return kernel.contributions(model.explainer, leads)

    with ThreadPoolExecutor(2) as pool:
        both, alone = in_turn(lambda _: list(pool.map(explain, halves)), lambda _: explain(part), 3)
        difference = float(np.abs(np.concatenate(list(pool.map(explain, halves))) - explain(part)).max())
    return measured("two_cores", "own kernel on one core, contributions of 10,000", both, alone, difference)
