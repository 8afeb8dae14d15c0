"""What goes wrong with a database, in this project's own words: no driver's error is let through."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from core.errors import LeadError, StoreUnavailable

_HELD: Final = "something else has held it for long: wait, or end what writes into it"
_FULL: Final = "make room on its disk"
_RIGHTS: Final = "let this user write its file and the folder that it is in"
_DAMAGED: Final = "its file is damaged: stop all that uses it, then put a backup back with jorge restore"
_ADVICE: Final = {
    "is locked": _HELD,
    "lock timeout": _HELD,
    "is full": _FULL,
    "No space left": _FULL,
    "disk I/O error": "look whether its disk is full, or fails",
    "readonly database": _RIGHTS,
    "unable to open database file": _RIGHTS,
    "image is malformed": _DAMAGED,
    "file is not a database": _DAMAGED,
}


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn the driver's errors into ours; ``name`` is how the message calls the database.

    What the database refuses because of the values becomes LeadError, everything else StoreUnavailable. No message
    repeats a value or the address's user and password.
    """
    try:
        yield
    except (DataError, IntegrityError, UnicodeError, OverflowError) as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        raise LeadError(f"the database cannot store these values ({kind}); correct them") from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = _cause(error)
        raise StoreUnavailable(f"the database {name} does not answer: {cause}; {_advice(cause)}") from error


def _advice(cause: str) -> str:
    """What to do about what a database says of itself.

    >>> _advice("database or disk is full")
    'make room on its disk'
    """
    found = (advice for words, advice in _ADVICE.items() if words in cause)
    return next(found, "check that it runs and that JORGE_DATABASE_URL is right")


def _cause(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    first = str(cause).strip().splitlines()
    return f"{type(cause).__name__}" if not first else f"{first[0][:200]}"
