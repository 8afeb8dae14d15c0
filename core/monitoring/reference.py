"""The leads that a model was measured on, kept with it, so that later leads can be held against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 3_000


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """n held-out leads: ``features`` float32 (n, 28) in the catalog's order, what was said, and what became of them."""

    features: NDArray[np.float32]
    probability: NDArray[np.float64]
    converted: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.probability)


def reference_of(
    features: NDArray[np.float32], probability: NDArray[np.float64], converted: NDArray[np.bool_], most: int = MOST
) -> Reference:
    """An even sample of at most ``most`` of n held-out leads, in their order.

    >>> kept = reference_of(np.zeros((10, 28), dtype=np.float32), np.arange(10) / 10, np.arange(10) > 5, most=4)
    >>> kept.probability.tolist()
    [0.0, 0.3, 0.6, 0.9]
    """
    picked = np.unique(np.linspace(0, len(probability) - 1, min(most, len(probability))).round().astype(np.intp))
    return Reference(features[picked], probability[picked], converted[picked])
