"""Who a lead is: contact data, wishes, means and manner of writing."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.leads import Side
from core.sample.dice import Dice, Weighted, logistic
from core.sample.figures import MANNERS
from core.sample.hidden import Hidden
from core.sample.market import Agent, Source
from core.sample.words.names import (
    CULTURE_SHARES,
    CULTURES,
    EMOJI,
    MAIL_HOSTS,
    OTHER_CODES,
    OTHER_SCRIPTS,
    TEXAS_CODES,
)
from core.sample.words.places import AREAS, BY_NAME, Area

FAMILY_SHARE: Final = 0.20  # both are drawn for everybody alike: they say nothing about the outcome
SCHOOL_SHARE: Final = 0.14
_CULTURES: Final = Weighted(CULTURE_SHARES)
_AREAS: Final = Weighted([(area.name, area.share) for area in AREAS])
_STYLES: Final = Weighted([("plain", 0.34), ("terse", 0.24), ("formal", 0.14), ("chatty", 0.14), ("busy", 0.14)])
_SIDES: Final = Weighted([("buyer", 0.8), ("seller", 0.13), ("both", 0.07)])


@dataclass(frozen=True, slots=True)
class Contact:
    """How a lead is called and reached; anything but ``first`` may be missing."""

    first: str
    name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Means:
    """What a lead can pay and how sure it is about it.

    ``form`` is figure, bound, range or vague; ``approval`` is cash, approved, under_way or not_yet.
    """

    price: int
    low: int
    high: int
    form: str
    manner: str
    approval: str
    job: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a lead wants and by when; ``exactness`` of the place is 0 (the city) to 2 (a ZIP code)."""

    areas: tuple[Area, ...]
    exactness: int
    months: float
    deadline: datetime | None
    beds: int
    baths: int
    listing_usd: int
    listing: str
    experience: int
    knowledge: float


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about a lead that it may or may not tell."""

    contact: Contact
    side: Side
    style: str
    spanish: bool
    source: Source
    agent: Agent
    means: Means
    wish: Wish
    family: bool
    school: bool
    hidden: Hidden


def draw_person(number: int, source: Source, agent: Agent, hidden: Hidden, arrival: datetime, dice: Dice) -> Person:
    """The person behind lead ``number``, with wishes and means that the hidden forces lean on."""
    contact, spanish = _contact(number, dice)
    side = Side(dice.weighted(_SIDES))
    areas = _areas(hidden, dice)[: 1 if side is Side.SELLER else None]
    price = _price(areas[0], hidden, dice)
    return Person(
        contact=contact,
        side=side,
        style=dice.weighted(_STYLES),
        spanish=spanish,
        source=source,
        agent=agent,
        means=_means(price, hidden, dice),
        wish=_wish(areas, price, hidden, source.name == "Past Client" or side is not Side.BUYER, arrival, dice),
        family=dice.chance(FAMILY_SHARE),
        school=dice.chance(SCHOOL_SHARE),
        hidden=hidden,
    )


def _contact(number: int, dice: Dice) -> tuple[Contact, bool]:
    culture = dice.weighted(_CULTURES)
    given, family = (dice.pick(names) for names in CULTURES[culture])
    name, handle = f"{given} {family}", f"{_ascii(given)}.{_ascii(family)}"
    kind = dice.uniform()
    if kind < 0.03:
        name, handle = dice.pick(OTHER_SCRIPTS)
        given = name.split(" ", maxsplit=1)[0]
    elif kind < 0.045:
        name = f"{name} {dice.pick(EMOJI)}"
    elif kind < 0.075:
        name = name.lower() if dice.chance(0.6) else name.upper()
    elif kind < 0.10:
        name = given
    email, phone = _email(handle, number, dice), _phone(number)
    unnamed, unmailed, unphoned = (dice.chance(share) for share in (0.035, 0.15, 0.13))
    contact = Contact("there" if unnamed else given, None if unnamed else name, None if unmailed else email,
                      None if unphoned else phone)  # fmt: skip
    return contact, culture == "latin" and dice.chance(0.45)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("Ø", "O"))
    return "".join(letter for letter in plain.lower() if "a" <= letter <= "z")


def _email(handle: str, number: int, dice: Dice) -> str:
    first, _, last = handle.partition(".")
    locals_ = (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{last}.{first}", f"{first}{last[0]}")
    return f"{dice.pick(locals_)}{number + 11}@{dice.pick(MAIL_HOSTS)}"


def _phone(number: int) -> str:
    """A number of the fictional range 555-0100 to 555-0199; no two alike among the first 22,000 leads."""
    texan = len(TEXAS_CODES) * 100
    codes, slot = (TEXAS_CODES, number) if number < texan else (OTHER_CODES, number - texan)
    slot = slot * 1009 % (len(codes) * 100)  # 1009 is a prime that divides neither size: a permutation
    return f"+1{codes[slot // 100]}55501{slot % 100:02d}"


def _areas(hidden: Hidden, dice: Dice) -> tuple[Area, ...]:
    names = [dice.weighted(_AREAS)]
    for _ in range(min(dice.poisson(math.exp(-0.4 + 0.25 * hidden.intent)), 3)):
        other = dice.weighted(_AREAS)
        if other not in names:
            names.append(other)
    return tuple(BY_NAME[name] for name in names)


def _price(area: Area, hidden: Hidden, dice: Dice) -> int:
    price = area.median_usd * math.exp(0.12 * hidden.fit + dice.normal(0.0, 0.2))
    return max(round(price / 5_000) * 5_000, 180_000)


def _means(price: int, hidden: Hidden, dice: Dice) -> Means:
    clarity = 0.5 * hidden.intent + 0.5 * hidden.readiness + dice.normal(0.0, 0.9)
    sure = ("figure", "bound", "range") if clarity > 0.5 else ("range", "bound")
    form = "vague" if clarity < -0.9 else dice.pick(sure)
    width = 0.04 + 0.10 * logistic(-1.2 * clarity) * dice.between(0.5, 2.2)
    step = 25_000 if price < 1_000_000 else 50_000
    low, high = (round(price * (1 + sign * width) / step) * step for sign in (-1.0, 1.0))
    ready = hidden.readiness + dice.normal(0.0, 0.3)
    approval = "cash" if ready > 1.6 else "approved" if ready > 0.6 else "under_way" if ready > -0.1 else "not_yet"
    steady = 0.9 * hidden.readiness + dice.normal()
    job = "steady" if steady > 0.0 else "new" if steady > -0.8 else "shaky"
    return Means(price, low, max(high, low + step), form, dice.pick(MANNERS), approval, job)


def _wish(areas: tuple[Area, ...], price: int, hidden: Hidden, owner: bool, arrival: datetime, dice: Dice) -> Wish:
    months = min(max(3.2 * math.exp(-0.8 * hidden.urgency + dice.normal(0.0, 0.3)), 0.4), 20.0)
    bound = dice.chance(logistic(-1.1 + 0.9 * hidden.urgency))
    exact = 0.7 * hidden.intent + dice.normal()
    area = areas[0]
    beds = dice.pick((2, 3, 3, 3, 4, 4, 5))
    seen = 0.45 * hidden.readiness + dice.normal()
    return Wish(
        areas=areas,
        exactness=0 if exact < -0.5 else 1 if exact < 1.0 else 2,
        months=months,
        deadline=arrival + timedelta(days=max(months * 30 * dice.between(0.7, 1.2), 12.0)) if bound else None,
        beds=beds,
        baths=max(1, beds - dice.whole(1, 2)),
        listing_usd=round(price * math.exp(-0.05 * hidden.fit + dice.normal(0.0, 0.08)) / 1000) * 1000 - 100,
        listing=f"{dice.whole(2, 129) * 100 + dice.whole(1, 98)} {dice.pick(area.streets)}",
        experience=2 if seen >= 1.5 else 1 if owner or seen >= 0.1 else 0,
        knowledge=logistic(-1.6 + 0.8 * seen + 0.3 * hidden.intent + dice.normal(0.0, 0.5)),
    )
