"""From a fitted scikit-learn forest to the plain arrays that the server reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.scoring.forest import LEAF, Forest, floor_float32


def forest_of(estimator: Any) -> Forest:
    """Lay a fitted ``RandomForestClassifier`` of two classes out as a ``Forest``.

    The value of a node is the share of class 1. Raises ValueError when the estimator has another number of classes.
    """
    classes = list(estimator.classes_)
    if len(classes) != 2:
        raise ValueError(f"the estimator has {len(classes)} classes; must have 2")
    trees = [tree.tree_ for tree in estimator.estimators_]
    roots = np.concatenate([[0], np.cumsum([tree.node_count for tree in trees])])
    offsets = roots[:-1]
    return Forest.from_arrays(
        {
            "feature": np.concatenate([np.where(tree.children_left < 0, LEAF, tree.feature) for tree in trees]),
            "threshold": floor_float32(np.concatenate([tree.threshold for tree in trees])),
            "right": np.concatenate(
                [
                    np.where(tree.children_right < 0, LEAF, tree.children_right + offset)
                    for tree, offset in zip(trees, offsets, strict=True)
                ]
            ),
            "value": np.concatenate([tree.value[:, 0, 1] for tree in trees]),
            "cover": np.concatenate([tree.weighted_n_node_samples for tree in trees]),
            "roots": roots,
            "n_features": np.asarray(estimator.n_features_in_),
        }
    )
