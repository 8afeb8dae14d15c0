"""How much a file tells about its leads, and what that means for trust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG, NAMES

_BANDS: Final = (
    (
        2.0,
        "The file says who the leads are, and next to nothing else: the scores stay near your usual rate of "
        "success and hardly set one lead apart from another. Do not choose whom to call by them.",
    ),
    (
        7.0,
        "The file says little beyond who the leads are: the scores can put the list into a rough order, but the "
        "model will seldom be sure. Add budget, time frame and what the leads wrote before you rely on them.",
    ),
    (
        14.0,
        "The file tells a fair part of the story: take the order as a good hint of whom to call first, and the "
        "exact score with care. The conversation itself would help most.",
    ),
    (
        float(len(NAMES)) + 1,
        "The file tells most of the story: the scores rest on what the leads wrote and did, so that they can be "
        "trusted as far as the model can.",
    ),
)


def trust_sentence(known_mean: float) -> str:
    """What ``known_mean``, the average number of known features (0-28), means for the scores, in plain words.

    >>> trust_sentence(1.5).partition(":")[0]
    'The file says who the leads are, and next to nothing else'
    """
    return next(sentence for below, sentence in _BANDS if known_mean < below)


class FeaturesFilled:
    """Counts, feature by feature, how many leads of a file make it known."""

    def __init__(self) -> None:
        self.leads = 0
        self._counts = np.zeros(len(NAMES), dtype=np.int64)

    def add(self, values: NDArray[np.float32]) -> None:
        """Count one lead's features, shape (28,), or those of many, shape (n, 28); below 0 is unknown."""
        known = np.atleast_2d(values) >= 0
        self.leads += len(known)
        self._counts += known.sum(axis=0)

    @property
    def counts(self) -> dict[str, int]:
        """For each feature, of how many leads it is known."""
        return dict(zip(NAMES, self._counts.tolist(), strict=True))

    @property
    def shares(self) -> dict[str, float]:
        """For each feature, the share of leads (0-1) of which it is known; 0 without leads."""
        return {name: count / self.leads if self.leads else 0.0 for name, count in self.counts.items()}

    @property
    def known_mean(self) -> float:
        """Known features a lead, 0-28."""
        return float(self._counts.sum()) / self.leads if self.leads else 0.0

    @property
    def sentence(self) -> str:
        """What that means for trust."""
        return trust_sentence(self.known_mean)

    def missing(self, most: int = 5) -> Sequence[str]:
        """Labels of the features that no lead of the file tells, in the order of the catalog."""
        return [feature.label for feature in CATALOG if not self.counts[feature.name]][:most]
