"""Groups of leads that sign more often than the others and get no more attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.analytics.chance import more_often

FEWEST_DECIDED: Final = 20
CHANCE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Group:
    """Decided leads of a group and of all others: how many, how many signed, touches of ours in their first days."""

    kind: str
    name: str
    decided: int
    signed: int
    touches: int
    others: int
    others_signed: int
    others_touches: int

    @property
    def share(self) -> float:
        """The share of the group that signed."""
        return self.signed / self.decided

    @property
    def others_share(self) -> float:
        """The share of all others that signed."""
        return self.others_signed / self.others

    @property
    def attention(self) -> float:
        """Touches a lead of the group gets, over those that another lead gets; 1 is as many."""
        theirs = self.others_touches / self.others
        return (self.touches / self.decided) / theirs if theirs else 1.0


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A group with the chance ``p`` of so large a difference by itself; ``stands`` after Holm's correction.

    ``stands`` needs both: it signs more often than the others, and gets no more touches than they do.
    """

    group: Group
    p: float
    stands: bool


def opportunities(groups: Sequence[Group]) -> list[Opportunity]:
    """Judge all groups with 20 decided leads and 20 others, the least likely first, by Fisher's exact test, one-sided.

    >>> told = opportunities([Group("source", "Referral", 40, 20, 80, 400, 40, 1200)])
    >>> told[0].stands, round(told[0].group.attention, 2)  # 2 touches a lead against 3
    (True, 0.67)
    """
    judged = [one for one in groups if one.decided >= FEWEST_DECIDED and one.others >= FEWEST_DECIDED]
    tested = sorted(
        ((more_often((one.signed, one.decided), (one.others_signed, one.others)), one) for one in judged),
        key=lambda pair: pair[0],
    )
    found, standing = [], True
    for place, (p, group) in enumerate(tested):
        standing = standing and p * (len(tested) - place) <= CHANCE
        found.append(Opportunity(group, p, standing and group.attention <= 1.0))
    return found
