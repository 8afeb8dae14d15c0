"""A lead's interactions while they are being written: days since the arrival become dated interactions."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from core.leads import Direction, Interaction, InteractionKind
from core.sample.dice import Dice
from core.sample.person import Person
from core.sample.seasons import LOCAL, waking

CENT = Decimal("0.01")


def money(amount: int) -> Decimal:
    """Whole dollars as the two-decimal money of a lead.

    >>> money(450_000)
    Decimal('450000.00')
    """
    return Decimal(amount).quantize(CENT)


class Script:
    """Collects what happens to one lead; nothing later than ``end`` gets in."""

    def __init__(self, person: Person, arrival: datetime, end: datetime, dice: Dice) -> None:
        self.person, self.arrival, self.dice = person, arrival, dice
        self.last_day = (end - arrival).total_seconds() / 86_400
        local = arrival + LOCAL
        self._first_hour = local.hour + local.minute / 60
        self._lines: list[tuple[datetime, int, Interaction]] = []

    def working(self, day: float) -> float:
        """``day``, or the next morning when that is outside an agent's hours."""
        return waking(day, self._first_hour, 8.0, 20.0, self.dice.uniform() * 1.2)

    def awake(self, day: float) -> float:
        """``day``, or the next morning when people sleep."""
        return waking(day, self._first_hour, 6.5, 23.0, self.dice.uniform() * 2.0)

    def at(self, day: float) -> datetime:
        """The moment ``day`` days after the arrival, to the second."""
        return self.arrival + timedelta(seconds=round(day * 86_400))

    def add(
        self,
        day: float,
        kind: InteractionKind,
        direction: Direction,
        text: str | None = None,
        subject: str | None = None,
        price: Decimal | None = None,
        area: str | None = None,
    ) -> None:
        """Write one interaction, unless it lies after the end."""
        if day > self.last_day:
            return
        moment = self.at(day)
        touch = Interaction.model_construct(
            occurred_at=moment,
            kind=kind,
            direction=direction,
            subject=subject,
            text=text,
            listing_price_usd=price,
            listing_area=area,
        )
        self._lines.append((moment, len(self._lines), touch))

    def interactions(self) -> tuple[Interaction, ...]:
        """Everything written, oldest first."""
        return tuple(touch for _, _, touch in sorted(self._lines, key=lambda line: line[:2]))
