r"""Exact TreeSHAP on a forest's plain arrays: the mathematics, and what is computed once for every edge.

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
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from core.scoring.forest import LEAF, Forest

LANES: Final = 4
RATIO_MET, RATIO_FAILED, GAIN_MET, GAIN_FAILED = 0, LANES, 2 * LANES, 3 * LANES


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """A forest's edges, ready for TreeSHAP. The edge into node n stands at row n; a root's row is unused.

    ``column`` int32: feature that the edge tests. ``parent`` int32: the node above, -1 at a root. ``depth`` int32.
    ``above`` int32: depth of the edge on the same path that tested the same feature last, 0 for none.
    ``coefficients`` float64 (groups, n_nodes, 16): factor ratio while met, factor ratio once failed, gain while met,
    gain once failed, four lanes each. ``base_value``: the mean training prediction. ``levels``: deepest level plus 1.
    """

    column: NDArray[np.int32]
    parent: NDArray[np.int32]
    is_left: NDArray[np.bool_]
    cover_ratio: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    base_value: float
    depth: NDArray[np.int32]
    above: NDArray[np.int32]
    levels: int


def explainer_of(forest: Forest) -> Explainer:
    """Precompute what TreeSHAP needs of every edge, once for a forest."""
    parent, above, is_left, reach, distinct, depth = _paths(forest.feature, forest.right, forest.roots, forest.cover)
    nodes = max(1, -(-int(distinct.max()) // 2))
    groups = -(-nodes // LANES)
    times, weights = _quadrature(nodes, groups * LANES)
    column = np.where(parent >= 0, forest.feature[parent], LEAF).astype(np.int32)
    ratio = np.where(parent >= 0, forest.cover / forest.cover[parent], 1.0)
    return Explainer(
        column=column,
        parent=parent,
        is_left=is_left,
        cover_ratio=ratio,
        coefficients=_coefficients(reach, above, times, weights, groups),
        base_value=_base_value(forest),
        depth=depth,
        above=np.where(above >= 0, depth[above], 0).astype(np.int32),
        levels=int(depth.max()) + 1,
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
    depth = np.zeros(nodes, dtype=np.int32)
    for tree in range(roots.shape[0] - 1):
        for node in range(roots[tree], roots[tree + 1]):
            if feature[node] != LEAF:
                parent[node + 1] = node
                is_left[node + 1] = True
                parent[right[node]] = node
            if parent[node] < 0:
                continue
            up = parent[node]
            depth[node] = depth[up] + 1
            column = feature[up]
            while parent[up] >= 0 and feature[parent[up]] != column:
                up = parent[up]
            known = parent[up] >= 0
            above[node] = up if known else -1
            ratio = cover[node] / cover[parent[node]]
            reach[node] = (reach[up] if known else 1.0) * ratio
            distinct[node] = distinct[parent[node]] + (0 if known else 1)
    return parent, above, is_left, reach, distinct, depth
