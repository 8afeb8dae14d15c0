"""From fitted scikit-learn trees to the plain arrays that the server reads."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.scoring.forest import LEAF, Forest, floor_float32


def is_boosted(estimator: Any) -> bool:
    """Whether it is a ``HistGradientBoostingRegressor``."""
    return hasattr(estimator, "_predictors")


def forest_of(estimator: Any) -> Forest:
    """Lay a fitted ``RandomForestClassifier`` of two classes, or boosted trees, out as a ``Forest``.

    The value of a forest's node is the share of class 1. Raises ValueError when it has another number of classes.
    """
    if is_boosted(estimator):
        return _boosted(estimator)
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


def _boosted(estimator: Any) -> Forest:
    """Trees that add up, as trees whose mean is the same: each adds as often as there are trees, with the start in it.

    Splits that only tell missing values apart do not occur: what is unknown is a number of its own.
    """
    trees = [predictor.nodes for (predictor,) in estimator._predictors]
    roots = np.concatenate([[0], np.cumsum([len(tree) for tree in trees])])
    nodes = np.concatenate(trees)
    leaf = nodes["is_leaf"].astype(bool)
    offset = np.repeat(roots[:-1], np.diff(roots))
    start = float(np.ravel(estimator._baseline_prediction)[0])
    return Forest.from_arrays(
        {
            "feature": np.where(leaf, LEAF, nodes["feature_idx"].astype(np.int64)),
            "threshold": floor_float32(np.where(leaf, 0.0, nodes["num_threshold"])),
            "right": np.where(leaf, LEAF, nodes["right"].astype(np.int64) + offset),
            "value": start + len(trees) * nodes["value"],
            "cover": nodes["count"].astype(np.float64),
            "roots": roots,
            "n_features": np.asarray(estimator.n_features_in_),
        }
    )
