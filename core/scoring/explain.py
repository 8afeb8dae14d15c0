"""Contributions as plain sentences."""

from __future__ import annotations

import math
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import NAMES, UNKNOWN
from core.scoring.score import Score
from core.scoring.statements import statement

UNNOTICEABLE = 0.0005  # under a twentieth of a point nobody would act on it


class Contribution(TypedDict):
    """What one feature adds to the raw probability, and that as a sentence; ``value`` is None when unknown."""

    feature: str
    value: float | None
    contribution: float
    text: str


def effect(contribution: float) -> str:
    """Say a contribution to the raw probability in points of a hundred.

    >>> effect(0.09), effect(-0.004), effect(0.0)
    ('raises the chance by 9 points', 'lowers the chance by 0.4 points', 'hardly changes the chance')
    """
    size = abs(contribution)
    if size < UNNOTICEABLE:
        return "hardly changes the chance"
    points = f"{100 * size:.0f}" if size >= 0.0095 else f"{100 * size:.1f}"
    verb = "raises" if contribution > 0 else "lowers"
    return f"{verb} the chance by {points} point{'' if points in ('1', '1.0') else 's'}"


def _sizes_where_words_change() -> list[float]:
    """From 0 to 1 the smallest float of each size that ``effect`` says, without the first."""
    found = []
    for half in (*(tenth / 1000 + 0.0005 for tenth in range(10)), *(point / 100 + 0.005 for point in range(1, 100))):
        size = before = half - 6 * math.ulp(half)
        while effect(size) == effect(before):
            size = math.nextafter(size, 1.0)
        found.append(size)
    return found


_SIZES: Final = np.array(_sizes_where_words_change())
_LARGEST: Final = len(_SIZES)
_OWN: Final = len(NAMES)  # place of the first column of a team's own
_RAISES: Final = (effect(0.0), *(effect(size) for size in _SIZES.tolist()))
_LOWERS: Final = (effect(0.0), *(effect(-size) for size in _SIZES.tolist()))


def effects(contributions: NDArray[np.float64]) -> list[str]:
    """``effect`` of each, looked up where it can be: to write a number takes longer than to find it."""
    places = _SIZES.searchsorted(np.abs(contributions), "right").tolist()
    return [
        effect(value) if place == _LARGEST else (_RAISES if value > 0 else _LOWERS)[place]
        for value, place in zip(contributions.tolist(), places, strict=True)
    ]


def largest_first(contributions: NDArray[np.float64], most: int | None = None) -> NDArray[np.intp]:
    """Places of the contributions, largest absolute first; ties stand in the catalog's order. At most ``most``."""
    return (-np.abs(contributions)).argsort(kind="stable")[:most]


def said(score: Score, order: NDArray[np.intp]) -> list[tuple[str, str]]:
    """The names of the features at these places, in the catalog or behind it, and what their values mean."""
    own = score.own_columns
    return [
        (NAMES[place], statement(NAMES[place], value))
        if place < _OWN
        else (own[place - _OWN].name, own[place - _OWN].statement(value))
        for place, value in zip(order.tolist(), score.features[order].tolist(), strict=True)
    ]


def sentences(score: Score, most: int | None = None) -> list[Contribution]:
    """Every feature's contribution, ``largest_first``. At most ``most``."""
    order = largest_first(score.contributions, most)
    contributions = score.contributions[order]
    told = zip(
        said(score, order), score.features[order].tolist(), contributions.tolist(), effects(contributions), strict=True
    )
    return [
        {
            "feature": name,
            "value": None if value == UNKNOWN else value,
            "contribution": contribution,
            "text": f"{words}: {effect}",
        }
        for (name, words), value, contribution, effect in told
    ]


def reasons(score: Score, most: int = 3) -> tuple[str, ...]:
    """The strongest sentences, leaving out what hardly changes the chance."""
    return tuple(item["text"] for item in sentences(score, most) if abs(item["contribution"]) >= UNNOTICEABLE)
