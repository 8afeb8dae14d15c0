"""What a fragment's slots are filled with: the lead's own facts, else something drawn on the spot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from core.leads import Side
from core.sample.dice import Dice
from core.sample.figures import MONTHS, day_words, figure, price_range, season_words
from core.sample.person import Person
from core.sample.words.names import CULTURES
from core.sample.words.places import EMPLOYERS, FROM_TOWNS, JOBS, LENDERS
from core.sample.words.slots import SLOTS

_PORTALS: Final = ("Zillow", "Realtor.com", "Redfin", "the app")
_GIVEN: Final = tuple(name for culture in CULTURES.values() for name in culture[0])


class Facts:
    """Looks up the words for a slot; steady facts (a lender, a lease's end) stay the same for a lead."""

    __slots__ = ("_arrival", "_dice", "_drawn", "_person", "_steady")

    def __init__(self, person: Person, arrival: datetime, dice: Dice) -> None:
        self._person, self._arrival, self._dice = person, arrival, dice
        area = person.wish.areas[0]
        job = dice.pick(JOBS)
        agent_first, _, agent_last = person.agent.name.partition(" ")
        self._steady: dict[str, str] = {
            "first": person.contact.first,
            "agent": person.agent.name,
            "agent_first": agent_first,
            "agent_last": agent_last,
            "area": area.name,
            "area2": person.wish.areas[1].name if len(person.wish.areas) > 1 else "",
            "area3": person.wish.areas[2].name if len(person.wish.areas) > 2 else "",
            "zip": dice.pick(area.zips),
            "beds": str(person.wish.beds),
            "baths": str(person.wish.baths),
            "lender": dice.pick(LENDERS),
            "employer": dice.pick(EMPLOYERS),
            "job": job,
            "a_job": f"{'an' if job[0] in 'aeiouH' else 'a'} {job}",
            "year": str(arrival.year - dice.whole(2, 9)),
            "town": dice.pick(FROM_TOWNS),
            "referrer": dice.pick(_GIVEN),
            "portal": person.source.name if person.source.name in _PORTALS else dice.pick(_PORTALS),
        }
        self._drawn: dict[str, Callable[[], str]] = {
            "figure": self._figure,
            "low": lambda: figure(person.means.low, person.means.manner, dice),
            "high": lambda: figure(person.means.high, person.means.manner, dice),
            "range": lambda: price_range(person.means.low, person.means.high, person.means.manner, dice),
            "owed": lambda: figure(round(person.means.price * dice.between(0.2, 0.7) / 5000) * 5000, "k", dice),
            "address": self._address,
            "street": self._street,
            "street2": self._street,
            "months": self._months,
            "weeks": lambda: str(max(2, round(person.wish.months * 4.3))),
            "month": lambda: self._month(0),
            "month_after": lambda: self._month(1),
            "season": lambda: season_words(self._moving_on),
            "date": lambda: day_words((person.wish.deadline or self._moving_on).date(), dice),
            "date_soon": lambda: day_words((self._arrival + timedelta(days=dice.whole(40, 90))).date(), dice),
            "years": lambda: str(dice.whole(2, 14)),
            "kids": lambda: dice.pick(("two", "three", "2", "3", "4", "two young", "two little")),
            "family": lambda: dice.pick(("three", "four", "five", "4", "5", "6")),
            "sqft": lambda: f"{dice.whole(12, 32) * 100:{dice.pick((',', ''))}}",
            "sqft_small": lambda: str(dice.whole(5, 9) * 100),
            "them": lambda: dice.pick(("her", "him", "them")),
        }

    @property
    def _moving_on(self) -> datetime:
        return self._arrival + timedelta(days=self._person.wish.months * 30.4)

    def __call__(self, slot: str) -> str:
        """The words for ``slot``. Raises KeyError for a slot that nobody knows."""
        words = self._steady.get(slot)
        if words:
            return words
        if slot in ("area2", "area3"):
            return self._dice.pick(("Lakeway", "Georgetown", "Leander", "Kyle", "Buda", "Bee Cave", "Manor", "Hutto"))
        choices = SLOTS.get(slot)
        return self._dice.pick(choices) if choices else self._drawn[slot]()

    def _figure(self) -> str:
        means, dice = self._person.means, self._dice
        amount = means.high if means.form == "bound" else means.price
        step = 25_000 if amount < 1_000_000 else 50_000
        return figure(round(amount / step) * step, means.manner, dice)

    def _address(self) -> str:
        if self._dice.chance(0.7) or self._person.side is Side.SELLER:
            return self._person.wish.listing
        return f"{self._dice.whole(2, 129) * 100 + self._dice.whole(1, 98)} {self._street()}"

    def _street(self) -> str:
        wish = self._person.wish
        if self._dice.chance(0.75 if self._person.side is Side.SELLER else 0.3):
            return wish.listing.partition(" ")[2]
        return self._dice.pick(self._dice.pick(wish.areas).streets)

    def _months(self) -> str:
        months = max(1, round(self._person.wish.months))
        if months >= 2 and self._dice.chance(0.5):
            return f"{months - 1}{self._dice.pick(('-', ' to ', '-'))}{months + 1}"
        return str(max(months, 2))

    def _month(self, later: int) -> str:
        moving = self._moving_on
        return MONTHS[(moving.month - 1 + later) % 12]
