"""Amounts of money and counts, as people type them into cells."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from core.leads import usd
from core.leads.money import MOST_USD

_MONEY: Final = re.compile(
    r"(?P<sign>[-−(]?)\s*(?:usd?|us)?\s*\$?\s*(?P<minus>[-−]?)\s*"
    r"(?P<digits>\d[\d.,'\u00a0\u202f ]*|\.\d+)(?P<power>e\+?\d{1,3})?\s*"
    r"(?P<unit>k|m|mm|mil|mio|million|thousand)?\s*(?:usd|dollars?|\$)?\s*\)?\+?",
    re.IGNORECASE,
)
_UNITS = {"": 1, "k": 1_000, "t": 1_000, "m": 1_000_000}
_SHOWN = 60


def shown(text: str) -> str:
    """A cell as a message quotes it: on one line, shortened, quoted unless it is a plain number."""
    line = " ".join(text.split())
    line = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return line if re.fullmatch(r"[-+]?[\d.]{1,30}", line) else repr(line)


@lru_cache(maxsize=8192)
def parse_money(text: str) -> Decimal:
    """Return US dollars with two decimals. Raises ValueError saying what is allowed.

    >>> [str(parse_money(text)) for text in ("$450,000", "450k", "1.2M", "450.000,00", "450.000", "1 250 000 USD")]
    ['450000.00', '450000.00', '1200000.00', '450000.00', '450000.00', '1250000.00']
    >>> parse_money("-250000")
    Traceback (most recent call last):
    ValueError: is -250000; must be 0 or more
    """
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return Decimal(text).quantize(Decimal("0.01"))
    found = _MONEY.fullmatch(text) if len(text) <= _SHOWN else None
    digits = found and _with_point(found["digits"], whole=not found["unit"])
    if found is None or not digits:
        raise ValueError(f"is {shown(text)}; must be an amount in dollars such as 450000 or $450,000")
    amount = Decimal(digits + (found["power"] or "")) * _UNITS[(found["unit"] or "").lower()[:1]]
    if (found["sign"] or found["minus"]) and amount:
        raise ValueError(f"is {shown(text)}; must be 0 or more")
    if amount > MOST_USD:
        raise ValueError(f"is {shown(text)}; must be at most {MOST_USD:,}")
    return usd(amount)


def is_amount(text: str) -> bool:
    """Whether ``text`` is one amount, right or wrong, and nothing else; ``500k-750k`` is not.

    >>> is_amount("-250000"), is_amount("nan"), is_amount("500k-750k")
    (True, True, False)
    """
    return (len(text) <= _SHOWN and _MONEY.fullmatch(text) is not None) or text.lower().lstrip("+-") in (
        "nan",
        "inf",
        "infinity",
    )


def parse_budget(text: str) -> str | None:
    """Return a budget in the lead's own words; one amount must be a possible one, 0 says nothing.

    >>> parse_budget("500k-750k"), parse_budget("0")
    ('500k-750k', None)
    """
    if is_amount(text) and parse_money(text) == 0:
        return None
    return parse_line(text)


def parse_price(text: str) -> Decimal | None:
    """Return a price in US dollars; a CRM's 0 means that none is set.

    >>> parse_price("0") is None, parse_price("<$500k+")
    (True, Decimal('500000.00'))
    """
    return parse_money(text.lstrip("<>~≤≥ ")) or None


def parse_count(text: str) -> float:
    """Return a count of 0 or more.

    >>> parse_count("1,204")
    1204.0
    """
    return parse_number(text, math.inf)


def parse_number(text: str, high: float) -> float:
    """Return a number in [0, ``high``]; ``45%`` is 0.45, yes and no are 1 and 0.

    >>> parse_number("45%", 1), parse_number("yes", 2), parse_number("12.5", math.inf)
    (0.45, 1.0, 12.5)
    """
    word = text.lower()
    if word in ("yes", "true", "no", "false"):
        return float(word in ("yes", "true"))
    try:
        number = float(_with_point(text[:-1], whole=False)) / 100 if text[-1:] == "%" else float(_numeric(text))
    except ValueError:
        raise ValueError(f"is {shown(text)}; must be a number of 0 or more") from None
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"is {shown(text)}; must be a number of 0 or more")
    if number > min(high, 1e12):
        raise ValueError(f"is {shown(text)}; must be from 0 to {min(high, 1e12):g}")
    return number


def parse_line(text: str, most: int = 300) -> str:
    """Return ``text`` on its own; raises ValueError above ``most`` characters."""
    if len(text) > most:
        raise ValueError(f"holds {len(text):,} characters; at most {most:,} are allowed")
    return text


def _numeric(text: str) -> str:
    if "_" in text:  # Python's float would take 1_000
        raise ValueError(text)
    return text if "," not in text else _with_point(text, whole=False)


def _with_point(digits: str, whole: bool) -> str:
    """Digits with a decimal point only: the last of two kinds of marks is the decimal one.

    Empty when they cannot be one number. With ``whole``, three digits after a single point are
    thousands: nobody quotes a tenth of a cent.
    """
    digits = re.sub(r"[' \u00a0\u202f]", "", digits)
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        decimal, thousands = (".", ",") if point > comma else (",", ".")
        return digits.replace(thousands, "").replace(decimal, ".") if digits.count(decimal) == 1 else ""
    mark = "." if point >= 0 else ","
    groups = digits.split(mark)
    grouped = 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if grouped and groups[0] != "0" and (mark == "," or whole or len(groups) > 2):
        return "".join(groups)
    return ".".join(groups) if len(groups) <= 2 else ""
