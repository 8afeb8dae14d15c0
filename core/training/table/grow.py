"""Trees for a table: a few plans, the one that says best of rows it has not seen, calibrated as every model here is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.calibration import Calibration, IsotonicCalibration, PlattCalibration, logit
from core.training.fit import LEAST_OUTCOMES, calibrate
from core.training.table.boost import BoostPlan

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

    family: ClassVar[str] = "forest"

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

    def said(self, estimator: Any, matrix: Matrix) -> Array:
        """What a fitted estimator says of rows."""
        return np.asarray(estimator.predict_proba(matrix)[:, 1])

    def unseen(self, estimator: Any, matrix: Matrix, converted: Flags, _seed: int) -> Array:
        """Fit, and return what trees that had not seen a row say of it."""
        return out_of_bag(estimator, matrix, converted)

    def fitted(self, matrix: Matrix, converted: Flags, seed: int) -> Any:
        """A smaller forest than is kept, for comparing, fitted to all rows."""
        return self.estimator(seed, SEARCH_TREES).set_params(oob_score=False).fit(matrix, converted)


Plan = TablePlan | BoostPlan


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """The best plan of a family; what it says, ``unseen``, of the rows that it was tuned on, and their outcomes.

    ``losses`` of the plans tried: log loss of a forest, mean square of boosting, which is what either is fitted to.
    """

    plan: Plan
    unseen: Array
    converted: Flags
    losses: tuple[tuple[Plan, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grown:
    """``estimator`` and what it says of the rows it learned from by trees that had not seen them (``out_of_bag``)."""

    estimator: Any
    plan: Plan
    out_of_bag: Array
    losses: tuple[tuple[Plan, float], ...]


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


def tuned(
    plans: Sequence[Plan], matrix: Matrix, converted: Flags, later: bool, seed: int, tell: Callable[[str, int], None]
) -> Tuned:
    """Try the plans of a family on at most 12,000 rows within 40 s of CPU time."""
    rows = len(converted)
    picked = np.random.default_rng(seed).permutation(rows)[:MOST_SEARCH_ROWS]
    sample, happened = matrix[picked], converted[picked]
    tried: list[tuple[Plan, float]] = []
    unseen: dict[Plan, Array] = {}
    started = process_time()
    for number, plan in enumerate(plans, start=1):
        smaller = plan.on(len(picked) / rows)
        estimator = smaller.estimator(seed) if isinstance(smaller, BoostPlan) else smaller.estimator(seed, SEARCH_TREES)
        unseen[plan] = smaller.unseen(estimator, sample, happened, seed)
        tried.append((plan, loss_of(plan, unseen[plan], happened)))
        tell("Choosing the size of the trees", number)
        if process_time() - started > SEARCH_CPU_S:
            break
    best = best_of(tried, ALIKE_LATER if later else ALIKE)
    return Tuned(best, unseen[best], happened, tuple(tried))


def grow(tuned_to: Tuned, matrix: Matrix, converted: Flags, seed: int, tell: Callable[[str, int], None]) -> Grown:
    """Grow the trees of the plan on all rows."""
    tell("Growing the trees", len(converted))
    estimator = tuned_to.plan.estimator(seed)
    votes = tuned_to.plan.unseen(estimator, matrix, converted, seed)
    return Grown(estimator, tuned_to.plan, votes, tuned_to.losses)


def best_of(losses: Sequence[tuple[Plan, float]], alike: float) -> Plan:
    """The first plan whose loss is as good as the best one's, give or take a share of ``alike``."""
    least = min(loss for _, loss in losses)
    return next(plan for plan, loss in losses if loss <= least * (1 + alike))


def loss_of(plan: Plan, said: Array, converted: Flags) -> float:
    """The loss by which plans of a family are compared."""
    return float(((said - converted) ** 2).mean()) if isinstance(plan, BoostPlan) else log_loss_of(said, converted)


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
    """As every model is calibrated; with under 30 outcomes of either kind a slope and an intercept alone.

    Sums of boosted trees that pass 0 or 1 keep their order: the range is widened before a logit is taken.
    """
    low, high = _range_of(raw)
    found, losses = _calibration_within((raw - low) / (high - low), unknown, converted, seed)
    if isinstance(found, IsotonicCalibration):
        return IsotonicCalibration(low + (high - low) * found.raw, found.calibrated), losses
    return (replace(found, low=low, high=high) if isinstance(found, PlattCalibration) else found), losses


def _range_of(raw: Array) -> tuple[float, float]:
    """0 and 1 where they hold all sums; else what does, with as much room again."""
    below, above = min(0.0, float(raw.min())), max(0.0, float(raw.max()) - 1.0)
    return 2 * below, 1.0 + 2 * above


def _calibration_within(
    raw: Array, unknown: Array, converted: Flags, seed: int
) -> tuple[Calibration, dict[str, float]]:
    from sklearn.linear_model import LogisticRegression

    if min(converted.sum(), (~converted).sum()) >= LEAST_OUTCOMES:
        return calibrate(raw, unknown, converted, seed)
    model = LogisticRegression(C=1.0).fit(logit(raw)[:, None], converted)
    return PlattCalibration(float(max(0.0, model.coef_[0, 0])), float(model.intercept_[0])), {}
