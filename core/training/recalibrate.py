"""Set the level of a model right without touching its order: a line on the logit of what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from core.scoring.calibration import Calibration, IsotonicCalibration, PlattCalibration, logit


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
        moved = 1.0 / (1.0 + np.exp(-(slope * logit(calibration.calibrated) + intercept)))
        return IsotonicCalibration(calibration.raw, moved)
    raise ValueError(f"calibration is {type(calibration).__name__}; must be Platt's or isotonic")
