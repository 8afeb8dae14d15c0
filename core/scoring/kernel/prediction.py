"""Raw probabilities from a forest's plain arrays."""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.forest import COLUMN_BITS, DISTANCE_BITS, LEAF
from core.scoring.kernel.sizes import BLOCK

_COLUMN, _DISTANCE = (1 << COLUMN_BITS) - 1, (1 << DISTANCE_BITS) - 1


@njit(error_model="numpy")
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


@njit(error_model="numpy")
def predict_many_into(rows, packed, value, depth, roots, node, out):  # type: ignore[no-untyped-def]
    """As ``predict_into``, a block of leads in step down one tree after the other: no branch to guess wrong.

    ``rows`` (n, n_features) int32 as ``core.scoring.forest.ordered`` has them; ``node`` (BLOCK,) uintp is scratch.
    """
    trees = roots.shape[0] - 1
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
