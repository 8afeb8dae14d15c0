"""Whether there is a signal at all, and what the order of the calls is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.training.quality import Quality

Signal = Literal["usable", "weak", "none"]
SHUFFLES: Final = 999
SURE: Final = 0.025
HARDLY: Final = 0.05
CALLED_FIRST: Final = 0.2
LIFT_STEPS: Final = 20
Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


def chance_of_order(probability: Array, converted: Flags, seed: int, shuffles: int = SHUFFLES) -> float:
    """How often shuffled outcomes are ordered at least as well: the p value of a permutation test on ROC AUC.

    >>> chance_of_order(np.arange(8.0), np.arange(8) >= 4, seed=0) < 0.05
    True
    """
    from scipy.stats import rankdata  # 60 MB that the page of a training has no need of

    generator = np.random.default_rng(seed)
    rank = rankdata(probability)
    won = int(converted.sum())
    reached = float(rank[converted].sum())
    sums = np.array([generator.choice(rank, won, replace=False, shuffle=False).sum() for _ in range(shuffles)])
    return float((1 + (sums >= reached - 1e-9).sum()) / (1 + shuffles))


def signal_of(measured: Quality, chance: float) -> Signal:
    """Usable when the interval of the ROC AUC lies above 0.5 and shuffled outcomes hardly ever do as well.

    ``chance`` at most 2.5 % is usable, at most 5 % weak.
    """
    if measured.roc_auc_low > 0.5 and chance <= SURE:
        return "usable"
    return "weak" if chance <= HARDLY else "none"


@dataclass(frozen=True, slots=True)
class CallOrder:
    """Of ``closings`` held-out successes, how many the first ``calls`` reach by each order.

    ``newest_first`` is None where the file tells no date; ``as_listed`` takes the file's own order.
    """

    calls: int
    rows: int
    closings: int
    by_score: int
    newest_first: int | None
    as_listed: int

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        told = (
            f"Calling by our order reaches {self.by_score:,} of {self.closings:,} successes in the first fifth of calls"
        )
        if self.newest_first is not None:
            return f"{told}; newest first reaches {self.newest_first:,}."
        return f"{told}; in the order of the file it is {self.as_listed:,}."


def call_order(probability: Array, converted: Flags, day: Array | None, row_numbers: NDArray[np.intp]) -> CallOrder:
    """Compare the orders on held-out rows; rows that an order cannot tell apart count by their mean."""
    calls = max(1, round(CALLED_FIRST * len(converted)))
    return CallOrder(
        calls=calls,
        rows=len(converted),
        closings=int(converted.sum()),
        by_score=_reached(-probability, converted, calls),
        newest_first=None if day is None else _reached(-day, converted, calls),
        as_listed=_reached(row_numbers.astype(np.float64), converted, calls),
    )


def called(key: Array, calls: int) -> Array:
    """How much of each row is among the first ``calls`` by rising ``key``: rows tied at the end share what is left.

    >>> called(np.array([2.0, 1.0, 2.0]), 2).tolist()
    [0.5, 1.0, 0.5]
    """
    edge = np.sort(key)[calls - 1]
    before, tied = key < edge, key == edge
    return np.asarray(np.where(tied, (calls - before.sum()) / tied.sum(), before))


def _reached(key: Array, converted: Flags, calls: int) -> int:
    """Successes among the first ``calls`` by rising ``key``."""
    return round(float(called(key, calls)[converted].sum()))


@dataclass(frozen=True, slots=True)
class Lift:
    """Among the ``share`` of rows with the highest scores: the ``reached`` share of all successes."""

    share: float
    reached: float


def lift_curve(probability: Array, converted: Flags) -> tuple[Lift, ...]:
    """How much of all successes the best rows hold, at 20 equal steps."""
    steps = np.arange(1, LIFT_STEPS + 1) / LIFT_STEPS
    every = max(1, int(converted.sum()))
    counts = [max(1, round(share * len(converted))) for share in steps]
    return tuple(
        Lift(float(share), _reached(-probability, converted, count) / every)
        for share, count in zip(steps, counts, strict=True)
    )
