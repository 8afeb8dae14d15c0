"""Random forests in the plain form, for property tests."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from core.features.catalog import UNKNOWN
from core.scoring.forest import LEAF, Forest
from core.training.export import forest_of

GRID = (UNKNOWN, 0.0, 0.25, 0.5, 1.0, 2.0)


@st.composite
def trees(draw: st.DrawFn, columns: int, depth: int) -> list[dict[str, Any]]:
    """One tree in preorder; a node is a dict with column, threshold, cover, value and the size of its left subtree."""
    cover = draw(st.integers(2, 50))

    def grow(depth_left: int, cover: int) -> list[dict[str, Any]]:
        if depth_left == 0 or cover < 2 or draw(st.booleans()):
            return [{"column": LEAF, "threshold": 0.0, "cover": cover, "value": draw(st.floats(0, 1))}]
        left_cover = draw(st.integers(1, cover - 1))
        left = grow(depth_left - 1, left_cover)
        right = grow(depth_left - 1, cover - left_cover)
        threshold = draw(st.sampled_from(GRID)) + 0.125
        here = {"column": draw(st.integers(0, columns - 1)), "threshold": threshold, "cover": cover, "value": 0.0}
        return [{**here, "left": len(left)}, *left, *right]

    return grow(depth, cover)


@st.composite
def forests(draw: st.DrawFn, columns: int = 4, depth: int = 5, most_trees: int = 3) -> Forest:
    """A forest of one to ``most_trees`` trees, single leaves and repeated columns on a path included."""
    grown = draw(st.lists(trees(columns, depth), min_size=1, max_size=most_trees))
    nodes = [node for tree in grown for node in tree]
    right = [position + 1 + node["left"] if node["column"] != LEAF else LEAF for position, node in enumerate(nodes)]
    return Forest.from_arrays(
        {
            "feature": [node["column"] for node in nodes],
            "threshold": [node["threshold"] for node in nodes],
            "right": right,
            "value": [node["value"] for node in nodes],
            "cover": [float(node["cover"]) for node in nodes],
            "roots": np.cumsum([0, *(len(tree) for tree in grown)]),
            "n_features": columns,
        }
    )


def leads(columns: int) -> st.SearchStrategy[np.typing.NDArray[np.float32]]:
    """One lead as float32, unknown values included."""
    return st.lists(st.sampled_from(GRID), min_size=columns, max_size=columns).map(
        lambda values: np.array(values, dtype=np.float32)
    )


def some_forest(columns: int = 6, trees: int = 20, seed: int = 7) -> Forest:
    """A forest fitted to random leads."""
    from sklearn.ensemble import RandomForestClassifier

    generator = np.random.default_rng(seed)
    values = generator.random((400, columns)).astype(np.float32)
    converted = generator.random(400) < values[:, 0] * values[:, 1]
    return forest_of(RandomForestClassifier(trees, max_depth=10, random_state=seed, n_jobs=1).fit(values, converted))
