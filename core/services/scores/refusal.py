"""What is wrong with a request, field by field, without a word of what was sent but the names of fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_SHOWN = 200
_MOST_WORDS = 3
_WHERE = ("body", "query", "path")
_WHAT_CAME = re.compile(r"^is .*; (?=must be )", re.DOTALL)  # our own validators begin with the value
_OF_PYTHON: Final = {  # pydantic speaks of Python to whoever sent JSON
    "Input should be a valid dictionary": "must be a JSON object",
    "Input should be a valid tuple": "must be a list",
}


def told(problems: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """``problems`` of pydantic as ``{"field", "problem"}``, in text that every output takes.

    >>> told([{"loc": ("body", "lead_data", "name"), "msg": "Value error, holds a NUL character; remove it"}])
    [{'field': 'lead_data.name', 'problem': 'holds a NUL character; remove it'}]
    >>> told([{"loc": ("body", "sale_price_usd"), "msg": "Value error, is -5; must be from 0 to 1000000000"}])
    [{'field': 'sale_price_usd', 'problem': 'must be from 0 to 1000000000'}]
    >>> told([{"loc": ("body", "options"), "msg": "Input should be a valid dictionary or instance of OptionsIn"}])
    [{'field': 'options', 'problem': 'must be a JSON object'}]
    """
    return [{"field": _place(problem["loc"]), "problem": _words(str(problem["msg"]))} for problem in problems]


def in_words(problems: Sequence[Mapping[str, Any]]) -> str:
    """The first three of ``problems`` as one line.

    >>> in_words([{"loc": ("lead_id",), "msg": "Field required"}] * 5)
    'lead_id: Field required; lead_id: Field required; lead_id: Field required; and 2 more'
    """
    found = told(problems)
    words = [f"{problem['field']}: {problem['problem']}".removeprefix(": ") for problem in found[:_MOST_WORDS]]
    return "; ".join([*words, *([f"and {len(found) - len(words)} more"] if len(found) > len(words) else [])])


def _place(loc: Sequence[int | str]) -> str:
    path = ".".join(str(part) for part in (loc[1:] if loc and loc[0] in _WHERE else loc))
    return path[:_SHOWN].encode("ascii", "backslashreplace").decode()


def _words(message: str) -> str:
    words = _WHAT_CAME.sub("", message.removeprefix("Value error, "))
    words = next((ours for theirs, ours in _OF_PYTHON.items() if words.startswith(theirs)), words)
    return words[:_SHOWN].encode("utf-8", "backslashreplace").decode()
