"""Which cells of the outcome column mean success, which failure, and which that nothing is decided yet."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import FileError
from core.leads import Stage
from core.training.table.cells import Column, some
from core.training.table.places import number_of
from core.transfer.words import stage_of

_YES_WORDS = "yes y true t 1 won success successful signed bought purchased subscribed"
_NO_WORDS = "no n false f 0 failure failed declined rejected expired withdrawn cancelled canceled"
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())
_UNDECIDED: Final = frozenset({"new", "open", "lead", "prospect", "uncontacted", "attempted", "new lead", "in process"})
_WON, _LOST = (Stage.CONTRACT, Stage.CLOSED), Stage.LOST
MOST_VALUES: Final = 60
UNDECIDED: Final = -1


def outcome_of(column: Column, positive: str | None = None) -> NDArray[np.int8]:
    """1 for success, 0 for failure, ``UNDECIDED`` for rows that tell nothing or are still open; int8 (n,).

    Two values of yes and no, 1 and 0, or stages such as Closed and Lost are understood; anything else needs
    ``positive``, and then all other values mean failure. Raises FileError, in one sentence.
    """
    present = column.present
    if not present:
        raise FileError(
            f"The outcome column {column.name!r} is empty; choose the column that tells what became of them."
        )
    meanings = _as_said(column.name, present, positive) if positive is not None else _understood(column.name, present)
    found = np.array([UNDECIDED, *(meanings.get(value, UNDECIDED) for value in column.values[1:])], dtype=np.int8)
    outcome = found[column.codes]
    for wanted, missing in ((1, "success"), (0, "failure")):
        if not (outcome == wanted).any():
            raise FileError(
                f"The outcome column {column.name!r} holds no {missing} ({some(present)}); both are needed."
            )
    return np.asarray(outcome)


def _as_said(name: str, present: list[str], positive: str) -> dict[str, int]:
    wanted = _same(positive)
    if all(_same(value) != wanted for value in present):
        raise FileError(f"{positive[:40]!r} does not occur in the outcome column {name!r}; it holds {some(present)}.")
    if len(present) > MOST_VALUES:
        raise FileError(_no_outcome(name, present))
    return {value: int(_same(value) == wanted) for value in present}


def _understood(name: str, present: list[str]) -> dict[str, int]:
    if len(present) == 1:
        raise FileError(f"The outcome column {name!r} holds only {some(present)}; both outcomes are needed.")
    if len(present) > MOST_VALUES:
        raise FileError(_no_outcome(name, present))
    meanings = {value: _meaning(value) for value in present}
    told = [meaning for meaning in meanings.values() if meaning is not None]
    if len(told) == len(present) and {0, 1} <= set(told):
        return {value: meaning for value, meaning in meanings.items() if meaning is not None}
    if len(present) == 2:
        raise FileError(
            f"The outcome column {name!r} holds {some(present)}; say which is the success (--positive VALUE)."
        )
    raise FileError(
        f"The outcome column {name!r} holds {len(present)} different values ({some(present)}), an outcome has two; "
        "say which is the success (--positive VALUE), then all others are failures."
    )


def _no_outcome(name: str, present: list[str]) -> str:
    return (
        f"The outcome column {name!r} holds {len(present):,} different texts ({some(present, 2)}), an outcome has two; "
        "choose the column that tells what became of the leads."
    )


def _meaning(value: str) -> int | None:
    """1, 0, ``UNDECIDED``, or None when the word says nothing of an outcome."""
    word = _same(value)
    if word in _YES or word in _NO:
        return int(word in _YES)
    if word in _UNDECIDED:
        return UNDECIDED
    stage = stage_of(value[:300])
    if stage in _WON:
        return 1
    if stage is _LOST:
        return 0
    return None if stage is Stage.GENERATED and "not" not in word.split() else UNDECIDED


def _same(value: str) -> str:
    """A value so that "Yes" and "yes", "1" and "1.0" are one.

    >>> _same(" Yes"), _same("1.0")
    ('yes', '1')
    """
    number = number_of(value)
    return " ".join(value.casefold().split()) if number != number else f"{number:g}"
