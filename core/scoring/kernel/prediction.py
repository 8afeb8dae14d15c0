"""Raw probabilities from a forest's plain arrays."""

from __future__ import annotations

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from core.scoring.forest import COLUMN_BITS, DISTANCE_BITS, LEAF, Forest, ordered

BLOCK: Final = 128
FEWEST_IN_STEP: Final = 4
_COLUMN, _DISTANCE = (1 << COLUMN_BITS) - 1, (1 << DISTANCE_BITS) - 1


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


@njit(cache=True, nogil=True)
def predict_many_into(rows, packed, value, depth, roots, out):  # type: ignore[no-untyped-def]
    """As ``predict_into``, a block of leads in step down one tree after the other: no branch to guess wrong.

    ``rows`` (n, n_features) int32 as ``core.scoring.forest.ordered`` has them.
    """
    trees = roots.shape[0] - 1
    node = np.empty(BLOCK, dtype=np.uintp)
    for start in range(0, rows.shape[0], BLOCK):
        count = min(BLOCK, rows.shape[0] - start)
        block = rows[start : start + count]
        out[start : start + count] = 0.0
        for tree in range(trees):
            node[:count] = roots[tree]
            for _ in range(depth[tree]):
                for lead in range(count):
                    at = packed[node[lead]]
                    goes_right = np.intp(block[lead, np.uintp(at & _COLUMN)]) > at >> 32
                    node[lead] += np.uintp(at >> COLUMN_BITS & _DISTANCE) + np.uintp(goes_right)
            for lead in range(count):
                out[start + lead] += value[node[lead]]
        for lead in range(count):
            out[start + lead] /= trees


def predict(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw probability of each row, shape (n,); the same bits as scikit-learn's ``predict_proba`` with one job."""
    out = np.empty(len(rows), dtype=np.float64)
    if len(rows) < FEWEST_IN_STEP:
        predict_into(rows, forest.feature, forest.threshold, forest.right, forest.value, forest.roots, out)
    else:
        steps = forest.steps
        predict_many_into(ordered(rows), steps.packed, steps.value, steps.depth, forest.roots, out)
    return out
