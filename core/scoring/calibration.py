"""From a forest's raw probability to one that can be believed.

Two forms, both plain numbers: Platt's sigmoid on the logit (Platt 1999) and a monotone step curve (isotonic regression,
Zadrozny and Elkan 2002), read by linear interpolation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

SMALLEST = 1e-4  # raw probabilities are held off 0 and 1 by this, so that a logit is finite


def logit(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(p / (1 - p)) with p held in [1e-4, 1 - 1e-4].

    >>> float(logit(np.array([0.5]))[0])
    0.0
    """
    held = np.clip(raw, SMALLEST, 1.0 - SMALLEST)
    return np.asarray(np.log(held / (1.0 - held)))


class Calibration(Protocol):
    """Monotone map of raw probabilities to calibrated ones, both in [0, 1]."""

    def __call__(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrate many."""

    def one(self, raw: float) -> float:
        """Calibrate one, at the cost of a few floating point operations."""

    def to_json(self) -> dict[str, Any]:
        """Plain values that ``calibration_from_json`` reads back."""


@dataclass(frozen=True, slots=True)
class PlattCalibration:
    """1 / (1 + exp(-(slope * logit(raw) + intercept))).

    >>> PlattCalibration(slope=1.0, intercept=0.0).one(0.25)
    0.25
    """

    slope: float
    intercept: float

    def __call__(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1.0 / (1.0 + np.exp(-(self.slope * logit(raw) + self.intercept))))

    def one(self, raw: float) -> float:
        """Calibrate one raw probability in [0, 1]."""
        held = min(max(raw, SMALLEST), 1.0 - SMALLEST)
        return 1.0 / (1.0 + math.exp(-(self.slope * math.log(held / (1.0 - held)) + self.intercept)))

    def to_json(self) -> dict[str, Any]:
        return {"kind": "platt", "slope": self.slope, "intercept": self.intercept}


@dataclass(frozen=True, slots=True, eq=False)
class IsotonicCalibration:
    """Linear interpolation through rising knots, flat beyond both ends.

    >>> IsotonicCalibration(np.array([0.0, 1.0]), np.array([0.25, 0.75])).one(0.5)
    0.5
    """

    raw: NDArray[np.float64]
    calibrated: NDArray[np.float64]

    def __call__(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(raw, self.raw, self.calibrated)

    def one(self, raw: float) -> float:
        """Calibrate one raw probability in [0, 1]."""
        return float(np.interp(raw, self.raw, self.calibrated))

    def to_json(self) -> dict[str, Any]:
        return {"kind": "isotonic", "raw": self.raw.tolist(), "calibrated": self.calibrated.tolist()}


def calibration_from_json(stored: Mapping[str, Any]) -> Calibration:
    """Read back what ``to_json`` gave. Raises ValueError on another kind."""
    match stored.get("kind"):
        case "platt":
            return PlattCalibration(float(stored["slope"]), float(stored["intercept"]))
        case "isotonic":
            return IsotonicCalibration(np.asarray(stored["raw"]), np.asarray(stored["calibrated"]))
        case other:
            raise ValueError(f"calibration is {other!r}; must be platt or isotonic")


@dataclass(frozen=True, slots=True)
class Head:
    """A further outcome read off the same forest: a logistic function of its logit and, maybe, of one more feature.

    ``feature`` is a position in the catalog; where that feature is unknown the head says nothing.
    """

    slope: float
    intercept: float
    feature: int | None = None
    feature_slope: float = 0.0

    def __call__(self, raw: NDArray[np.float64], features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of each lead, NaN where the head has nothing to go by."""
        score = self.slope * logit(raw) + self.intercept
        if self.feature is not None:
            given = features[:, self.feature].astype(np.float64)
            score = np.where(given >= 0, score + self.feature_slope * given, np.nan)
        return np.asarray(1.0 / (1.0 + np.exp(-score)))

    def to_json(self) -> dict[str, Any]:
        """Plain values; ``Head(**values)`` reads them back."""
        return {
            "slope": self.slope,
            "intercept": self.intercept,
            "feature": self.feature,
            "feature_slope": self.feature_slope,
        }
