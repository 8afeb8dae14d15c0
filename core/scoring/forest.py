"""A forest as plain arrays: what the server reads instead of a pickled estimator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from core.scoring.kernel.table import Room

LEAF = -1
COLUMN_BITS, DISTANCE_BITS = 12, 20


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A forest in which a node is one number, and a leaf leads to itself: leads go down it in step, without a branch.

    ``packed`` int64 (n_nodes,): from the highest bit 32 for the limit, as ``ordered`` has it (a leaf's is never
    passed), 20 for the distance to the left child, behind which the right one stands (0 at a leaf), 12 for the column.
    ``value`` float64, in the same order. ``depth`` int32 (n_trees,): steps to the deepest leaf. ``room``: all that for
    the kernels, with room for one lead.
    """

    packed: NDArray[np.int64]
    value: NDArray[np.float64]
    depth: NDArray[np.int32]
    room: Room


@dataclass(frozen=True, eq=False)
class Forest:
    """Trees laid end to end, each in preorder (a left child follows its parent).

    ``feature`` int32 (n_nodes,): column that a node tests, -1 at a leaf.
    ``threshold`` float32: a lead goes left where ``x <= threshold``. Rounded *down* from the float64 of training, which
    decides exactly as the float64 does for every float32 ``x``.
    ``right`` int32: index of the right child. ``value`` float64: what a mean over trees is taken of. In a forest the
    share of converted leads in a node, in [0, 1]; in boosted trees what the tree adds, times the number of trees, with
    the level that they start from, so that the mean is their sum.
    ``cover`` float64: weight of the training leads that passed a node, above 0.
    ``roots`` int32 (n_trees + 1,): where each tree starts, then the number of nodes.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    cover: NDArray[np.float64]
    roots: NDArray[np.int32]
    n_features: int

    @property
    def n_trees(self) -> int:
        """How many trees vote."""
        return len(self.roots) - 1

    @cached_property
    def stays_within(self) -> bool:
        """Whether no lead's mean can lie outside [0, 1]."""
        return bool((self.value >= 0.0).all() and (self.value <= 1.0).all())

    @cached_property
    def steps(self) -> Steps:
        """The forest as many leads go down it, prepared once: in each tree siblings side by side behind the root."""
        leaf = self.feature == LEAF
        inner = np.flatnonzero(~leaf)
        root = np.repeat(self.roots[:-1], np.diff(self.roots))
        before = np.cumsum(~leaf) - ~leaf  # inner nodes before each node
        left = root + 1 + 2 * (before - before[root])  # where an inner node's children go
        place = root.astype(np.int64)
        place[inner + 1], place[self.right[inner]] = left[inner], left[inner] + 1
        depth = self._depths()
        limit = np.where(leaf, np.iinfo(np.int32).max, ordered(self.threshold)).astype(np.int64)
        distance = np.where(leaf, 0, left - place)
        packed, value = np.empty(len(leaf), dtype=np.int64), np.empty(len(leaf))
        packed[place] = limit << 32 | distance << COLUMN_BITS | np.where(leaf, 0, self.feature)
        value[place] = self.value
        return Steps(packed, value, depth, self._room(packed, value, depth))

    def _depths(self) -> NDArray[np.int32]:
        """Steps from each root to the deepest leaf."""
        depth = np.zeros(len(self.feature), dtype=np.int32)
        above = self.roots[:-1]
        while len(above := above[self.feature[above] != LEAF]):
            below = depth[above] + 1
            depth[above + 1], depth[self.right[above]] = below, below
            above = np.concatenate([above + 1, self.right[above]])
        return np.maximum.reduceat(depth, self.roots[:-1])

    def _room(self, packed: NDArray[np.int64], value: NDArray[np.float64], depth: NDArray[np.int32]) -> Room:
        from core.scoring.kernel.sizes import TOGETHER
        from core.scoring.kernel.table import Room, Table

        arrays = (packed, np.int64), (value, np.float64), (depth, np.int32), (self.roots, np.int32)
        table = Table((len(packed), self.n_trees, self.n_features), arrays)
        return Room("predict_one", table, self.n_features, TOGETHER + self.n_features, (1,))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything that has to be stored, by name; ``from_arrays`` reads it back."""
        return {
            "feature": self.feature,
            "threshold": self.threshold,
            "right": self.right,
            "value": self.value,
            "cover": self.cover,
            "roots": self.roots,
            "n_features": np.asarray(self.n_features, dtype=np.int32),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, ArrayLike]) -> Forest:
        """Build a forest from stored arrays. Raises ValueError when they do not describe one."""
        forest = cls(
            feature=np.ascontiguousarray(arrays["feature"], dtype=np.int32),
            threshold=np.ascontiguousarray(arrays["threshold"], dtype=np.float32),
            right=np.ascontiguousarray(arrays["right"], dtype=np.int32),
            value=np.ascontiguousarray(arrays["value"], dtype=np.float64),
            cover=np.ascontiguousarray(arrays["cover"], dtype=np.float64),
            roots=np.ascontiguousarray(arrays["roots"], dtype=np.int32),
            n_features=int(np.asarray(arrays["n_features"])),
        )
        forest._check()
        return forest

    def _check(self) -> None:
        """A kernel reads without bounds checks, so nothing may point outside the arrays."""
        if not (self._has_whole_arrays() and self._is_made_of_trees()):
            raise ValueError("the arrays do not describe a forest; take the model's files from where they were made")

    def _has_whole_arrays(self) -> bool:
        nodes = len(self.feature)
        whole = all(len(array) == nodes for array in (self.threshold, self.right, self.value, self.cover))
        finite = all(np.isfinite(array).all() for array in (self.threshold, self.value, self.cover))
        sized = 0 < self.n_features <= 1 << COLUMN_BITS and np.diff(self.roots).max(initial=0) < 1 << DISTANCE_BITS
        return bool(whole and finite and (self.cover > 0).all() and sized)

    def _is_made_of_trees(self) -> bool:
        """Every node but the roots is the child of exactly one earlier node of its own tree."""
        nodes = len(self.feature)
        if len(self.roots) < 2 or self.roots[0] != 0 or self.roots[-1] != nodes or (np.diff(self.roots) <= 0).any():
            return False
        if ((self.feature < LEAF) | (self.feature >= self.n_features)).any():
            return False
        here = np.arange(nodes)
        tree_end = np.repeat(self.roots[1:], np.diff(self.roots))
        inner = self.feature != LEAF
        left, right = here[inner] + 1, self.right[inner]
        inside = (right > left).all() and (right < tree_end[inner]).all()
        children = np.sort(np.concatenate([left, right]))
        return bool(inside and np.array_equal(children, np.setdiff1d(here, self.roots[:-1])))


def floor_float32(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 at or below each value, so that ``x <= value`` decides alike for every float32 ``x``.

    >>> floor_float32(np.array([0.1, 0.5])) <= np.array([0.1, 0.5])
    array([ True,  True])
    """
    nearest = np.asarray(values, dtype=np.float64).astype(np.float32)
    above = nearest.astype(np.float64) > values
    return np.where(above, np.nextafter(nearest, np.float32(-np.inf)), nearest).astype(np.float32)


def ordered(values: NDArray[np.float32]) -> NDArray[np.int32]:
    """Integers in the order of the floats, 0.0 and -0.0 alike; not for NaN.

    >>> ordered(np.array([-1.5, -0.0, 0.0, 2.0], dtype=np.float32))
    array([-1069547521,           0,           0,  1073741824], dtype=int32)
    """
    bits = (values + np.float32(0)).view(np.int32)
    return np.where(bits >= 0, bits, bits ^ np.iinfo(np.int32).max).astype(np.int32)
