"""A forest for a table: a few plans, the one with the best out-of-bag votes, calibrated as every model here is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.calibration import Calibration, PlattCalibration, logit
from core.training.fit import LEAST_OUTCOMES, calibrate

MOST_SEARCH_ROWS: Final = 12_000
SEARCH_TREES: Final = 60
MOST_LEAVES: Final = 3_500  # that a tree could have; a grown one has a fifth of it
SEARCH_CPU_S: Final = 40.0
ALIKE: Final = 0.001  # of the log loss: the plan that comes first is taken
ALIKE_LATER: Final = 0.01  # out-of-bag votes are of the same past, so little can be read from them about later rows
_LEAST_KNOWN: Final = 1e-6
Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How the forest is grown; ``columns_tried`` is the share of columns looked at for a split (None: square root)."""

    depth: int
    rows_per_leaf: int
    columns_tried: float | None
    trees: int = 100

    def on(self, share: float) -> TablePlan:
        """The same plan for a ``share`` of the rows: its leaves hold as much less."""
        return replace(self, rows_per_leaf=max(2, round(self.rows_per_leaf * share)))

    def estimator(self, seed: int, trees: int | None = None) -> Any:
        """The scikit-learn forest of this plan."""
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(
            trees or self.trees,
            max_depth=self.depth,
            min_samples_leaf=self.rows_per_leaf,
            max_features="sqrt" if self.columns_tried is None else self.columns_tried,
            oob_score=True,
            random_state=seed,
            n_jobs=1,  # its threads race for the process-wide filters of warnings, and may leave none behind
        )


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """``estimator`` and its out-of-bag probabilities; ``losses`` of the plans tried, by out-of-bag log loss."""

    estimator: Any
    plan: TablePlan
    out_of_bag: Array
    losses: tuple[tuple[TablePlan, float], ...]


def plans_for(rows: int, later: bool) -> tuple[TablePlan, ...]:
    """Plans for so many rows, the one to prefer first; leaves of few rows where there are few.

    When ``later`` rows are to be judged, a middling forest comes first whose splits look at all columns: trees that
    have to make do with a few random ones lean on columns that drift.
    """
    leaf = int(np.clip(rows // 200, 4, 20))
    few = max(2, leaf // 4, rows // MOST_LEAVES)
    deep = TablePlan(14, few, 0.33, trees=200)
    if later:
        return TablePlan(8, leaf, 1.0), TablePlan(8, 2 * leaf, 1.0), TablePlan(5, 2 * leaf, 1.0), deep
    return (
        TablePlan(5, leaf, 0.5),
        TablePlan(8, 2 * leaf, 0.5),
        TablePlan(8, leaf, None),
        TablePlan(8, leaf, 0.5),
        TablePlan(12, max(2, leaf // 2), None),
        deep,
    )


def tune_and_grow(matrix: Matrix, converted: Flags, later: bool, seed: int, tell: Callable[[str, int], None]) -> Grown:
    """Try the plans on at most 12,000 rows within 40 s of CPU time, then grow the best one on all rows."""
    rows = len(converted)
    picked = np.random.default_rng(seed).permutation(rows)[:MOST_SEARCH_ROWS]
    sample, happened = matrix[picked], converted[picked]
    losses: list[tuple[TablePlan, float]] = []
    started = process_time()
    for number, plan in enumerate(plans_for(rows, later), start=1):
        tried = plan.on(len(picked) / rows).estimator(seed, SEARCH_TREES)
        losses.append((plan, log_loss_of(out_of_bag(tried, sample, happened), happened)))
        tell("Choosing the size of the forest", number)
        if process_time() - started > SEARCH_CPU_S:
            break
    plan = best_of(losses, ALIKE_LATER if later else ALIKE)
    tell("Growing the forest", rows)
    estimator = plan.estimator(seed)
    votes = out_of_bag(estimator, matrix, converted)
    return Grown(estimator, plan, votes, tuple(losses))


def best_of(losses: Sequence[tuple[TablePlan, float]], alike: float) -> TablePlan:
    """The first plan whose loss is as good as the best one's, give or take a share of ``alike``."""
    least = min(loss for _, loss in losses)
    return next(plan for plan, loss in losses if loss <= least * (1 + alike))


def out_of_bag(estimator: Any, matrix: Matrix, converted: Flags) -> Array:
    """Fit, and return what the trees that had not seen a row say of it; the base rate where every tree had."""
    estimator.fit(matrix, converted)
    votes = estimator.oob_decision_function_[:, 1]
    return np.asarray(np.clip(np.where(np.isfinite(votes), votes, converted.mean()), 0.0, 1.0))


def log_loss_of(probability: Array, converted: Flags) -> float:
    """Mean of -log of the probability given to what happened."""
    said = np.where(converted, probability, 1 - probability)
    return float(-np.log(np.clip(said, _LEAST_KNOWN, 1.0)).mean())


def calibration_of(raw: Array, unknown: Array, converted: Flags, seed: int) -> tuple[Calibration, dict[str, float]]:
    """As every model is calibrated; with under 30 outcomes of either kind a slope and an intercept alone."""
    from sklearn.linear_model import LogisticRegression

    if min(converted.sum(), (~converted).sum()) >= LEAST_OUTCOMES:
        return calibrate(raw, unknown, converted, seed)
    model = LogisticRegression(C=1.0).fit(logit(raw)[:, None], converted)
    return PlattCalibration(float(max(0.0, model.coef_[0, 0])), float(model.intercept_[0])), {}
