"""What a lead has to tell, under the names by which our questions ask for it."""

from __future__ import annotations

from typing import Final

from core.leads import Side
from core.sample.dice import Dice, logistic
from core.sample.grammar import Phrase
from core.sample.person import Person
from core.sample.words import life, money, needs, team

Topic = tuple[str, tuple[Phrase, ...]]

_MONEY: Final = {
    "figure": money.BUDGET_FIGURE,
    "bound": money.BUDGET_BOUND,
    "range": money.BUDGET_RANGE,
    "vague": money.BUDGET_VAGUE,
}
_LOAN: Final = {
    "cash": money.CASH,
    "approved": money.APPROVED,
    "under_way": money.UNDER_WAY,
    "not_yet": money.NOT_YET,
}
_JOB: Final = {"steady": life.STEADY_JOB, "new": life.NEW_JOB, "shaky": life.SHAKY_JOB}
_PAST: Final = (life.NEVER_BOUGHT, life.BOUGHT_BEFORE, life.INVESTOR)
_BUYING_TIME: Final = (needs.SOON, needs.MONTHS, needs.LATER)
_SELLING_TIME: Final = (needs.SELL_SOON, needs.SELL_MONTHS, needs.SELL_LATER)
_ASKED: Final = {
    **dict.fromkeys(team.ASK_MONEY, "money"),
    **dict.fromkeys(team.ASK_LOAN, "loan"),
    **dict.fromkeys(team.ASK_TIME, "time"),
    **dict.fromkeys(team.ASK_HOME, "home"),
    **dict.fromkeys(team.ASK_PLACE, "place"),
}
STRONG: Final = frozenset((*money.APPROVED, *money.CASH, *needs.SOON, *needs.DEADLINE, *needs.OWNER_DEADLINE))


def asked_for(ours: Phrase) -> str | None:
    """The topic that a message of ours asks for, if it asks for one."""
    return _ASKED.get(ours)


def topics(person: Person, dice: Dice) -> list[Topic]:
    """What the lead is willing to tell at all, in the order in which it will unless asked."""
    hidden, wish = person.hidden, person.wish
    selling = person.side is Side.SELLER
    open_by = 0.9 * hidden.intent + hidden.openness
    reason = life.RENTER_REASON if wish.experience == 0 and dice.chance(0.5) else life.REASON
    offered: tuple[tuple[str, tuple[Phrase, ...], float], ...] = (
        ("place", () if selling else _place(person), 1.2 + open_by),
        ("money", money.SELL_PRICE if selling else _MONEY[person.means.form], 0.9 + open_by),
        ("time", _time(person), 1.4 + open_by),
        ("home", needs.SELL_HOME if selling else needs.HOME, 1.0 + open_by),
        ("loan", () if selling else _LOAN[person.means.approval], 1.4 + open_by + 0.4 * hidden.readiness),
        ("deadline", _deadline(person), 0.8 + open_by),
        ("job", _JOB[person.means.job], -0.5 + open_by + 0.3 * hidden.readiness),
        ("past", () if selling else _PAST[wish.experience], -0.4 + open_by),
        ("reason", () if selling else reason, -0.6 + open_by),
    )
    told = [(name, fragments) for name, fragments, lean in offered if fragments and dice.chance(logistic(lean))]
    return dice.some(told, len(told))


def _place(person: Person) -> tuple[Phrase, ...]:
    wish = person.wish
    if wish.exactness == 1:
        return needs.AREAS if len(wish.areas) > 1 else needs.AREA
    return needs.ZIP if wish.exactness == 2 else needs.CITY_ONLY


def _time(person: Person) -> tuple[Phrase, ...]:
    months = person.wish.months
    step = 0 if months < 1.5 else 1 if months < 9.0 else 2
    return (_SELLING_TIME if person.side is Side.SELLER else _BUYING_TIME)[step]


def _deadline(person: Person) -> tuple[Phrase, ...]:
    if person.wish.deadline is None:
        return ()
    if person.side is Side.SELLER:
        return needs.SELL_DEADLINE
    return needs.OWNER_DEADLINE if person.wish.experience else needs.DEADLINE
