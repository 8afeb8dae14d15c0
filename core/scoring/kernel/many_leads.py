"""TreeSHAP of many leads: blocks of leads side by side, so that an edge's numbers are read once for all of them.

Written out lane by lane and with one loop over the block for each step, because then the compiler turns each loop into
vector instructions; with a loop over lanes inside it does not, and takes three times as long.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.forest import LEAF
from core.scoring.kernel.edges import GAIN_MET, LANES, RATIO_MET

BLOCK = 128


@njit(inline="always")
def _eight(table, node, at):  # type: ignore[no-untyped-def]
    """Eight numbers of an edge: four lanes while met, four once failed."""
    return (
        table[node, at], table[node, at + 1], table[node, at + 2], table[node, at + 3],
        table[node, at + 4], table[node, at + 5], table[node, at + 6], table[node, at + 7],
    )  # fmt: skip


@njit(inline="always")
def _descend(lead_columns, column, limit, left, ratio, table, node, level, above, met, product):  # type: ignore[no-untyped-def]
    """Enter an inner node: who still meets its edge, and the products of factors down to it."""
    m0, m1, m2, m3, n0, n1, n2, n3 = _eight(table, node, RATIO_MET)
    up = level - 1
    for lead in range(BLOCK):
        met_above = met[above, lead] > 0.5
        here = met_above & ((lead_columns[column, lead] <= limit) == left)
        met[level, lead] = 1.0 if here else 0.0
        product[level, 0, lead] = product[up, 0, lead] * ((m0 if here else n0) if met_above else ratio)
        product[level, 1, lead] = product[up, 1, lead] * ((m1 if here else n1) if met_above else ratio)
        product[level, 2, lead] = product[up, 2, lead] * ((m2 if here else n2) if met_above else ratio)
        product[level, 3, lead] = product[up, 3, lead] * ((m3 if here else n3) if met_above else ratio)


@njit(inline="always")
def _leaf(lead_columns, column, limit, left, ratio, table, node, level, above, met, product, below, value, out):  # type: ignore[no-untyped-def]
    """A leaf: its share to the feature of its edge, and its weighted products to its parent (a left child first)."""
    m0, m1, m2, m3, n0, n1, n2, n3 = _eight(table, node, RATIO_MET)
    g0, g1, g2, g3, h0, h1, h2, h3 = _eight(table, node, GAIN_MET)
    keep = 0.0 if left else 1.0
    up = level - 1
    for lead in range(BLOCK):
        met_above = met[above, lead] > 0.5
        here = met_above & ((lead_columns[column, lead] <= limit) == left)
        b0 = value * product[up, 0, lead] * ((m0 if here else n0) if met_above else ratio)
        b1 = value * product[up, 1, lead] * ((m1 if here else n1) if met_above else ratio)
        b2 = value * product[up, 2, lead] * ((m2 if here else n2) if met_above else ratio)
        b3 = value * product[up, 3, lead] * ((m3 if here else n3) if met_above else ratio)
        while_met = g0 * b0 + g1 * b1 + g2 * b2 + g3 * b3
        once_failed = h0 * b0 + h1 * b1 + h2 * b2 + h3 * b3
        out[column, lead] += (while_met if here else once_failed) if met_above else 0.0
        below[up, 0, lead] = keep * below[up, 0, lead] + b0
        below[up, 1, lead] = keep * below[up, 1, lead] + b1
        below[up, 2, lead] = keep * below[up, 2, lead] + b2
        below[up, 3, lead] = keep * below[up, 3, lead] + b3


@njit(inline="always")
def _ascend(column, left, table, node, level, above, met, below, out):  # type: ignore[no-untyped-def]
    """Leave an inner node whose two children are done: its edge's share, and its sums to its parent."""
    g0, g1, g2, g3, h0, h1, h2, h3 = _eight(table, node, GAIN_MET)
    keep = 0.0 if left else 1.0
    up = level - 1
    for lead in range(BLOCK):
        b0, b1, b2, b3 = below[level, 0, lead], below[level, 1, lead], below[level, 2, lead], below[level, 3, lead]
        while_met = g0 * b0 + g1 * b1 + g2 * b2 + g3 * b3
        once_failed = h0 * b0 + h1 * b1 + h2 * b2 + h3 * b3
        gain = while_met if met[level, lead] > 0.5 else once_failed
        out[column, lead] += gain if met[above, lead] > 0.5 else 0.0
        below[up, 0, lead] = keep * below[up, 0, lead] + b0
        below[up, 1, lead] = keep * below[up, 1, lead] + b1
        below[up, 2, lead] = keep * below[up, 2, lead] + b2
        below[up, 3, lead] = keep * below[up, 3, lead] + b3


@njit(cache=True, nogil=True)
def _explain_block(  # type: ignore[no-untyped-def]
    lead_columns, feature, threshold, value, roots, parent, above, depth, is_left, column, ratio, table, work, out
):
    """All trees for one block, each walked once in preorder with a stack by depth; ``out`` is added to."""
    product, below, met = work
    for tree in range(roots.shape[0] - 1):
        for node in range(roots[tree] + 1, roots[tree + 1]):
            level, tested, left = depth[node], column[node], is_left[node]
            limit = threshold[parent[node]]
            if feature[node] != LEAF:
                _descend(lead_columns, tested, limit, left, ratio[node], table, node, level, above[node], met, product)
                continue
            _leaf(
                lead_columns, tested, limit, left, ratio[node], table, node, level, above[node], met, product, below,
                value[node], out,
            )  # fmt: skip
            done = node
            while not is_left[done] and depth[done] > 1:
                done = parent[done]
                _ascend(column[done], is_left[done], table, done, depth[done], above[done], met, below, out)


@njit(cache=True, nogil=True)
def contributions_of_many_into(  # type: ignore[no-untyped-def]
    rows, feature, threshold, value, roots, parent, above, depth, is_left, column, ratio, coefficients, levels, out
):
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten.

    ``above`` holds the depth of the edge that tested the same feature last, 0 for none.
    """
    work = np.ones((levels, LANES, BLOCK)), np.zeros((levels, LANES, BLOCK)), np.ones((levels, BLOCK))
    trees = roots.shape[0] - 1
    lead_columns = np.zeros((rows.shape[1], BLOCK), dtype=np.float32)
    block_out = np.empty((rows.shape[1], BLOCK))
    for start in range(0, rows.shape[0], BLOCK):
        count = min(BLOCK, rows.shape[0] - start)
        lead_columns[:, :count] = rows[start : start + count].T
        block_out[:] = 0.0
        for group in range(coefficients.shape[0]):
            _explain_block(
                lead_columns, feature, threshold, value, roots, parent, above, depth, is_left, column, ratio,
                coefficients[group], work, block_out,
            )  # fmt: skip
        out[start : start + count] = block_out[:, :count].T / trees
