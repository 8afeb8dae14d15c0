"""Cells that a spreadsheet would run are made text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_RUNS: Final = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")


def defuse(cell: str) -> str:
    """Put a ``'`` before a cell that begins with ``= + - @``, a tab or a line break (also after blanks).

    A phone in E.164 and a negative number get it too: a spreadsheet shows them unchanged, as text.

    >>> defuse("=HYPERLINK(1)"), defuse("+15125550198"), defuse("ana@example.com")
    ("'=HYPERLINK(1)", "'+15125550198", 'ana@example.com')
    """
    return "'" + cell if _RUNS.match(cell) else cell


def defused(cells: Iterable[str]) -> list[str]:
    """All ``cells``, safe to open in a spreadsheet."""
    return [cell if cell[:1].isalnum() else defuse(cell) for cell in cells]  # most begin with a letter or a digit
