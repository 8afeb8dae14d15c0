r"""Prediction and exact TreeSHAP on a forest's plain arrays, compiled by numba, without the interpreter's lock.

**The game.** Take one leaf of value :math:`v` and the :math:`d` distinct features tested on the way to it. For feature
:math:`j` let :math:`o_j` be 1 when the lead meets every condition on :math:`j` along the path, else 0, and let
:math:`z_j` be the product of the cover ratios (child over parent) of these conditions: the share of training leads that
pass when :math:`j` is not known. A coalition :math:`S` of known features reaches the leaf with weight
:math:`\prod_{j \in S} o_j \prod_{j \notin S} z_j`, which is the path-dependent value function of TreeSHAP (Lundberg et
al., "From local explanations to global understanding with explainable AI for trees", 2020).

**The integral.** Owen's multilinear extension (Owen, "Multilinear extensions of games", 1972) writes a Shapley value
as the mean marginal contribution when every other player has joined with probability :math:`t`, averaged over
:math:`t`. For a product game the players factorise:

.. math:: \phi_i = v \int_0^1 (o_i - z_i) \prod_{j \ne i} \bigl(t\,o_j + (1 - t)\,z_j\bigr)\,dt

The integrand is a polynomial of degree :math:`d - 1` in :math:`t`, so Gauss-Legendre quadrature with
:math:`\lceil d/2 \rceil` nodes is exact: four nodes up to depth 8.

**Sharing.** Let :math:`P_k` at a tree node be the product of all factors on its path at quadrature node :math:`t_k`,
and :math:`S_k` the sum of :math:`v P_k` over the leaves below it. An edge that tests feature :math:`f` changes only the
factor of :math:`f`, from :math:`(o_a, z_a)` at the previous edge on :math:`f` (or (1, 1)) to :math:`(o_e, z_e)`. Its
share of :math:`\phi_f` is :math:`\sum_k w_k S_k (c_e - c_a)` with :math:`c = (o - z) / (t_k o + (1 - t_k) z)`:
what the leaves below gain with the new factor, less what the edge above already counted for them. As
:math:`o` is 0 or 1 an edge needs only four precomputed numbers for each :math:`k`: the ratio of factors and the change
of :math:`c`, each for "still met" and "no longer met". Where :math:`o_a = 0` nothing changes but the cover ratio.
One pass down and one pass up each tree: edges times nodes of the quadrature, and no division by a small number.

Lanes come in groups of four quadrature nodes; unused lanes have weight 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from core.scoring.forest import LEAF, Forest

LANES = 4
_ALIVE, _DEAD, _GAIN_ALIVE, _GAIN_DEAD = 0, LANES, 2 * LANES, 3 * LANES


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """A forest's edges, ready for TreeSHAP. The edge into node n stands at row n; a root's row is unused.

    ``column`` int32: feature that the edge tests. ``above`` int32: the node whose edge tested the same feature last,
    -1 for none. ``parent`` int32. ``coefficients`` float64 (groups, n_nodes, 16): factor ratio while met, factor ratio
    once failed, gain while met, gain once failed, four lanes each. ``base_value``: the mean training prediction.
    """

    column: NDArray[np.int32]
    parent: NDArray[np.int32]
    above: NDArray[np.int32]
    is_left: NDArray[np.bool_]
    cover_ratio: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    base_value: float
    largest_tree: int


def explainer_of(forest: Forest) -> Explainer:
    """Precompute what TreeSHAP needs of every edge; takes about 50 ms for 30,000 nodes."""
    parent, above, is_left, reach, distinct = _paths(forest.feature, forest.right, forest.roots, forest.cover)
    nodes = max(1, -(-int(distinct.max()) // 2))
    groups = -(-nodes // LANES)
    times, weights = _quadrature(nodes, groups * LANES)
    column = np.where(parent >= 0, forest.feature[parent], LEAF).astype(np.int32)
    ratio = np.where(parent >= 0, forest.cover / forest.cover[parent], 1.0)
    return Explainer(
        column=column,
        parent=parent,
        above=above,
        is_left=is_left,
        cover_ratio=ratio,
        coefficients=_coefficients(reach, above, times, weights, groups),
        base_value=_base_value(forest),
        largest_tree=int(np.diff(forest.roots).max()),
    )


def _quadrature(nodes: int, lanes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre on [0, 1], padded with lanes of weight 0."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    times = np.full(lanes, 0.5)
    padded = np.zeros(lanes)
    times[:nodes] = (points + 1.0) / 2.0
    padded[:nodes] = weights / 2.0
    return times, padded


def _coefficients(
    reach: NDArray[np.float64],
    above: NDArray[np.int32],
    times: NDArray[np.float64],
    weights: NDArray[np.float64],
    groups: int,
) -> NDArray[np.float64]:
    """The sixteen numbers of every edge and group; see the module's derivation. ``reach`` is z_e."""
    z_here = reach[:, None]
    z_above = np.where(above >= 0, reach[above], 1.0)[:, None]
    rest = 1.0 - times
    met_here, met_above = times + rest * z_here, times + rest * z_above
    gain_above = (1.0 - z_above) / met_above
    table = np.stack(
        [
            met_here / met_above,
            rest * z_here / met_above,
            weights * ((1.0 - z_here) / met_here - gain_above),
            weights * (-1.0 / rest - gain_above),
        ],
        axis=1,
    )
    split = table.reshape(len(reach), 4, groups, LANES).transpose(2, 0, 1, 3)
    return np.ascontiguousarray(split.reshape(groups, len(reach), 4 * LANES))


def _base_value(forest: Forest) -> float:
    """Mean over trees of the cover-weighted mean of leaf values."""
    total = 0.0
    for start, end in zip(forest.roots[:-1], forest.roots[1:], strict=True):
        leaf = forest.feature[start:end] == LEAF
        total += float(
            (forest.value[start:end] * forest.cover[start:end])[leaf].sum() / forest.cover[start:end][leaf].sum()
        )
    return total / forest.n_trees


@njit(cache=True, nogil=True)
def _paths(feature, right, roots, cover):  # type: ignore[no-untyped-def]
    nodes = feature.shape[0]
    parent = np.full(nodes, -1, dtype=np.int32)
    above = np.full(nodes, -1, dtype=np.int32)
    is_left = np.zeros(nodes, dtype=np.bool_)
    reach = np.ones(nodes, dtype=np.float64)
    distinct = np.zeros(nodes, dtype=np.int32)
    for tree in range(roots.shape[0] - 1):
        for node in range(roots[tree], roots[tree + 1]):
            if feature[node] != LEAF:
                parent[node + 1] = node
                is_left[node + 1] = True
                parent[right[node]] = node
            if parent[node] < 0:
                continue
            up = parent[node]
            column = feature[up]
            while parent[up] >= 0 and feature[parent[up]] != column:
                up = parent[up]
            known = parent[up] >= 0
            above[node] = up if known else -1
            ratio = cover[node] / cover[parent[node]]
            reach[node] = (reach[up] if known else 1.0) * ratio
            distinct[node] = distinct[parent[node]] + (0 if known else 1)
    return parent, above, is_left, reach, distinct


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
            offset = _ALIVE if met else _DEAD
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
            offset = _GAIN_ALIVE if alive[here] else _GAIN_DEAD
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


def predict(forest: Forest, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Raw probability of each row, shape (n,); the same bits as scikit-learn's ``predict_proba`` with one job."""
    out = np.empty(len(rows), dtype=np.float64)
    predict_into(rows, forest.feature, forest.threshold, forest.right, forest.value, forest.roots, out)
    return out


def contributions(forest: Forest, explainer: Explainer, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Exact TreeSHAP values of each row, shape (n, n_features); with the base value they sum to the prediction."""
    out = np.empty(rows.shape, dtype=np.float64)
    contributions_into(
        rows,
        forest.feature,
        forest.threshold,
        forest.value,
        forest.roots,
        explainer.parent,
        explainer.above,
        explainer.is_left,
        explainer.column,
        explainer.cover_ratio,
        explainer.coefficients,
        explainer.largest_tree,
        out,
    )
    return out
