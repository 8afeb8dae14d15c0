"""Text that other people wrote: kept as it came, as long as it can be stored and shown."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

LINE_CHARACTERS = 300
MESSAGE_CHARACTERS = 20_000


def storable(text: str) -> str:
    r"""Return ``text`` unchanged; raise ValueError where no database and no browser could take it.

    >>> storable("Ana Lima")
    'Ana Lima'
    >>> storable("a\x00b")
    Traceback (most recent call last):
    ValueError: holds a NUL character; remove it
    """
    if "\x00" in text:
        raise ValueError("holds a NUL character; remove it")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("holds half a character (a lone surrogate); send valid UTF-8") from error
    return text


def on_one_line(text: str) -> str:
    r"""``text`` with one blank where it had line breaks, tabs or several: it stands in the midst of our sentences.

    >>> on_one_line("Ana\n  Lima"), on_one_line("Zillow\u00a0\tPremier")
    ('Ana Lima', 'Zillow Premier')
    """
    if text.isprintable() and "  " not in text:  # hardly any has them, and this is asked of every value that comes in
        return text
    return " ".join(text.split())


Line = Annotated[
    str,
    StringConstraints(max_length=LINE_CHARACTERS, strip_whitespace=True),
    AfterValidator(storable),
    AfterValidator(on_one_line),
]
Message = Annotated[str, StringConstraints(max_length=MESSAGE_CHARACTERS), AfterValidator(storable)]
LEAD_ID = re.compile(r"^[A-Za-z0-9_-]{1,100}$")
LeadId = Annotated[str, StringConstraints(pattern=LEAD_ID.pattern, min_length=1, max_length=100)]
