"""What nobody sees: the forces that drive what a lead does and whether it closes.

Nothing of this module is ever written into a lead. The named constants are for tuning the difficulty, which
``tests/measure/sample_difficulty.py`` tells:

``STRENGTH``       how strongly the hidden forces decide the way through the funnel (up: easier)
``HABIT``          how much people differ in their behaviour whatever they intend (up: harder)
``SERIOUS_BIAS``   how many leads are serious; with ``CONTRACT_BIAS`` it sets the contract rate, about 16 %

The rate has to stay above 15 %: a lead of whom nothing is known is then never answered with a confidence of 0.85.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.sample.dice import Dice, logistic
from core.sample.market import Source

STRENGTH: Final = 2.6
HABIT: Final = 0.9
CONTRACT_BIAS: Final = -2.75
QUALIFIED_BIAS: Final = 0.6
SHOWING_BIAS: Final = -0.3
SERIOUS_BIAS: Final = -1.51  # log-odds of being serious for a lead of an average source
SERIOUS: Final = (1.6, 0.45)  # mean and deviation of the intent of those who are, and of those who are not
BROWSING: Final = (-0.6, 0.6)
SOURCE_EFFECT: Final = 1.9
SPEED_EFFECT: Final = 0.16  # on the log-odds, for each halving of the hours until the first answer
SEASON_EFFECT: Final = 0.5
_INTENT, _READINESS, _URGENCY, _FIT = 0.74, 0.42, 0.34, 0.14  # weights of the pull
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
    serious = dice.chance(logistic(SERIOUS_BIAS + SOURCE_EFFECT * source.quality))
    intent = dice.normal(*(SERIOUS if serious else BROWSING))
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
