"""Set the level of a model right without touching its order: a line on the logit of what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from core.scoring.calibration import Calibration, IsotonicCalibration, PlattCalibration, logit
from core.scoring.tiers import TierEdges


def line_of(probability: NDArray[np.float64], converted: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of the line on the logit that fits n probabilities to what happened (Cox 1958).

    Raises ValueError when the slope is not above 0: then what is said has the wrong order, and no level helps.
    """
    model = LogisticRegression(C=np.inf).fit(logit(probability)[:, None], converted)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    if slope <= 0:
        raise ValueError("what the model says has the wrong order for these leads; train it anew")
    return slope, intercept


def recalibrated(calibration: Calibration, slope: float, intercept: float) -> Calibration:
    """``calibration`` followed by the line, as one calibration of the same kind.

    >>> told = recalibrated(PlattCalibration(slope=2.0, intercept=1.0), slope=0.5, intercept=0.25)
    >>> (told.slope, told.intercept)
    (1.0, 0.75)
    """
    if isinstance(calibration, PlattCalibration):
        return replace(
            calibration,
            slope=slope * calibration.slope,
            intercept=slope * calibration.intercept + intercept,
            unknown_slope=slope * calibration.unknown_slope,
            unknown_intercepts=tuple(slope * value for value in calibration.unknown_intercepts),
            blank_intercept=slope * calibration.blank_intercept,
        )
    if isinstance(calibration, IsotonicCalibration):
        return IsotonicCalibration(calibration.raw, moved(calibration.calibrated, slope, intercept))
    raise ValueError(f"calibration is {type(calibration).__name__}; must be Platt's or isotonic")


def moved(probability: NDArray[np.float64], slope: float, intercept: float) -> NDArray[np.float64]:
    """What a model says in the place of each of its earlier probabilities, once the line follows its calibration."""
    return np.asarray(1.0 / (1.0 + np.exp(-(slope * logit(probability) + intercept))))


def moved_edges(edges: TierEdges, slope: float, intercept: float) -> TierEdges:
    """Edges that leave every lead in its tier: they stand for shares of the leads, whose order stays.

    >>> edges = moved_edges(TierEdges(hot=0.5, warm=0.2), slope=1.0, intercept=-np.log(4))  # odds of 1 and 1/4, by 4
    >>> round(edges.hot, 4), round(edges.warm, 4)
    (0.2, 0.0588)
    """
    hot, warm = moved(np.array([edges.hot, edges.warm]), slope, intercept).tolist()  # rounded, an edge passes leads
    return TierEdges(hot=hot, warm=warm)
