"""Prediction and exact TreeSHAP, compiled, without the interpreter's lock; ``edges`` derives the method.

The kernels are written for numba (``one_lead``, ``many_leads``, ``prediction``, ``paths``) and called by address
(``entries``): from an image on disk where there is one, else from numba. The code is the same.
"""

from __future__ import annotations

from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from core.scoring.forest import Forest, ordered
from core.scoring.kernel.edges import Explainer, explainer_of
from core.scoring.kernel.native import call
from core.scoring.kernel.sizes import BLOCK, LANES
from core.scoring.kernel.table import Table

__all__ = ["FEWEST_FOR_A_BLOCK", "FEWEST_IN_STEP", "Explainer", "contributions", "explainer_of", "predict"]

FEWEST_FOR_A_BLOCK: Final = 16  # a block costs as much as fifteen leads one by one, however few are in it
FEWEST_IN_STEP: Final = 4
_of_forests: WeakKeyDictionary[Forest, Table] = WeakKeyDictionary()
_of_steps: WeakKeyDictionary[Forest, Table] = WeakKeyDictionary()


def predict(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw probability of each row, shape (n,); the same bits as scikit-learn's ``predict_proba`` with one job."""
    rows = _checked(rows, forest.n_features)
    out = np.empty(len(rows), dtype=np.float64)
    if len(rows) < FEWEST_IN_STEP:
        call("predict_one", rows, _table_of(forest), None, out)
    else:
        call("predict_many", ordered(rows), _table_of_steps(forest), np.empty(BLOCK, dtype=np.uintp), out)
    return out


def contributions(explainer: Explainer, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Exact TreeSHAP values of each row, shape (n, n_features); with the base value they sum to the prediction."""
    rows = _checked(rows, explainer.n_features)
    out = np.empty(rows.shape, dtype=np.float64)
    steps, levels, columns = explainer.most_steps, explainer.levels, explainer.n_features
    if len(rows) < FEWEST_FOR_A_BLOCK:
        call("explain_one", rows, explainer.table, np.empty((2 * LANES + 2) * steps + LANES * columns), out)
    else:
        blocks = (2 * LANES + 1) * levels + 2 * columns
        call("explain_many", rows, explainer.table, np.empty(blocks * BLOCK + 2 * levels), out)
    return out


def _checked(rows: NDArray[np.float32], columns: int) -> NDArray[np.float32]:
    """``rows`` as a kernel reads them, which looks at no bounds."""
    if rows.ndim != 2 or rows.shape[1] != columns:
        raise ValueError(f"rows have the shape {rows.shape}; must be (n, {columns})")
    return np.ascontiguousarray(rows, dtype=np.float32)


def _table_of(forest: Forest) -> Table:
    found = _of_forests.get(forest)
    if found is None:
        found = _of_forests[forest] = Table(
            (len(forest.feature), forest.n_trees, forest.n_features),
            [
                (forest.feature, np.int32), (forest.threshold, np.float32), (forest.right, np.int32),
                (forest.value, np.float64), (forest.roots, np.int32),
            ],
        )  # fmt: skip
    return found


def _table_of_steps(forest: Forest) -> Table:
    found = _of_steps.get(forest)
    if found is None:
        steps = forest.steps
        found = _of_steps[forest] = Table(
            (len(forest.feature), forest.n_trees, forest.n_features),
            [
                (steps.packed, np.int64), (steps.value, np.float64), (steps.depth, np.int32), (forest.roots, np.int32),
            ],
        )  # fmt: skip
    return found
