"""TreeSHAP of leads one by one: each tree walked once in preorder, the four lanes as four variables."""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.forest import LEAF
from core.scoring.kernel.edges import GAIN_FAILED, GAIN_MET, LANES, RATIO_FAILED, RATIO_MET


@njit(cache=True, nogil=True)
def _explain(  # type: ignore[no-untyped-def]  # noqa: PLR0915 - in one piece, so that the lanes stay in registers
    lead, feature, threshold, value, roots, parent, above, depth, is_left, column, ratio, table, work, out
):
    """All trees for one lead; ``out`` (n_features,) is added to."""
    product, below, met = work
    for tree in range(roots.shape[0] - 1):
        for node in range(roots[tree] + 1, roots[tree + 1]):
            level = depth[node]
            up = level - 1
            met_above = met[above[node]]
            here = met_above and ((lead[column[node]] <= threshold[parent[node]]) == is_left[node])
            p0, p1, p2, p3 = product[up, 0], product[up, 1], product[up, 2], product[up, 3]
            if met_above:
                at = RATIO_MET if here else RATIO_FAILED
                p0 *= table[node, at]
                p1 *= table[node, at + 1]
                p2 *= table[node, at + 2]
                p3 *= table[node, at + 3]
            else:
                p0, p1, p2, p3 = p0 * ratio[node], p1 * ratio[node], p2 * ratio[node], p3 * ratio[node]
            if feature[node] != LEAF:
                met[level] = here
                product[level, 0], product[level, 1], product[level, 2], product[level, 3] = p0, p1, p2, p3
                continue
            p0, p1, p2, p3 = p0 * value[node], p1 * value[node], p2 * value[node], p3 * value[node]
            done = node
            while True:  # the leaf, then every inner node whose two children are done
                if met_above:
                    at = GAIN_MET if here else GAIN_FAILED
                    out[column[done]] += (
                        table[done, at] * p0
                        + table[done, at + 1] * p1
                        + table[done, at + 2] * p2
                        + table[done, at + 3] * p3
                    )
                if is_left[done]:
                    below[up, 0], below[up, 1], below[up, 2], below[up, 3] = p0, p1, p2, p3
                    break
                if up == 0:
                    break
                p0, p1, p2, p3 = p0 + below[up, 0], p1 + below[up, 1], p2 + below[up, 2], p3 + below[up, 3]
                done = parent[done]
                level = up
                up = level - 1
                met_above = met[above[done]]
                here = met[level]


@njit(cache=True, nogil=True)
def contributions_into(  # type: ignore[no-untyped-def]
    rows, feature, threshold, value, roots, parent, above, depth, is_left, column, ratio, coefficients, levels, out
):
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten.

    ``above`` holds the depth of the edge that tested the same feature last, 0 for none.
    """
    work = np.ones((levels, LANES)), np.zeros((levels, LANES)), np.ones(levels, dtype=np.bool_)
    trees = roots.shape[0] - 1
    for row in range(rows.shape[0]):
        out[row, :] = 0.0
        for group in range(coefficients.shape[0]):
            _explain(
                rows[row], feature, threshold, value, roots, parent, above, depth, is_left, column, ratio,
                coefficients[group], work, out[row],
            )  # fmt: skip
        for number in range(out.shape[1]):
            out[row, number] /= trees
