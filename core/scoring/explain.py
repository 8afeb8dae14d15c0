"""Contributions as plain sentences."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.features.catalog import NAMES, UNKNOWN
from core.scoring.score import Score
from core.scoring.statements import statement

_UNNOTICEABLE = 0.0005  # under a twentieth of a point nobody would act on it


class Contribution(NamedTuple):
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
    if size < _UNNOTICEABLE:
        return "hardly changes the chance"
    points = f"{100 * size:.0f}" if size >= 0.0095 else f"{100 * size:.1f}"
    verb = "raises" if contribution > 0 else "lowers"
    return f"{verb} the chance by {points} point{'' if points in ('1', '1.0') else 's'}"


def sentences(score: Score, most: int | None = None) -> list[Contribution]:
    """Every feature's contribution, largest absolute first; ties stand in the catalog's order. At most ``most``."""
    order = np.argsort(-np.abs(score.contributions), kind="stable")[:most].tolist()
    features, contributions = score.features.tolist(), score.contributions.tolist()
    return [_sentence(score, position, features[position], contributions[position]) for position in order]


def _sentence(score: Score, position: int, value: float, contribution: float) -> Contribution:
    if position < len(NAMES):
        name = NAMES[position]
        said = statement(name, value)
    else:
        own = score.own_columns[position - len(NAMES)]
        name, said = own.name, own.statement(value)
    return Contribution(name, None if value == UNKNOWN else value, contribution, f"{said}: {effect(contribution)}")


def reasons(score: Score, most: int = 3) -> tuple[str, ...]:
    """The strongest sentences, leaving out what hardly changes the chance."""
    return tuple(item.text for item in sentences(score, most) if abs(item.contribution) >= _UNNOTICEABLE)
