"""From what was expected a week ago to what is expected now, step by step, adding up to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

_NONE: Final = Decimal("0.00")


class Moved(StrEnum):
    """Why the expected commission of a lead is another one.

    A lead whose stage moved counts there with its whole difference, whatever its score did. Of one that stayed,
    ``SCORED`` is what its new chance changes at the old price, ``PRICED`` what its new price changes at the new chance.
    """

    ARRIVED = "arrived"
    REOPENED = "reopened"
    STAGED = "staged"
    SCORED = "scored"
    PRICED = "priced"
    CLOSED = "closed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Step:
    """What ``leads`` leads added for one reason, in US dollars; negative where they took away."""

    moved: Moved
    leads: int
    change_usd: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    """``before_usd`` and the steps' changes add up to ``after_usd``."""

    before_usd: Decimal
    steps: tuple[Step, ...]

    @property
    def after_usd(self) -> Decimal:
        """What is expected now."""
        return self.before_usd + sum((step.change_usd for step in self.steps), _NONE)


def bridge_to(after_usd: Decimal, changes: Mapping[Moved, tuple[int, Decimal]]) -> Bridge:
    """The bridge that ends at ``after_usd``; reasons that moved no lead are left out.

    >>> found = bridge_to(Decimal(120), {Moved.ARRIVED: (2, Decimal(50)), Moved.LOST: (1, Decimal(-30))})
    >>> found.before_usd, [step.moved.value for step in found.steps]
    (Decimal('100.00'), ['arrived', 'lost'])
    """
    steps = tuple(Step(moved, *changes[moved]) for moved in Moved if moved in changes and changes[moved][0])
    return Bridge(after_usd - sum((step.change_usd for step in steps), _NONE), steps)
