"""Prediction and exact TreeSHAP, compiled by numba, without the interpreter's lock; ``edges`` derives the method."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring.forest import Forest
from core.scoring.kernel.edges import Explainer, explainer_of
from core.scoring.kernel.many_leads import contributions_of_many_into
from core.scoring.kernel.one_lead import contributions_into
from core.scoring.kernel.prediction import predict

__all__ = ["FEWEST_FOR_A_BLOCK", "Explainer", "contributions", "explainer_of", "predict"]

FEWEST_FOR_A_BLOCK: Final = 20  # a block costs as much as some twenty leads one by one, however few are in it


def contributions(forest: Forest, explainer: Explainer, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Exact TreeSHAP values of each row, shape (n, n_features); with the base value they sum to the prediction."""
    out = np.empty(rows.shape, dtype=np.float64)
    explain = contributions_into if len(rows) < FEWEST_FOR_A_BLOCK else contributions_of_many_into
    explain(
        rows,
        forest.feature,
        forest.threshold,
        forest.value,
        forest.roots,
        explainer.parent,
        explainer.above,
        explainer.depth,
        explainer.is_left,
        explainer.column,
        explainer.cover_ratio,
        explainer.coefficients,
        explainer.levels,
        out,
    )
    return out
