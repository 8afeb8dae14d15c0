"""E-mail addresses and phone numbers, often two in one cell."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from core.transfer.amounts import parse_line

_EMAIL: Final = re.compile(r"[^\s,;:/|<>()\"@]+@[^\s,;:/|<>()\"@]+\.[^\s,;:/|<>()\"@]+")
_SIMPLE_EMAIL: Final = re.compile(r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9.-]+")
_MARKS: Final = str.maketrans("", "", " ()-.\u00a0\u2011\u2013")
_AS_A_NUMBER: Final = re.compile(r"\d+\.0")  # a script took the column for one of numbers
_BETWEEN: Final = re.compile(r"[,;|/\r\n]+|\bor\b|\band\b|&", re.IGNORECASE)


class Contact(NamedTuple):
    """What one cell told: a lower-case e-mail, a phone in E.164, and the cell itself when it was neither."""

    email: str | None
    phone: str | None
    as_written: str | None


def parse_contact(text: str) -> Contact:
    """Find an e-mail address and a phone number in one cell.

    >>> parse_contact("Ana@Example.com / (512) 555-0198")
    Contact(email='ana@example.com', phone='+15125550198', as_written=None)
    >>> parse_contact("ask her")
    Contact(email=None, phone=None, as_written='ask her')
    """
    parse_line(text)
    if "@" not in text:
        phone = e164(text) or next(filter(None, map(e164, _BETWEEN.split(text))), None)
        return Contact(None, phone, None if phone else text)
    if _SIMPLE_EMAIL.fullmatch(text):
        return Contact(text.lower(), None, None)
    found = _EMAIL.search(text)
    if found is None:
        return Contact(None, None, text)
    email = found[0].strip("'.").lower()
    rest = _EMAIL.sub(" / ", text)
    phone = next(filter(None, (e164(part) for part in _BETWEEN.split(rest))), None)
    return Contact(email, phone, None)


def e164(text: str) -> str | None:
    """Return a phone number in E.164, read as a United States one without a country; None when it is none.

    >>> e164("5125550198"), e164("+1 (512) 555-0198"), e164("+44 20 7946 0958"), e164("1111111111")
    ('+15125550198', '+15125550198', '+442079460958', None)
    """
    if _AS_A_NUMBER.fullmatch(text):
        text = text[:-2]
    digits = text.translate(_MARKS).removeprefix("+1")
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) == 10 and digits.isascii() and digits.isdigit():
        if digits.count(digits[0]) == 10:
            return None  # a placeholder
        if digits[0] in "23456789" and digits[3] in "23456789":
            return "+1" + digits
    return _by_rules_of_its_country(text) if sum(map(str.isdigit, text)) >= 7 else None


def _by_rules_of_its_country(text: str) -> str | None:
    import phonenumbers  # only what is no plain United States number pays for it

    try:
        number = phonenumbers.parse(text.strip(), "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
