"""Two models on the same leads, with an interval for each difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring import Holdout, answered_alone
from core.training.quality import brier_score, expected_calibration_error, roc_auc

FEWEST_OF_A_KIND: Final = 1
DRAWS: Final = 300
Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Figure = Callable[[Array, Flags], float]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of both models on the same leads; ``low`` to ``high`` is the 95 % interval of second less first."""

    name: str
    first: float
    second: float
    low: float
    high: float
    higher_is_better: bool

    @property
    def second_is_worse(self) -> bool:
        """Whether the second is worse beyond the interval."""
        return self.high < 0 if self.higher_is_better else self.low > 0

    @property
    def second_is_better(self) -> bool:
        """Whether the second is better beyond the interval."""
        return self.low > 0 if self.higher_is_better else self.high < 0


def differences(first: Array, second: Array, converted: Flags, threshold: float, seed: int = 0) -> list[Difference]:
    """Hold what two models said of the same n leads against each other, by a paired bootstrap over the leads.

    ``threshold`` is the confidence from which a model's answer stands. Raises ValueError unless both kinds of leads
    are there.
    """
    won = int(converted.sum())
    if min(won, len(converted) - won) < FEWEST_OF_A_KIND:
        raise ValueError(f"{won} of {len(converted)} leads converted; at least one of each kind is needed")
    generator = np.random.default_rng(seed)
    draws = [generator.integers(0, len(converted), len(converted)) for _ in range(DRAWS)]
    draws = [picked for picked in draws if 0 < converted[picked].sum() < len(picked)]

    figures = [
        Difference(
            name,
            figure(first, converted),
            figure(second, converted),
            *_ends(figure, first, second, converted, draws),
            higher,
        )
        for name, figure, higher in _figures(threshold)
    ]
    return [one for one in figures if not np.isnan([one.first, one.second]).any()]


def _ends(
    figure: Figure, first: Array, second: Array, converted: Flags, draws: list[NDArray[np.int64]]
) -> tuple[float, float]:
    drawn = np.array([figure(second[rows], converted[rows]) - figure(first[rows], converted[rows]) for rows in draws])
    told = drawn[np.isfinite(drawn)]
    if not len(told):
        return float("nan"), float("nan")
    low, high = np.quantile(told, [0.025, 0.975])
    return float(low), float(high)


def _figures(threshold: float) -> list[tuple[str, Figure, bool]]:
    """Name, figure, and whether higher is better. Nothing is right where nothing is answered."""

    def answers(said: Array, happened: Flags) -> float:
        return answered_alone(Holdout(said, happened), threshold).coverage or 0.0

    def right(said: Array, happened: Flags) -> float:
        accuracy = answered_alone(Holdout(said, happened), threshold).accuracy
        return float("nan") if accuracy is None else accuracy

    return [
        ("roc_auc", roc_auc, True),
        ("brier", brier_score, False),
        ("ece", expected_calibration_error, False),
        ("answers_alone", answers, True),
        ("right_alone", right, True),
    ]
