"""The way of a lead through the funnel, in days since it arrived.

Every lead either signs a contract or is lost between ``FIRST_DAY`` and ``LAST_DAY`` after its arrival; nothing
is decided earlier, so a scoring moment before ``FIRST_DAY`` says nothing about the outcome by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.sample.dice import Dice, logistic
from core.sample.hidden import (
    CONTRACT_BIAS,
    QUALIFIED_BIAS,
    SEASON_EFFECT,
    SHOWING_BIAS,
    SPEED_EFFECT,
    STRENGTH,
    Hidden,
)
from core.sample.seasons import season

FIRST_DAY: Final = 15.0
LAST_DAY: Final = 150.0
CLOSING_DAYS: Final = (30.0, 45.0)
FALLS_THROUGH: Final = 0.125
NOT_REACHED: Final = math.inf

NEVER_HEARD: Final = ("no answer", "no answer", "no answer", "wrong contact details")
LOST_EARLY: Final = (
    "just browsing",
    "stopped answering",
    "stopped answering",
    "asked not to be contacted",
    "plans changed",
)
LOST_LATER: Final = (
    "stopped answering",
    "went with another agent",
    "renewed the lease",
    "could not qualify",
    "plans changed",
)
LOST_TOURED: Final = (
    "outbid",
    "went with another agent",
    "prices too high",
    "stopped answering",
    "bought new construction",
)
LOST_SELLERS: Final = ("decided not to sell", "listed with another agent", "plans changed", "stopped answering")
LOST_CONTRACT: Final = ("financing fell through", "inspection", "low appraisal", "buyer's remorse", "title problem")


@dataclass(frozen=True, slots=True)
class Journey:
    """Days since arrival at which a stage is reached; ``NOT_REACHED`` (infinite) where it never is.

    ``silent`` is the day from which the lead no longer answers.
    """

    qualified: float
    showing: float
    contract: float
    closed: float
    lost: float
    silent: float
    reason: str

    @property
    def decided(self) -> float:
        """The day of the contract or, without one, of the loss."""
        return min(self.contract, self.lost)


def draw_journey(
    hidden: Hidden, months: float, selling: bool, answer_h: float, arrival: datetime, dice: Dice
) -> Journey:
    """Decide the way of a lead that wants to move in ``months`` and was first answered after ``answer_h`` hours."""
    pull = STRENGTH * hidden.pull
    speed = -SPEED_EFFECT * math.log2(max(answer_h, 0.1) / 2.0)
    spring = SEASON_EFFECT * (season(arrival + timedelta(days=30)) - 1.0)
    qualified = dice.chance(logistic(QUALIFIED_BIAS + 0.8 * pull + speed))
    showing = qualified and dice.chance(logistic(SHOWING_BIAS + 0.8 * pull + speed))
    if showing and dice.chance(logistic(CONTRACT_BIAS + pull + speed + spring)):
        return _to_contract(months, dice)
    return _to_loss(qualified, showing, selling, dice)


def _to_contract(months: float, dice: Dice) -> Journey:
    contract = dice.lognormal(24.0 + 9.0 * min(months, 9.0), 0.38)
    contract = min(max(contract, FIRST_DAY + dice.between(0.0, 6.0)), LAST_DAY - dice.between(1.0, 12.0))
    qualified = min(dice.lognormal(2.0, 0.8), 0.25 * contract)
    showing = qualified + (contract - qualified) * dice.between(0.15, 0.75)
    if dice.chance(FALLS_THROUGH):
        lost = contract + dice.between(7.0, 40.0)
        return Journey(qualified, showing, contract, NOT_REACHED, lost, lost, dice.pick(LOST_CONTRACT))
    closed = contract + dice.between(*CLOSING_DAYS)
    return Journey(qualified, showing, contract, closed, NOT_REACHED, NOT_REACHED, "")


def _to_loss(qualified: bool, showing: bool, selling: bool, dice: Dice) -> Journey:
    qualified_on = dice.lognormal(2.5, 0.8) if qualified else NOT_REACHED
    showing_on = min(qualified_on + dice.lognormal(9.0, 0.8), 80.0) if showing else NOT_REACHED
    if showing:
        silent, reason = showing_on + dice.exponential(22.0), dice.pick(LOST_TOURED)
    elif qualified:
        silent, reason = qualified_on + dice.exponential(18.0), dice.pick(LOST_LATER)
    else:
        unheard = dice.chance(0.3)
        silent = 0.0 if unheard else dice.exponential(10.0)
        reason = dice.pick(NEVER_HEARD if unheard else LOST_EARLY)
    if selling and qualified:
        reason = dice.pick(LOST_SELLERS)
    silent = min(silent, LAST_DAY - 15.0)
    lost = min(max(silent + dice.between(4.0, 50.0), FIRST_DAY + dice.between(0.0, 15.0)), LAST_DAY)
    return Journey(qualified_on, showing_on, NOT_REACHED, NOT_REACHED, lost, silent, reason)
