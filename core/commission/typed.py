"""Single fields of a plan as a person types them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from core.commission.rates import checked_share
from core.leads import usd

GROUPED = re.compile(r"\$? ?\d{1,3}(?:,\d{3})+(?:\.\d*)?")


def typed_share(text: str, name: str) -> Decimal:
    """Percent as a share; empty is 0. Raises ValueError naming the field.

    >>> typed_share("2.5 %", "Buyer's side")
    Decimal('0.025')
    """
    number = _number(text.strip().removesuffix("%"), name, "a percentage such as 2.5")
    return Decimal(0) if number is None else checked_share(number / 100, name)


def typed_usd(text: str, name: str) -> Decimal | None:
    """US dollars; empty is None. Raises ValueError naming the field.

    >>> typed_usd("$18,000", "Cap"), typed_usd(" ", "Cap")
    (Decimal('18000.00'), None)
    """
    form = "an amount such as 18,000 or 18,000.50"
    if "," in text and not GROUPED.fullmatch(text.strip()):  # 1,5 is one and a half elsewhere
        raise ValueError(f"{name} is {text.strip()!r}; write {form}")
    number = _number(text.strip().removeprefix("$").replace(",", ""), name, form)
    try:
        return None if number is None else usd(number)
    except ValueError as error:
        raise ValueError(f"{name} {error}") from error


def typed_month_day(text: str, name: str) -> tuple[int, int] | None:
    """Month and day; empty is None. Raises ValueError naming the field.

    >>> typed_month_day("06-15", "Anniversary")
    (6, 15)
    """
    if not text.strip():
        return None
    found = re.fullmatch(r"\s*(\d{1,2})[-/.](\d{1,2})\s*", text)
    if found is None:
        raise ValueError(f"{name} is {text!r}; write month and day, such as 06-15")
    return int(found[1]), int(found[2])


def _number(text: str, name: str, form: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(f"{name} is {text.strip()!r}; write {form}") from error
