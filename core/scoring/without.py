"""A forest for leads of whom some columns are never known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import UNKNOWN
from core.scoring.forest import LEAF, Forest


def without_columns(forest: Forest, columns: frozenset[int]) -> Forest:
    """The forest as it answers when ``columns`` are unknown: their splits are gone, on the side that unknown takes.

    Predictions are the same to the last bit. Below a split that is gone all of its leads are taken to have gone the
    one way, so covers are scaled up and the base value becomes that of a lead of whom the columns are unknown.
    """
    grown = [_pruned(forest, int(root), columns) for root in forest.roots[:-1]]
    sizes = [len(tree["feature"]) for tree in grown]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for tree, start in zip(grown, starts, strict=False):
        tree["right"] = np.where(tree["feature"] == LEAF, LEAF, tree["right"] + start)
    joined = {name: np.concatenate([tree[name] for tree in grown]) for name in grown[0]}
    return Forest.from_arrays(
        joined | {"roots": starts, "n_features": np.asarray(max(1, forest.n_features - len(columns)))}
    )


def _pruned(forest: Forest, root: int, columns: frozenset[int]) -> dict[str, NDArray[Any]]:
    """One tree in preorder; columns behind those that are gone keep their number (own columns stand last)."""
    nodes: list[tuple[int, float]] = []  # node and its scale
    right: list[int] = []
    waiting: list[tuple[int, float, int]] = [(root, 1.0, -1)]  # node, scale, whose right child it is
    while waiting:
        node, scale, right_of = waiting.pop()
        while forest.feature[node] in columns:
            below = node + 1 if forest.threshold[node] >= UNKNOWN else int(forest.right[node])
            scale *= float(forest.cover[node] / forest.cover[below])
            node = below
        if right_of >= 0:
            right[right_of] = len(nodes)
        place = len(nodes)
        nodes.append((node, scale))
        right.append(LEAF)
        if forest.feature[node] != LEAF:
            waiting.append((int(forest.right[node]), scale, place))
            waiting.append((node + 1, scale, -1))
    picked = np.array([node for node, _ in nodes])
    return {
        "feature": forest.feature[picked],
        "threshold": forest.threshold[picked],
        "right": np.array(right),
        "value": forest.value[picked],
        "cover": forest.cover[picked] * np.array([scale for _, scale in nodes]),
    }
