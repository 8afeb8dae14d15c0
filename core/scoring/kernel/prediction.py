"""Raw probabilities from a forest's plain arrays."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from core.scoring.forest import LEAF, Forest


@njit(cache=True, nogil=True)
def predict_into(rows, feature, threshold, right, value, roots, out):  # type: ignore[no-untyped-def]
    """Raw probabilities of ``rows`` (n, n_features) float32 into ``out`` (n,): leaf values added in tree order."""
    trees = roots.shape[0] - 1
    for row in range(rows.shape[0]):
        total = 0.0
        for tree in range(trees):
            node = roots[tree]
            while feature[node] != LEAF:
                node = node + 1 if rows[row, feature[node]] <= threshold[node] else right[node]
            total += value[node]
        out[row] = total / trees


def predict(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw probability of each row, shape (n,); the same bits as scikit-learn's ``predict_proba`` with one job."""
    out = np.empty(len(rows), dtype=np.float64)
    predict_into(rows, forest.feature, forest.threshold, forest.right, forest.value, forest.roots, out)
    return out
