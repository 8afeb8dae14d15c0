"""Sums of boosted trees, held in [0, 1] together with what explains them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def held_within(said: Array, base_value: float, contributions: Array) -> tuple[Array, float, Array]:
    """Raw probabilities and base value in [0, 1], and the contributions that lead from one to the other.

    Boosting of an outcome of 0 and 1 by squares adds up to a probability, but a few leads' sums (n,) pass 0 or 1 a
    little. These are held at the end, and all contributions (n, columns) of such a lead shrink by the same factor, so
    that they go on adding up and keep their order. For all others nothing changes, to the last bit.

    >>> held_within(np.array([0.5, -0.1]), 0.2, np.array([[0.4, -0.1], [-0.4, 0.1]]))[0]
    array([0.5, 0. ])
    >>> held_within(np.array([0.5, -0.1]), 0.2, np.array([[0.4, -0.1], [-0.4, 0.1]]))[2].round(4).tolist()
    [[0.4, -0.1], [-0.2667, 0.0667]]
    """
    raw = np.minimum(np.maximum(said, 0.0), 1.0)
    base = min(max(base_value, 0.0), 1.0)
    moved = np.flatnonzero((raw != said) | (base != base_value))
    if len(contributions) and moved.size:
        way = said[moved] - base_value
        factor = np.divide(raw[moved] - base, way, out=np.zeros_like(way), where=way != 0)
        contributions = contributions.copy()
        contributions[moved] *= factor[:, None]
    return raw, base, contributions
