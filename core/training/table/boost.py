"""Gradient boosting whose trees add up to a probability: the second family, explained by the same kernel.

An outcome of 0 and 1 is boosted by squares (Bühlmann and Yu, "Boosting with the L2 loss", 2003): each tree is fitted to
what the ones before left over, so the sum is a probability and SHAP's contributions are shares of it, exactly. Boosting
of log-odds would only be explained in log-odds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from core.training.threads import one_thread

FOLDS: Final = 5
Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BoostPlan:
    """How trees are boosted; each one counts for ``rate`` of what it would say alone."""

    depth: int
    rows_per_leaf: int
    rate: float
    trees: int

    family: ClassVar[str] = "boosting"

    def on(self, share: float) -> BoostPlan:
        """The same plan for a ``share`` of the rows: its leaves hold as much less."""
        return replace(self, rows_per_leaf=max(5, round(self.rows_per_leaf * share)))

    def estimator(self, seed: int) -> Any:
        """The scikit-learn estimator of this plan."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        return HistGradientBoostingRegressor(
            learning_rate=self.rate,
            max_iter=self.trees,
            max_depth=self.depth,
            min_samples_leaf=self.rows_per_leaf,
            early_stopping=False,
            random_state=seed,
        )

    def said(self, estimator: Any, matrix: Matrix) -> Array:
        """What a fitted estimator says of rows; a few sums may lie a little outside [0, 1]."""
        return np.asarray(estimator.predict(matrix))

    def unseen(self, estimator: Any, matrix: Matrix, converted: Flags, seed: int) -> Array:
        """Fit, and return what trees that had not seen a row say of it: those of five folds."""
        from sklearn.model_selection import StratifiedKFold

        said = np.empty(len(converted))
        folds = min(FOLDS, int(converted.sum()), int((~converted).sum()))
        target = converted.astype(np.float64)
        with one_thread():
            for learn, judge in StratifiedKFold(folds, shuffle=True, random_state=seed).split(matrix, converted):
                said[judge] = self.estimator(seed).fit(matrix[learn], target[learn]).predict(matrix[judge])
            estimator.fit(matrix, target)
        return said

    def fitted(self, matrix: Matrix, converted: Flags, seed: int) -> Any:
        """An estimator fitted to all rows."""
        with one_thread():
            return self.estimator(seed).fit(matrix, converted.astype(np.float64))


def boosts_for(rows: int, later: bool) -> tuple[BoostPlan, ...]:
    """Plans for so many rows, the one to prefer first."""
    leaf = int(np.clip(rows // 100, 5, 50))
    shallow, middling = BoostPlan(2, leaf, 0.1, 100), BoostPlan(4, leaf, 0.05, 150)
    if later:
        return middling, shallow, BoostPlan(6, 2 * leaf, 0.05, 100)
    return shallow, middling, BoostPlan(6, 2 * leaf, 0.05, 100), BoostPlan(6, leaf, 0.1, 200)
