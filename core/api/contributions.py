"""The contributions of an answer, written as JSON at once.

Most of an answer is these: 28 objects, whose dictionaries would be made, filled, written and thrown away for each lead.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from core.features.catalog import UNKNOWN
from core.scoring import Score
from core.scoring.explain import effects, said

_UNKNOWN: Final = orjson.dumps(UNKNOWN).decode()


def contributions_json(score: Score, order: NDArray[np.intp]) -> orjson.Fragment:
    """What ``core.scoring.sentences`` tells of ``score``; ``order`` is ``largest_first``."""
    contributions, features, words = score.contributions[order], score.features[order], said(score, order)
    if score.own_columns:  # a team's own words may hold what JSON escapes; ours do not
        words = [(_escaped(name), _escaped(meaning)) for name, meaning in words]
    told = zip(words, _numbers(features), _numbers(contributions), effects(contributions), strict=True)
    objects = [
        f'{{"feature":"{name}","value":{"null" if value == _UNKNOWN else value},'
        f'"contribution":{contribution},"text":"{meaning}: {effect}"}}'
        for (name, meaning), value, contribution, effect in told
    ]
    return orjson.Fragment(f"[{','.join(objects)}]")


def _escaped(text: str) -> str:
    return orjson.dumps(text).decode()[1:-1]


def _numbers(values: NDArray[Any]) -> list[str]:
    return orjson.dumps(values.tolist()).decode()[1:-1].split(",")
