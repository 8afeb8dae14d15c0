"""From a forest's raw probability to one that can be believed.

Two forms, both plain numbers: Platt's sigmoid on the logit (Platt 1999) and a monotone step curve (isotonic regression,
Zadrozny and Elkan 2002), read by linear interpolation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SMALLEST = 1e-4  # raw probabilities are held off 0 and 1 by this, so that a logit is finite


def logit(raw: Array) -> Array:
    """log(p / (1 - p)) with p held in [1e-4, 1 - 1e-4].

    >>> float(logit(np.array([0.5]))[0])
    0.0
    """
    held = np.minimum(np.maximum(raw, SMALLEST), 1.0 - SMALLEST)  # np.clip takes three times as long for one lead
    return np.asarray(np.log(held / (1.0 - held)))


def _logit_of_one(raw: float) -> float:
    """The same of one number, by the same function: that of Python's own library may differ in the last bit."""
    held = min(max(raw, SMALLEST), 1.0 - SMALLEST)
    return float(np.log(held / (1.0 - held)))


def _sigmoid_of_one(value: float) -> float:
    return 1.0 / (1.0 + float(np.exp(-value)))


@cache
def _as_row(values: tuple[float, ...]) -> Array:
    return np.array(values)


class Calibration(Protocol):
    """Map of raw probabilities to calibrated ones, both in [0, 1], rising for leads of whom the same is known."""

    def __call__(self, raw: Array, unknown: Array) -> Array:
        """Calibrate n leads; ``unknown`` (n, families) is the share of each family's features not known of a lead."""

    def of_one(self, raw: float, unknown: Sequence[float]) -> float:
        """The same of one lead, to the last bit."""

    def to_json(self) -> dict[str, Any]:
        """Plain values that ``calibration_from_json`` reads back."""


@dataclass(frozen=True, slots=True)
class PlattCalibration:
    """1 / (1 + exp(-(slope * logit(raw) + intercept))), both depending on what is unknown.

    A forest is too timid where much is known, about right where nothing is, and somewhat high or low for leads that
    come without words or without activity. So the slope changes with the unknown share (``unknown_slope``), the
    intercept by family (``unknown_intercepts``, empty for none), and once more for leads of whom nothing is known.
    A boosted model's sums may pass 0 and 1 a little: ``low`` and ``high`` then stand in the place of 0 and 1.

    >>> PlattCalibration(slope=1.0, intercept=0.0)(np.array([0.25]), np.array([[0.5, 1.0]])).round(9)
    array([0.25])
    """

    slope: float
    intercept: float
    unknown_slope: float = 0.0
    unknown_intercepts: tuple[float, ...] = ()
    blank_intercept: float = 0.0
    low: float = 0.0
    high: float = 1.0

    def __call__(self, raw: Array, unknown: Array) -> Array:
        if (self.low, self.high) != (0.0, 1.0):
            raw = (raw - self.low) / (self.high - self.low)
        slope = self.slope + self.unknown_slope * (unknown.sum(axis=1) / unknown.shape[1])
        intercept = self.intercept + self.blank_intercept * (unknown == 1).all(axis=1)
        if self.unknown_intercepts:
            intercept = intercept + unknown @ np.array(self.unknown_intercepts)
        return np.asarray(1.0 / (1.0 + np.exp(-(slope * logit(raw) + intercept))))

    def of_one(self, raw: float, unknown: Sequence[float]) -> float:
        if (self.low, self.high) != (0.0, 1.0):
            raw = (raw - self.low) / (self.high - self.low)
        shares = np.array((unknown,))
        slope = self.slope + self.unknown_slope * (float(np.add.reduce(shares[0])) / len(unknown))
        blank = 1.0 if all(share == 1.0 for share in unknown) else 0.0
        intercept = self.intercept + self.blank_intercept * blank
        if self.unknown_intercepts:
            intercept += float((shares @ _as_row(self.unknown_intercepts))[0])
        return _sigmoid_of_one(slope * _logit_of_one(raw) + intercept)

    def to_json(self) -> dict[str, Any]:
        return {"kind": "platt"} | asdict(self)


@dataclass(frozen=True, slots=True, eq=False)
class IsotonicCalibration:
    """Linear interpolation through rising knots, flat beyond both ends; the same for all leads.

    >>> IsotonicCalibration(np.array([0.0, 1.0]), np.array([0.25, 0.75]))(np.array([0.5]), np.zeros((1, 9)))
    array([0.5])
    """

    raw: Array
    calibrated: Array

    def __call__(self, raw: Array, unknown: Array) -> Array:  # noqa: ARG002 - one shape for every calibration
        return np.interp(raw, self.raw, self.calibrated)

    def of_one(self, raw: float, unknown: Sequence[float]) -> float:  # noqa: ARG002 - likewise
        return float(np.interp(raw, self.raw, self.calibrated))

    def to_json(self) -> dict[str, Any]:
        return {"kind": "isotonic", "raw": self.raw.tolist(), "calibrated": self.calibrated.tolist()}


def calibration_from_json(stored: Mapping[str, Any]) -> Calibration:
    """Read back what ``to_json`` gave. Raises ValueError on another kind."""
    match stored.get("kind"):
        case "platt":
            values = {name: value for name, value in stored.items() if name != "kind"}
            return PlattCalibration(**values | {"unknown_intercepts": tuple(stored["unknown_intercepts"])})
        case "isotonic":
            return IsotonicCalibration(np.asarray(stored["raw"]), np.asarray(stored["calibrated"]))
        case other:
            raise ValueError(f"calibration is {other!r}; must be platt or isotonic")


@dataclass(frozen=True, slots=True)
class Head:
    """The chance of a further step, given the one before: a logistic function of the forest's logit and of one feature.

    That it closes, given that a contract is signed; that it closes in time, given that it closes. Multiplied with the
    probability of the step before, so that no later step is ever likelier than an earlier one.
    ``feature`` is a position in the catalog; where that feature is unknown the head says nothing.
    """

    slope: float
    intercept: float
    feature: int | None = None
    feature_slope: float = 0.0

    def __call__(self, raw: Array, features: NDArray[np.float32]) -> Array:
        """Probability of each lead, NaN where the head has nothing to go by."""
        score = self.slope * logit(raw) + self.intercept
        if self.feature is not None:
            given = features[:, self.feature].astype(np.float64)
            score = np.where(given >= 0, score + self.feature_slope * given, np.nan)
        return np.asarray(1.0 / (1.0 + np.exp(-score)))

    def of_one(self, raw: float, features: Sequence[float]) -> float | None:
        """Probability of one lead, the same to the last bit; None where the head has nothing to go by."""
        score = self.slope * _logit_of_one(raw) + self.intercept
        if self.feature is not None:
            given = features[self.feature]
            if not given >= 0:
                return None
            score += self.feature_slope * given
        return _sigmoid_of_one(score)

    def to_json(self) -> dict[str, Any]:
        """Plain values; ``Head(**values)`` reads them back."""
        return asdict(self)
