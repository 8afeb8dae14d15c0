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


Line = Annotated[
    str,
    StringConstraints(max_length=LINE_CHARACTERS, strip_whitespace=True),
    AfterValidator(storable),
]
Message = Annotated[str, StringConstraints(max_length=MESSAGE_CHARACTERS), AfterValidator(storable)]
LEAD_ID = re.compile(r"^[A-Za-z0-9_-]{1,100}$")
LeadId = Annotated[str, StringConstraints(pattern=LEAD_ID.pattern, min_length=1, max_length=100)]
