"""Raw probabilities from a forest's steps (``core.scoring.forest.Steps``): leaf values added in tree order.

Many leads go down one tree in step, one lead goes down many trees in step: there is no branch to guess wrong, and what
is not in a cache of the processor is waited for together.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.forest import COLUMN_BITS, DISTANCE_BITS
from core.scoring.kernel.sizes import BLOCK, TOGETHER

_COLUMN, _DISTANCE = (1 << COLUMN_BITS) - 1, (1 << DISTANCE_BITS) - 1
_LOWEST, _HIGHEST = np.int32(-(2**31)), np.int32(2**31 - 1)


@njit(inline="always")
def _ordered(bits):  # type: ignore[no-untyped-def]
    """As ``core.scoring.forest.ordered`` does with a float of these bits."""
    return np.int32(0) if bits == _LOWEST else bits if bits >= 0 else np.int32(bits ^ _HIGHEST)


@njit(inline="always")
def _next(node, at, value):  # type: ignore[no-untyped-def]
    """The node below ``node``, whose number is ``at``, for a lead with ``value`` in its column."""
    return node + np.uintp(at >> COLUMN_BITS & _DISTANCE) + np.uintp(np.intp(value) > at >> 32)


@njit(error_model="numpy")
def predict_into(rows, packed, value, depth, roots, node, lead, out):  # type: ignore[no-untyped-def]
    """Raw probabilities of ``rows`` (n, n_features), the bits of float32, into ``out`` (n,), one lead at a time.

    Scratch: ``node`` (TOGETHER,) uintp, ``lead`` (n_features,) int32.
    """
    trees = roots.shape[0] - 1
    for row in range(rows.shape[0]):
        for column in range(rows.shape[1]):
            lead[column] = _ordered(rows[row, column])
        total = 0.0
        for first in range(0, trees, TOGETHER):
            count = min(TOGETHER, trees - first)
            deepest = np.int32(0)
            for tree in range(count):
                node[tree] = np.uintp(roots[first + tree])
                deepest = max(deepest, depth[first + tree])
            for _ in range(deepest):
                for tree in range(count):
                    at = packed[node[tree]]
                    node[tree] = _next(node[tree], at, lead[np.uintp(at & _COLUMN)])
            for tree in range(count):
                total += value[node[tree]]
        out[row] = total / trees


@njit(error_model="numpy")
def predict_many_into(rows, packed, value, depth, roots, node, out):  # type: ignore[no-untyped-def]
    """As ``predict_into``, a block of leads in step down one tree after the other.

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
                    node[lead] = _next(node[lead], at, block[lead, np.uintp(at & _COLUMN)])
            for lead in range(count):
                out[start + lead] += value[node[lead]]
        for lead in range(count):
            out[start + lead] /= trees
