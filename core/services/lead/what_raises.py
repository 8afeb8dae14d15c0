"""What an agent could do that would raise a lead's score, by the model's own answer.

Only features that an agent can influence are changed (``influenceable`` in the catalog): never who the person is, and
not how fast or how often the lead itself answers. A showing or a call is a touch as well, so counts move together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, product
from typing import Final

import numpy as np

from core.features.catalog import INDEX
from core.scoring.model import ScoringModel
from core.services.lead.what_if import Features
from core.words import begun_small

NOTICEABLE: Final = 0.01
_NEARLY: Final = 0.005
_RAPPORT: Final = (0.4, 0.6, 0.8)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that an agent can do: values that it sets, and counts that it adds to."""

    kind: str
    words: str
    sets: Mapping[str, float]
    adds: Mapping[str, float]

    def taken(self, features: Features) -> Features:
        """The features after the step; where a count was not known it counts from nothing."""
        row = features.copy()
        for name, value in self.sets.items():
            row[INDEX[name]] = value
        for name, more in self.adds.items():
            row[INDEX[name]] = max(row[INDEX[name]], 0.0) + more
        return row


@dataclass(frozen=True, slots=True)
class Raise:
    """What the model would say after ``steps``: calibrated probabilities in [0, 1]."""

    steps: tuple[Step, ...]
    before: float
    after: float

    @property
    def gain(self) -> float:
        """By how much the probability rises."""
        return self.after - self.before

    @property
    def text(self) -> str:
        """A plain sentence.

        >>> Raise((Step("showing", "Book a showing", {}, {}),), 0.34, 0.41).text
        'Book a showing: from 34 to 41 of 100'
        """
        words = " and ".join((self.steps[0].words, *(begun_small(step.words) for step in self.steps[1:])))
        return f"{words}: from {100 * self.before:.0f} to {100 * self.after:.0f} of 100"


@dataclass(frozen=True, slots=True)
class Raises:
    """Single steps that raise the probability by a point or more, largest gain first, and the best two together.

    ``together`` is None unless it brings a point more than the best single step.
    """

    single: tuple[Raise, ...]
    together: Raise | None


def what_raises(model: ScoringModel, features: Features) -> Raises:
    """What would raise the probability of a lead with ``features`` (28,), by the model's answer to each step.

    Of the steps of one kind it is the least that comes within half a point of the best.
    """
    kinds = [[(step,) for step in steps] for steps in _steps(features) if steps]
    pairs = [(*one, *other) for ones, others in combinations(kinds, 2) for one, other in product(ones, others)]
    before, *after = _probabilities(model, features, [(), *chain(*kinds), *pairs])
    told = iter(after)
    best = [_least(ways, list(islice(told, len(ways))), before) for ways in kinds]
    single = sorted((one for one in best if one.gain >= NOTICEABLE), key=lambda one: -one.gain)
    together = _least(pairs, list(told), before)
    alone = max((one.gain for one in single), default=0.0)
    return Raises(tuple(single), together if together.gain - alone >= NOTICEABLE else None)


def _least(ways: Sequence[tuple[Step, ...]], after: Sequence[float], before: float) -> Raise:
    """The first of the ways that comes within half a point of the best."""
    enough = max(after) - _NEARLY
    found = next(place for place, probability in enumerate(after) if probability >= enough)
    return Raise(ways[found], before, after[found])


def _probabilities(model: ScoringModel, features: Features, ways: Sequence[tuple[Step, ...]]) -> list[float]:
    rows = np.empty((len(ways), len(features)), dtype=np.float32)
    for row, steps in zip(rows, ways, strict=True):
        row[:] = features
        for step in steps:
            row[:] = step.taken(row)
    found: list[float] = model.score_many(rows, explain=False).probability.tolist()
    return found


def _steps(features: Features) -> list[list[Step]]:
    """What can be done for a lead that is as it is, by kind, each kind from the least to the most."""
    approval = float(features[INDEX["pre_approval"]])
    rapport = float(features[INDEX["jorge_rapport_score"]])
    told = ("Get the pre-approval under way", "Get the pre-approval through")
    return [
        [
            Step("pre-approval", words, {"pre_approval": level}, {})
            for level, words in enumerate(told, start=1)
            if level > approval
        ],
        [
            Step("showing", _number(n, "Book a showing", "Book {} showings"), {}, {"showing_requests": n} | _touches(n))
            for n in (1, 2, 3)
        ],
        [
            Step("touch", _number(n, "One more touch this week", "{} more touches this week"), {}, _touches(n))
            for n in (1, 2, 3, 4, 5)
        ],
        [
            Step("objection", _number(n, "Resolve an objection", "Resolve {} objections"), {}, _objections(n))
            for n in (1, 2)
        ],
        [
            Step("rapport", f"Bring rapport to {100 * share:.0f} %", {"jorge_rapport_score": share}, {})
            for share in _RAPPORT
            if share > rapport
        ],
    ]


def _touches(n: int) -> dict[str, float]:
    return {"interaction_count": n, "interactions_last_7_days": n}


def _objections(n: int) -> dict[str, float]:
    return {"jorge_objection_handling": n}


def _number(n: int, one: str, many: str) -> str:
    return one if n == 1 else many.format(n)
