"""Prediction and exact TreeSHAP, compiled by numba, without the interpreter's lock; ``edges`` derives the method."""

from __future__ import annotations

from typing import Final

import numba
import numpy as np
from numpy.typing import NDArray

from core.scoring.kernel.edges import Explainer, explainer_of
from core.scoring.kernel.many_leads import contributions_of_many_into
from core.scoring.kernel.one_lead import contributions_into
from core.scoring.kernel.prediction import predict

__all__ = ["FEWEST_FOR_A_BLOCK", "Explainer", "contributions", "explainer_of", "predict"]

numba.config.SLP_VECTORIZE = 1  # read when a kernel is compiled; halves the time of a single lead

FEWEST_FOR_A_BLOCK: Final = 16  # a block costs as much as fifteen leads one by one, however few are in it


def contributions(explainer: Explainer, rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Exact TreeSHAP values of each row, shape (n, n_features); with the base value they sum to the prediction."""
    out = np.empty(rows.shape, dtype=np.float64)
    explain = contributions_into if len(rows) < FEWEST_FOR_A_BLOCK else contributions_of_many_into
    explain(rows, *explainer.arrays, out)
    return out
