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
what the leaves below gain with the new factor, less what the edge above already counted for them. As :math:`o` is 0 or
1, an edge is in one of three states for a lead: an earlier condition on the feature has failed already (only the cover
ratio counts and nothing is gained), the lead goes left, or it goes right. For each state the change of :math:`P_k` and
the gain are computed once. One pass down and one pass up each tree, and no division by a small number.

**Leaves.** Leaves need no sums of their own. The one or two leaves right below a node test the same feature, so
together they are one *end* with the same three states: its factors are :math:`v` times the change of :math:`P_k`,
added over the two leaves, and likewise the gains. In a grown forest this halves the work.

Lanes come in groups of four quadrature nodes; unused lanes have weight 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.scoring.forest import LEAF, Forest
from core.scoring.kernel.native import call
from core.scoring.kernel.records import records_of
from core.scoring.kernel.sizes import GOES_LEFT, GOES_RIGHT, LANES, NO_END, WIDTH
from core.scoring.kernel.table import Room, Table

_CACHE_LINE_BYTES: Final = 64

Indices = NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Tests:
    """What decides between the three states of an edge or an end, and what follows from each.

    ``column``: the feature that is tested. ``limit`` float32: a lead goes left where ``x <= limit``. ``above``: number
    in its tree of the step that tested the same feature last, 0 for none. ``factors`` float64 (groups, n, 3, 8): for
    each state four changes of the product, then four gains.
    """

    column: Indices
    limit: NDArray[np.float32]
    above: Indices
    factors: NDArray[np.float64]

    @property
    def arrays(self) -> tuple[tuple[NDArray[Any], DTypeLike], ...]:
        """The arrays in order, with their types."""
        return (
            (self.column, np.uint32), (self.limit, np.float32), (self.above, np.uint32), (self.factors, np.float64)
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Explainer:
    """A forest ready for TreeSHAP.

    A *step* is the edge into an inner node; steps of a tree stand in preorder, its root (no edge) is step 0.
    ``starts`` (trees + 1,): first step of each tree. ``level``: its depth, 0 at a root. ``met_when``: the state in
    which the edge's condition is met. ``end_of``: the end that hangs from a step, NO_END for none. ``is_twig``: both
    children of the step's node are leaves. ``levels``: deepest level plus 1. ``base_value``: the mean training
    prediction. ``table``: all that for the kernel of many leads. ``one``: what the kernel of one lead reads instead.
    """

    base_value: float
    starts: Indices
    level: Indices
    met_when: Indices
    tests: Tests
    ends: Tests
    end_of: Indices
    is_twig: NDArray[np.bool_]
    levels: int
    n_features: int
    one: Room
    table: Table = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self._table())

    def _table(self) -> Table:
        """As ``core.scoring.kernel.entries`` reads it."""
        counts = (
            len(self.starts) - 1, len(self.level), len(self.ends.column), self.n_features,
            len(self.tests.factors), 0, self.levels,
        )  # fmt: skip
        whole = [(array, np.uint32) for array in (self.starts, self.level, self.met_when, self.end_of)]
        return Table(counts, [*whole, (self.is_twig, np.bool_), *self.tests.arrays, *self.ends.arrays])


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """What is known of the edge into each node, before leaves are gathered; a root has none.

    ``reach`` float64 (n_nodes,): z. ``change`` and ``gain`` float64 (n_nodes, 3, lanes), by state. ``quadrature``:
    times and weights of the lanes.
    """

    parent: NDArray[np.int32]
    above: NDArray[np.int32]
    is_left: NDArray[np.bool_]
    reach: NDArray[np.float64]
    depth: NDArray[np.int32]
    quadrature: tuple[NDArray[np.float64], NDArray[np.float64]]
    change: NDArray[np.float64]
    gain: NDArray[np.float64]


def explainer_of(forest: Forest) -> Explainer:
    """Precompute what TreeSHAP needs of every edge, once for a forest."""
    edges = _edges_of(forest)
    leaf = forest.feature == LEAF
    nodes = np.flatnonzero(~leaf)  # one step each
    starts = np.searchsorted(nodes, forest.roots)
    first = np.repeat(starts[:-1], np.diff(starts))  # first step of each step's tree
    number = np.cumsum(~leaf) - 1  # step of an inner node
    left, right = nodes + 1, forest.right[nodes]
    with_end = np.flatnonzero(leaf[left] | leaf[right])
    end_of = np.full(len(nodes), NO_END, dtype=np.uint32)
    end_of[with_end] = np.arange(len(with_end))
    has_edge = edges.parent[nodes] >= 0
    above = np.where(edges.above[nodes] >= 0, number[edges.above[nodes]], first) - first
    below = edges.above[left[with_end]]  # both children of a node test the same feature
    end_above = np.where(below >= 0, number[below], first[with_end]) - first[with_end]
    up = edges.parent[nodes]
    parent = np.where(has_edge, number[up], first) - first
    column = np.where(has_edge, forest.feature[up], 0)
    limit = np.where(has_edge, forest.threshold[up], np.float32(0)).astype(np.float32)
    end_column, end_limit = forest.feature[nodes[with_end]], forest.threshold[nodes[with_end]]
    end_starts = np.searchsorted(with_end, starts)
    is_left = edges.is_left[nodes]
    values = np.stack(
        [np.where(leaf[below], forest.value[below], 0.0) for below in (left[with_end], right[with_end])], axis=1
    )
    failing = values[:, 0] * edges.reach[left[with_end]] + values[:, 1] * edges.reach[right[with_end]]
    return Explainer(
        base_value=_base_value(forest),
        starts=_indices(starts),
        level=_indices(edges.depth[nodes]),
        met_when=_indices(np.where(is_left, GOES_LEFT, GOES_RIGHT)),
        tests=Tests(
            column=_indices(column),
            limit=limit,
            above=_indices(above),
            factors=_in_groups(np.concatenate([edges.change[nodes], edges.gain[nodes]], axis=2)),
        ),
        ends=Tests(
            column=_indices(end_column),
            limit=end_limit,
            above=_indices(end_above),
            factors=_in_groups(_of_leaf(forest, edges, left[with_end]) + _of_leaf(forest, edges, right[with_end])),
        ),
        end_of=end_of,
        is_twig=leaf[left] & leaf[right] & has_edge,
        levels=int(edges.depth.max()) + 1,
        n_features=forest.n_features,
        one=records_of(
            (starts, edges.reach[nodes], limit, above, parent, column << 1 | is_left),
            (end_starts, np.column_stack([values, failing]), end_limit, end_above,
             with_end - first[with_end], end_column),
            edges.quadrature,
            forest.n_features,
        ),
    )  # fmt: skip


def _indices(values: NDArray[np.integer]) -> Indices:
    """Unsigned, so that compiled code need not ask whether an index counts from the end."""
    return values.astype(np.uint32)


def _edges_of(forest: Forest) -> _Edges:
    """The change of the product and the gain of every edge in each of its states; see the module's derivation."""
    parent, above, is_left, reach, distinct, depth = _paths(forest)
    nodes = max(1, -(-int(distinct.max()) // 2))
    times, weights = _quadrature(nodes, LANES * -(-nodes // LANES))
    z_here = reach[:, None]  # z_e
    z_above = np.where(above >= 0, reach[above], 1.0)[:, None]
    rest = 1.0 - times
    met_here, met_above = times + rest * z_here, times + rest * z_above
    gain_above = (1.0 - z_above) / met_above
    passed = np.where(parent >= 0, forest.cover / forest.cover[parent], 1.0)[:, None]
    change = (np.broadcast_to(passed, met_here.shape), met_here / met_above, rest * z_here / met_above)
    gain = (
        np.zeros_like(met_here),
        weights * ((1.0 - z_here) / met_here - gain_above),
        weights * (-1.0 / rest - gain_above),
    )
    by_state = _by_state(change, is_left), _by_state(gain, is_left)
    return _Edges(parent, above, is_left, reach, depth, (times, weights), *by_state)


def _by_state(values: tuple[NDArray[np.float64], ...], is_left: NDArray[np.bool_]) -> NDArray[np.float64]:
    """From (failed above, met, failed here) to (failed above, goes left, goes right), shape (n_nodes, 3, lanes)."""
    failed_above, met, failed = values
    left = is_left[:, None]
    return np.stack([failed_above, np.where(left, met, failed), np.where(left, failed, met)], axis=1)


def _of_leaf(forest: Forest, edges: _Edges, nodes: NDArray[np.integer]) -> NDArray[np.float64]:
    """What the nodes that are leaves add to their ends, shape (n, 3, 2 lanes): 0 for those that are none."""
    value = np.where(forest.feature[nodes] == LEAF, forest.value[nodes], 0.0)[:, None, None]
    change = value * edges.change[nodes]
    return np.concatenate([change, change * edges.gain[nodes]], axis=2)


def _in_groups(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    """From (n, 3, changes and gains of all lanes) to (groups, n, 3, 8); every state starts a line of the cache."""
    count, states, lanes = factors.shape
    groups = lanes // WIDTH
    split = factors.reshape(count, states, 2, groups, LANES).transpose(3, 0, 1, 2, 4)
    space = np.empty(split.size + _CACHE_LINE_BYTES // 8)
    start = (-space.ctypes.data % _CACHE_LINE_BYTES) // 8
    aligned = space[start : start + split.size].reshape(groups, count, states, WIDTH)
    aligned[:] = split.reshape(groups, count, states, WIDTH)
    return aligned


def _quadrature(nodes: int, lanes: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre on [0, 1], padded with lanes of weight 0."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    times = np.full(lanes, 0.5)
    padded = np.zeros(lanes)
    times[:nodes] = (points + 1.0) / 2.0
    padded[:nodes] = weights / 2.0
    return times, padded


def _base_value(forest: Forest) -> float:
    """Mean over trees of the cover-weighted mean of leaf values."""
    total = 0.0
    for start, end in zip(forest.roots[:-1], forest.roots[1:], strict=True):
        leaf = forest.feature[start:end] == LEAF
        total += float(
            (forest.value[start:end] * forest.cover[start:end])[leaf].sum() / forest.cover[start:end][leaf].sum()
        )
    return total / forest.n_trees


def _paths(forest: Forest) -> tuple[NDArray[Any], ...]:
    """Of every node what ``core.scoring.kernel.paths`` says of it."""
    nodes = len(forest.feature)
    kinds = (np.int32, np.int32, np.bool_, np.float64, np.int32, np.int32)
    found = tuple(np.empty(nodes, dtype=kind) for kind in kinds)
    told = (forest.feature, np.int32), (forest.right, np.int32), (forest.roots, np.int32), (forest.cover, np.float64)
    filled = Table((nodes, forest.n_trees), [*told, *zip(found, kinds, strict=True)])
    call("paths", None, filled, None, None)
    return filled.arrays[len(told) :]
