"""Money is Decimal US dollars with two decimals, never float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

CENT = Decimal("0.01")
MOST_USD = Decimal("1000000000")  # a billion: above it a figure is a slip of the keyboard


def usd(amount: Decimal | int | float | str) -> Decimal:
    """Return ``amount`` as US dollars rounded half up to cents.

    Raises ValueError for what is no finite number, is negative or exceeds a billion.

    >>> usd("625000") * usd("0.06")
    Decimal('37500.0000')
    >>> usd(-5)
    Traceback (most recent call last):
    ValueError: is -5; must be from 0 to 1000000000
    """
    try:
        value = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    except InvalidOperation as error:
        raise ValueError(f"is {amount!r}; must be a number") from error
    if not value.is_finite() or not 0 <= value <= MOST_USD:
        raise ValueError(f"is {amount}; must be from 0 to {MOST_USD}")
    return value.quantize(CENT, ROUND_HALF_UP)


_IN_JSON = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": int(MOST_USD)},
        {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,2})?$"},
    ]
}
Money = Annotated[Decimal, Field(allow_inf_nan=False), AfterValidator(usd), WithJsonSchema(_IN_JSON)]
