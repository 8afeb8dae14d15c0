"""Prediction and exact TreeSHAP, compiled, without the interpreter's lock; ``edges`` derives the method.

The kernels are written for numba (``one_lead``, ``many_leads``, ``prediction``, ``paths``) and called by address
(``entries``): from an image on disk where there is one, else from numba. The code is the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.forest import Forest, ordered
from core.scoring.kernel.edges import Explainer, explainer_of
from core.scoring.kernel.native import call, call_for_one
from core.scoring.kernel.sizes import BLOCK, LANES, TOGETHER

__all__ = ["FEWEST_FOR_A_BLOCK", "FEWEST_IN_STEP", "Explainer", "contributions", "explainer_of", "predict"]

FEWEST_FOR_A_BLOCK: Final = 14  # a block costs as much as thirteen leads one by one, however few are in it
FEWEST_IN_STEP: Final = 4


def predict(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw probability of each row, shape (n,); the same bits as scikit-learn's ``predict_proba`` with one job."""
    room = forest.steps.room
    if rows.shape == room.shape:
        return call_for_one(room, rows)
    rows = _checked(rows, forest.n_features)
    out = np.empty(len(rows), dtype=np.float64)
    if len(rows) < FEWEST_IN_STEP:
        call("predict_one", rows, room.table, np.empty(TOGETHER + forest.n_features), out)
    else:
        call("predict_many", ordered(rows), room.table, np.empty(BLOCK, dtype=np.uintp), out)
    return out


def contributions(explainer: Explainer, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Exact TreeSHAP values of each row, shape (n, n_features); with the base value they sum to the prediction."""
    room = explainer.one
    if rows.shape == room.shape:
        return call_for_one(room, rows)
    rows = _checked(rows, explainer.n_features)
    out = np.empty(rows.shape, dtype=np.float64)
    if len(rows) < FEWEST_FOR_A_BLOCK:
        call("explain_one", rows, room.table, np.empty(room.sizes[1]), out)
    else:
        levels, columns = explainer.levels, explainer.n_features
        blocks = (2 * LANES + 1) * levels + 2 * columns
        call("explain_many", rows, explainer.table, np.empty(blocks * BLOCK + 2 * levels), out)
    return out


def _checked(rows: NDArray[np.float32], columns: int) -> NDArray[np.float32]:
    """``rows`` as a kernel reads them, which looks at no bounds."""
    if rows.ndim != 2 or rows.shape[1] != columns:
        raise ValueError(f"rows have the shape {rows.shape}; must be (n, {columns})")
    return np.ascontiguousarray(rows, dtype=np.float32)
