"""Words of others on a terminal."""

from __future__ import annotations


def shown(text: str) -> str:
    r"""``text`` on one line, without what a terminal would obey or nobody sees.

    >>> shown("Ana\x1b]52;c;aGk=\x07\x9b2J\u202e Lima\n")
    'Ana ]52;c;aGk= 2J Lima'
    """
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
