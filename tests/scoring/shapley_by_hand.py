"""Shapley values by their definition, over all coalitions: slow, obvious, independent of the kernel."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from core.scoring.forest import LEAF, Forest


def value_of_coalition(forest: Forest, lead: NDArray[np.float32], known: frozenset[int]) -> float:
    """Mean prediction of the trees when only ``known`` columns are told; unknown splits follow the training leads."""

    def below(node: int) -> float:
        column = int(forest.feature[node])
        if column == LEAF:
            return float(forest.value[node])
        left, right = node + 1, int(forest.right[node])
        if column in known:
            return below(left if lead[column] <= forest.threshold[node] else right)
        return float((forest.cover[left] * below(left) + forest.cover[right] * below(right)) / forest.cover[node])

    return sum(below(int(root)) for root in forest.roots[:-1]) / forest.n_trees


def shapley_values(forest: Forest, lead: NDArray[np.float32]) -> NDArray[np.float64]:
    """phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! times (v(S with i) - v(S))."""
    n = forest.n_features
    values = np.zeros(n)
    for i in range(n):
        others = [j for j in range(n) if j != i]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for chosen in combinations(others, size):
                without = frozenset(chosen)
                values[i] += weight * (
                    value_of_coalition(forest, lead, without | {i}) - value_of_coalition(forest, lead, without)
                )
    return values
