"""What nobody sees: the forces that drive what a lead does and whether it closes.

Nothing of this module is ever written into a lead. The named constants are for tuning the difficulty:

``STRENGTH``       how strongly the hidden forces decide the way through the funnel
``HABIT``          how much people differ in their behaviour whatever they intend (noise in what is observed)
``CONTRACT_BIAS``  moves the contract rate up and down
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.sample.dice import Dice
from core.sample.market import Source

STRENGTH: Final = 2.3
HABIT: Final = 0.8
CONTRACT_BIAS: Final = -2.6
QUALIFIED_BIAS: Final = 0.6
SHOWING_BIAS: Final = -0.3
SPEED_EFFECT: Final = 0.16  # on the log-odds, for each halving of the hours until the first answer
SEASON_EFFECT: Final = 0.5
_INTENT, _READINESS, _URGENCY, _FIT = 0.62, 0.42, 0.36, 0.24  # weights of the pull
_SHARED = 0.35  # how much of readiness and urgency comes with intent


@dataclass(frozen=True, slots=True)
class Hidden:
    """Standard normal forces and habits of one lead; ``fit`` is between the budget and the area's prices."""

    intent: float
    readiness: float
    urgency: float
    fit: float
    talk: float
    haste: float
    browsing: float
    openness: float

    @property
    def pull(self) -> float:
        """The one number that decides the way through the funnel; its deviation is about 1."""
        return _INTENT * self.intent + _READINESS * self.readiness + _URGENCY * self.urgency + _FIT * self.fit


def draw_hidden(source: Source, dice: Dice) -> Hidden:
    """The forces of a lead that ``source`` sent."""
    intent = dice.normal(source.quality)
    rest = (1.0 - _SHARED**2) ** 0.5
    return Hidden(
        intent=intent,
        readiness=_SHARED * intent + rest * dice.normal(),
        urgency=_SHARED * intent + rest * dice.normal(),
        fit=dice.normal(),
        talk=dice.normal(0.0, HABIT),
        haste=dice.normal(0.0, HABIT),
        browsing=dice.normal(0.0, HABIT),
        openness=dice.normal(0.0, HABIT),
    )
