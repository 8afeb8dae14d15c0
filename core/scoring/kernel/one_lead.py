"""TreeSHAP of leads one by one: two passes over each tree, the nodes of the quadrature as lanes."""

from __future__ import annotations

import numpy as np
from numba import njit

from core.scoring.forest import LEAF
from core.scoring.kernel.edges import GAIN_FAILED, GAIN_MET, LANES, RATIO_FAILED, RATIO_MET


@njit(cache=True, nogil=True)
def _down(lead, start, end, threshold, parent, above, is_left, column, ratio, table, alive, product):  # type: ignore[no-untyped-def]
    """Products of factors from the root to every node of one tree, and which edges the lead still meets."""
    for lane in range(LANES):
        product[0, lane] = 1.0
    for node in range(start + 1, end):
        here, up = node - start, parent[node]
        met_above = True if above[node] < 0 else alive[above[node] - start]
        goes_left = lead[column[node]] <= threshold[up]
        met = met_above and goes_left == is_left[node]
        alive[here] = met
        if met_above:
            offset = RATIO_MET if met else RATIO_FAILED
            for lane in range(LANES):
                product[here, lane] = product[up - start, lane] * table[node, offset + lane]
        else:
            for lane in range(LANES):
                product[here, lane] = product[up - start, lane] * ratio[node]


@njit(cache=True, nogil=True)
def _up(start, end, feature, value, parent, above, column, table, alive, product, out):  # type: ignore[no-untyped-def]
    """Turn products into sums over the leaves below, from the last node to the first, and add every edge's share."""
    for here in range(end - start):
        node = start + here
        scale = value[node] if feature[node] == LEAF else 0.0
        for lane in range(LANES):
            product[here, lane] *= scale
    for node in range(end - 1, start, -1):
        here, up = node - start, parent[node] - start
        if above[node] < 0 or alive[above[node] - start]:
            offset = GAIN_MET if alive[here] else GAIN_FAILED
            gain = 0.0
            for lane in range(LANES):
                gain += table[node, offset + lane] * product[here, lane]
            out[column[node]] += gain
        for lane in range(LANES):
            product[up, lane] += product[here, lane]


@njit(cache=True, nogil=True)
def contributions_into(  # type: ignore[no-untyped-def]
    rows, feature, threshold, value, roots, parent, above, is_left, column, ratio, coefficients, largest, out
):
    """Exact TreeSHAP contributions of ``rows`` (n, n_features) float32 into ``out`` (n, n_features), overwritten."""
    alive = np.empty(largest, dtype=np.bool_)
    product = np.empty((largest, LANES), dtype=np.float64)
    trees = roots.shape[0] - 1
    for row in range(rows.shape[0]):
        out[row, :] = 0.0
        for group in range(coefficients.shape[0]):
            table = coefficients[group]
            for tree in range(trees):
                start, end = roots[tree], roots[tree + 1]
                _down(
                    rows[row],
                    start,
                    end,
                    threshold,
                    parent,
                    above,
                    is_left,
                    column,
                    ratio,
                    table,
                    alive,
                    product,
                )
                _up(start, end, feature, value, parent, above, column, table, alive, product, out[row])
        for column_number in range(out.shape[1]):
            out[row, column_number] /= trees
