"""Claude's opinion of a lead: bounded in every field, whatever was answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

QUOTE_CHARACTERS: Final = 300
LINE_CHARACTERS: Final = 200
DRAFT_CHARACTERS: Final = 1_200
MOST_ITEMS: Final = 5


class Band(StrEnum):
    """A range of the probability that the lead converts; ``low`` belongs to it, ``high`` to the next one.

    >>> Band("10 to 30 %").low, Band("10 to 30 %").high, Band.of(0.3)
    (0.1, 0.3, <Band.EVEN: '30 to 50 %'>)
    """

    REMOTE = "under 10 %"
    UNLIKELY = "10 to 30 %"
    EVEN = "30 to 50 %"
    LIKELY = "50 to 70 %"
    STRONG = "over 70 %"

    @property
    def low(self) -> float:
        """Lowest probability of the band."""
        return _EDGES[self][0]

    @property
    def high(self) -> float:
        """Probability at which the next band begins; 1 for the last."""
        return _EDGES[self][1]

    @classmethod
    def of(cls, probability: float) -> Band:
        """The band that a probability in [0, 1] lies in."""
        return next((band for band in cls if probability < band.high), cls.STRONG)


_EDGES: Final = {
    Band.REMOTE: (0.0, 0.1),
    Band.UNLIKELY: (0.1, 0.3),
    Band.EVEN: (0.3, 0.5),
    Band.LIKELY: (0.5, 0.7),
    Band.STRONG: (0.7, 1.0),
}

Text = Annotated[str, StringConstraints(min_length=1, max_length=LINE_CHARACTERS)]


class _Bounded(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Bounded):
    """Words of the lead, letter by letter as they were written, and what they tell."""

    quote: Annotated[str, StringConstraints(min_length=1, max_length=QUOTE_CHARACTERS)]
    why: Text


class Opinion(_Bounded):
    """A second reading of a lead; it stands beside the model's score and never changes it.

    No string holds a link, markup or a hidden character. ``draft_reply`` is for the agent to edit, and may be empty.
    """

    band: Band
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MOST_ITEMS)] = ()
    objections: Annotated[tuple[Text, ...], Field(max_length=MOST_ITEMS)] = ()
    next_best_action: Annotated[str, StringConstraints(max_length=LINE_CHARACTERS)] = ""
    draft_reply: Annotated[str, StringConstraints(max_length=DRAFT_CHARACTERS)] = ""
