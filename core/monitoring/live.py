"""Whether what was said of leads came true: calibration and order on outcomes as they come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.scoring import wilson
from core.training.quality import brier_score, roc_auc

FEWEST: Final = 200
FEWEST_OF_A_KIND: Final = 30
BANDS: Final = 10
Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
NOBODY: Final[Array] = np.empty(0)


@dataclass(frozen=True, slots=True)
class Band:
    """Of ``leads`` that were told a chance in [low, high), ``converted`` did: "said 60 to 70 %: 8 of 13".

    ``said`` is their mean; ``share_low`` to ``share_high`` is Wilson's 95 % interval of what happened.
    """

    low: float
    high: float
    leads: int
    converted: int
    said: float
    share_low: float
    share_high: float

    @property
    def fits(self) -> bool:
        """Whether what was said lies within what happened, as far as so many leads can tell."""
        return self.share_low <= self.said <= self.share_high


@dataclass(frozen=True, slots=True)
class Live:
    """Measured on leads whose end is known and came after their score.

    ``roc_auc`` with a 95 % interval is None without both outcomes; ``brier_baseline`` is that of their own base rate.
    ``too_many`` is by how many standard errors more leads converted than was said; below 0: fewer. ``still_open``
    others, not counted elsewhere, are not decided yet; ``said_of_all`` is the mean of both, and ``more_at_least`` is
    ``too_many`` of both, as if none of the open ones ever converted.
    """

    leads: int
    converted: int
    said: float
    brier: float
    brier_baseline: float
    roc_auc: float | None
    roc_auc_low: float | None
    roc_auc_high: float | None
    roc_auc_error: float | None
    too_many: float
    bands: tuple[Band, ...]
    still_open: int
    said_of_all: float
    more_at_least: float

    @property
    def too_few(self) -> bool:
        """Whether there are too few ends to say that anything changed."""
        return self.leads < FEWEST or min(self.converted, self.leads - self.converted) < FEWEST_OF_A_KIND


def live(probability: Array, converted: Flags, said_of_open: Array = NOBODY) -> Live | None:
    """Hold n probabilities against n ends, beside what was said of those that are still open; None without an end."""
    n = len(converted)
    if not n:
        return None
    auc = error = None
    if 0 < converted.sum() < n:
        auc = roc_auc(probability, converted)
        error = auc_error(auc, int(converted.sum()), n - int(converted.sum()))
    rate, of_all = float(converted.mean()), np.concatenate([probability, said_of_open])
    return Live(
        leads=n,
        converted=int(converted.sum()),
        said=float(probability.mean()),
        brier=brier_score(probability, converted),
        brier_baseline=rate * (1 - rate),
        roc_auc=auc,
        roc_auc_low=None if auc is None or error is None else max(0.0, auc - 1.96 * error),
        roc_auc_high=None if auc is None or error is None else min(1.0, auc + 1.96 * error),
        roc_auc_error=error,
        too_many=surplus(probability, converted),
        bands=bands_of(probability, converted),
        still_open=len(said_of_open),
        said_of_all=float(of_all.mean()),
        more_at_least=surplus(of_all, converted),
    )


def bands_of(probability: Array, converted: Flags) -> tuple[Band, ...]:
    """Said against happened in bands of equal width; bands without leads are left out.

    >>> one, = bands_of(np.full(13, 0.65), np.arange(13) < 8)
    >>> f"said {one.low:.0%} to {one.high:.0%}: {one.converted} of {one.leads}", one.fits
    ('said 60% to 70%: 8 of 13', True)
    """
    place = np.minimum((probability * BANDS + 1e-9).astype(np.intp), BANDS - 1)
    return tuple(_band(number, probability[place == number], converted[place == number]) for number in np.unique(place))


def _band(number: int, said: Array, happened: Flags) -> Band:
    leads, converted = len(happened), int(happened.sum())
    share_low, share_high = wilson(converted, leads)
    return Band(number / BANDS, (number + 1) / BANDS, leads, converted, float(said.mean()), share_low, share_high)


def surplus(probability: Array, converted: Flags) -> float:
    """By how many standard errors more converted than was said (Spiegelhalter 1986, calibration in the large).

    Of 100 leads at 0.5, 60 converted: 10 more than said, and one standard error is 5. Where ``converted`` is shorter,
    the others did not.

    >>> surplus(np.full(100, 0.5), np.arange(100) < 60)
    2.0
    """
    spread = float(np.sqrt(np.sum(probability * (1 - probability))))
    return float((converted.sum() - probability.sum()) / spread) if spread else 0.0


def auc_error(auc: float, positives: int, negatives: int) -> float:
    """Standard error of a ROC AUC (Hanley and McNeil 1982).

    >>> round(auc_error(0.8, 50, 100), 3)
    0.041
    """
    one, two = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (one - auc * auc) + (negatives - 1) * (two - auc * auc)
    return float(np.sqrt(max(variance, 0.0) / (positives * negatives)))
