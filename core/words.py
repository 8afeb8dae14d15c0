"""How numbers, days and lengths of time are written for a person: the same on every screen, chart and report."""

from __future__ import annotations

from datetime import date
from decimal import Decimal


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun; ``many`` where the plural is not the singular with an s.

    >>> counted(1, "lead"), counted(1200, "lead"), counted(0, "entry", "entries"), counted(1, "lead is", "leads are")
    ('1 lead', '1,200 leads', '0 entries', '1 lead is')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def begun_small(sentence: str) -> str:
    """A sentence for the middle of another.

    >>> begun_small("Book a showing"), begun_small("")
    ('book a showing', '')
    """
    return sentence[:1].lower() + sentence[1:]


def day_words(day: date) -> str:
    """A day as a person reads it.

    >>> day_words(date(2026, 5, 3))
    'May 3, 2026'
    """
    return f"{day:%b} {day.day}, {day:%Y}"


def month_words(day: date) -> str:
    """The month of a day.

    >>> month_words(date(2026, 5, 3))
    'May 2026'
    """
    return f"{day:%b %Y}"


def dollars(amount: Decimal | float) -> str:
    """Whole dollars, from a hundred on; less than that to the cent.

    >>> dollars(Decimal("37500.75")), dollars(-1200), dollars(Decimal("0.16")), dollars(0)
    ('$37,501', '-$1,200', '$0.16', '$0')
    """
    return _money(amount, 2 if -100 < amount < 100 and amount else 0)


def dollars_and_cents(amount: Decimal | float) -> str:
    """A sum that is exact.

    >>> dollars_and_cents(Decimal("37500.75")), dollars_and_cents(-1200)
    ('$37,500.75', '-$1,200.00')
    """
    return _money(amount, 2)


def _money(amount: Decimal | float, digits: int) -> str:
    size = -amount if amount < 0 else amount
    return f"{'-' if amount < 0 and round(size, digits) else ''}${size:,.{digits}f}"


def duration(hours: float | None) -> str:
    """A length of time in the unit that a person would use; None is one that was never reached.

    >>> duration(5 / 60), duration(0.41), duration(1.0), duration(5.24), duration(60.0), duration(None)
    ('5 min', '25 min', '1 h', '5.2 h', '2.5 days', 'not reached')
    """
    if hours is None:
        return "not reached"
    if round(60 * hours) < 60:
        return f"{60 * hours:.0f} min"
    value, unit = (hours, "h") if hours < 48 else (hours / 24, "days")
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"
