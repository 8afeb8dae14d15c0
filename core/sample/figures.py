"""Prices and dates the way people write them."""

from __future__ import annotations

from datetime import date
from typing import Final

from core.sample.dice import Dice

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MANNERS: Final = ("k", "dollars", "dollar_k", "bare", "k")
_SPRING: Final = ("this winter", "in the spring", "this summer", "in the fall")


def figure(usd: int, manner: str, dice: Dice) -> str:
    """One price.

    >>> figure(450_000, "dollars", Dice(1)), figure(450_000, "k", Dice(1)), figure(1_250_000, "dollar_k", Dice(1))
    ('$450,000', '450k', '$1.25M')
    """
    if usd >= 1_000_000 and manner != "dollars":
        return _millions(usd, manner, dice)
    if usd == 500_000 and dice.chance(0.15):
        return "half a million"
    if manner == "dollars":
        return f"${usd:,}"
    thousands = usd // 1000
    if manner == "dollar_k":
        return f"${thousands}{dice.pick(('k', 'K'))}" if dice.chance(0.9) else f"${usd}"
    return f"{thousands}k" if manner == "k" or dice.chance(0.4) else str(thousands)


def _millions(usd: int, manner: str, dice: Dice) -> str:
    number = f"{usd / 1_000_000:.2f}".rstrip("0").rstrip(".")
    if manner == "dollar_k":
        return f"${number}M"
    return f"{number}{dice.pick((' million', 'M', 'm', ' mil'))}"


def price_range(low: int, high: int, manner: str, dice: Dice) -> str:
    """Two prices.

    >>> price_range(400_000, 450_000, "dollars", Dice(3))
    '$400,000 to $450,000'
    """
    if high >= 1_000_000:
        word = dice.pick((" to ", " - ", "-"))
        return f"{figure(low, 'dollar_k', dice)}{word}{figure(high, 'dollar_k', dice)}"
    if manner == "dollars":
        return f"${low:,}{dice.pick((' - ', ' to '))}${high:,}"
    bottom, top = low // 1000, high // 1000
    if manner == "dollar_k":
        return dice.pick((f"${bottom}k-${top}k", f"${bottom}k to ${top}k", f"${bottom}-{top}k", f"${bottom}k–${top}k"))
    if manner == "bare":
        return dice.pick((f"between {bottom} and {top}", f"{bottom} to {top}k", f"{bottom} - {top}"))
    return dice.pick((f"{bottom}-{top}k", f"{bottom}k to {top}k", f"between {bottom}k and {top}k", f"{bottom}k-{top}k"))


def form_range(low: int, high: int) -> str:
    """A range the way a web form writes it.

    >>> form_range(400_000, 450_000), form_range(900_000, 1_050_000)
    ('400k-450k', '900k-1.05M')
    """
    return f"{form_price(low)}-{form_price(high)}"


def form_price(usd: int) -> str:
    """A price the way a web form writes it.

    >>> form_price(650_000)
    '650k'
    """
    return f"{usd // 1000}k" if usd < 1_000_000 else f"{usd / 1_000_000:g}M"


def day_words(day: date, dice: Dice) -> str:
    """A date without its year, as people write it."""
    month, nth = MONTHS[day.month - 1], ordinal(day.day)
    short = f"{month[:3]} {day.day}"
    return dice.pick((f"{month} {day.day}", f"{month} {nth}", f"{day.month}/{day.day}", f"the {nth} of {month}", short))


def ordinal(number: int) -> str:
    """A day of the month in words.

    >>> ordinal(1), ordinal(12), ordinal(22), ordinal(30)
    ('1st', '12th', '22nd', '30th')
    """
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def season_words(day: date) -> str:
    """The season in which ``day`` lies.

    >>> season_words(date(2026, 4, 2))
    'in the spring'
    """
    return _SPRING[day.month % 12 // 3]


def form_timeline(months: float) -> str:
    """A horizon the way a web form offers it.

    >>> form_timeline(4.0)
    '3-6 months'
    """
    steps = ((0.8, "ASAP"), (3.0, "1-3 months"), (6.0, "3-6 months"), (12.0, "6-12 months"))
    return next((words for limit, words in steps if months <= limit), "12+ months")
