"""Shares of a price or of a commission, and which side earns which."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.leads import Side


def checked_share(share: Decimal, name: str) -> Decimal:
    """Return ``share`` when it is a Decimal from 0 to 1; raises ValueError naming it otherwise.

    >>> checked_share(Decimal("6"), "rate")
    Traceback (most recent call last):
    ValueError: rate is 6; must be from 0 to 1, such as 0.06 for 6 %
    """
    if not share.is_finite() or not 0 <= share <= 1:
        raise ValueError(f"{name} is {share}; must be from 0 to 1, such as 0.06 for 6 %")
    return share


@dataclass(frozen=True, slots=True)
class SideRates:
    """The share of the price that each side of a sale earns; together they are the total rate.

    >>> SideRates(Decimal("0.025"), Decimal("0.03")).total
    Decimal('0.055')
    """

    buyer: Decimal
    seller: Decimal

    def __post_init__(self) -> None:
        checked_share(self.buyer, "buyer's side")
        checked_share(self.seller, "seller's side")
        checked_share(self.total, "total of both sides")

    @property
    def total(self) -> Decimal:
        """What both sides earn together."""
        return self.buyer + self.seller

    def rate_for(self, side: Side) -> Decimal:
        """The rate of a lead on ``side``.

        >>> SideRates.halves(Decimal("0.06")).rate_for(Side.BUYER)
        Decimal('0.03')
        """
        return {Side.BUYER: self.buyer, Side.SELLER: self.seller, Side.BOTH: self.total}[side]

    @classmethod
    def halves(cls, total: Decimal) -> SideRates:
        """A total rate, half for each side.

        >>> SideRates.halves(Decimal("0.06")).total
        Decimal('0.06')
        """
        return cls(total / 2, total - total / 2)
