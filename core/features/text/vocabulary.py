"""Word lists written as plain text."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Return the words of ``text``.

    >>> sorted(words_of("to be or not to be"))
    ['be', 'not', 'or', 'to']
    """
    return frozenset(text.split())


def lines_of(text: str) -> frozenset[str]:
    """Return the names of ``text``, separated by commas or ends of line, in lower case.

    >>> sorted(lines_of("San Jose, Austin"))
    ['austin', 'san jose']
    """
    return frozenset(name.strip().lower() for name in text.replace("\n", ",").split(",") if name.strip())
