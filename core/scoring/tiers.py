"""Hot, warm, cold: two edges on the probability."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

HOT_SHARE = 0.10
WARM_SHARE = 0.25


class Tier(StrEnum):
    """How soon a lead deserves a call."""

    HOT = "hot"
    WARM = "warm"
    COLD = "cold"


@dataclass(frozen=True, slots=True)
class TierEdges:
    """Lowest calibrated probability of a hot and of a warm lead, 0 <= warm <= hot <= 1.

    The default edges belong to the model: about the top tenth of its training leads is hot and the next quarter
    warm. A team may move them.

    >>> TierEdges(hot=0.4, warm=0.15).tier(0.2)
    <Tier.WARM: 'warm'>
    """

    hot: float
    warm: float

    def __post_init__(self) -> None:
        if not 0 <= self.warm <= self.hot <= 1:
            raise ValueError(f"tier edges are warm {self.warm}, hot {self.hot}; must satisfy 0 <= warm <= hot <= 1")

    def tier(self, probability: float) -> Tier:
        """The tier of a calibrated probability in [0, 1]; an edge belongs to the tier above it."""
        if probability >= self.hot:
            return Tier.HOT
        return Tier.WARM if probability >= self.warm else Tier.COLD
