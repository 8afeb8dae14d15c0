"""Contributions as JSON, written at once.

Most of an answer is these: 28 objects, whose dictionaries would be made, filled, written and thrown away for each lead.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import orjson
from numpy.typing import NDArray

from core.features.catalog import NAMES, UNKNOWN
from core.scoring.explain import effects
from core.scoring.own_column import OwnColumn
from core.scoring.statements import statement

_OURS: Final = len(NAMES)


def contributions_json(
    features: NDArray[np.float32],
    contributions: NDArray[np.float64],
    order: NDArray[np.intp],
    own: Sequence[OwnColumn] = (),
) -> str:
    """What ``core.scoring.sentences`` tells of a score with these; ``own`` are the columns behind the 28.

    ``order`` is ``largest_first`` of the contributions.
    """
    contributions = contributions[order]
    numbers = orjson.dumps(contributions.tolist()).decode()[1:-1].split(",")
    around = [
        _around_ours(place, value)
        if place < _OURS
        else _around(own[place - _OURS].name, own[place - _OURS].statement(value), value)
        for place, value in zip(order.tolist(), features[order].tolist(), strict=True)
    ]
    told = zip(around, numbers, effects(contributions), strict=True)
    objects = [f'{before}{number}{behind}{effect}"}}' for (before, behind), number, effect in told]
    return f"[{','.join(objects)}]"


@lru_cache(maxsize=4_096)  # a lead's counts and levels are few numbers, and come again and again
def _around_ours(place: int, value: float) -> tuple[str, str]:
    return _around(NAMES[place], statement(NAMES[place], value), value)


def _around(name: str, meaning: str, value: float) -> tuple[str, str]:
    """What stands before a contribution's number, and what between it and its effect."""
    known = "null" if value == UNKNOWN else orjson.dumps(value).decode()
    return f'{{"feature":"{_escaped(name)}","value":{known},"contribution":', f',"text":"{_escaped(meaning)}: '


def _escaped(text: str) -> str:
    return orjson.dumps(text).decode()[1:-1]
