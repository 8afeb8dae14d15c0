"""What Claude is asked: a lead, what was said, what the model found, and why it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from core.leads import LeadHistory
from core.scoring import Tier


class Reason(StrEnum):
    """Why a lead is put to Claude."""

    LOW_CONFIDENCE = "low_confidence"  # the plain rule: confidence below the threshold
    WORTH_ASKING = "worth_asking"  # an answer could change what the agent does
    REQUESTED = "requested"  # a person, or a caller, asked for it


class Finding(Protocol):
    """What the prompt tells of the model's score; ``core.scoring.Score`` is one, and so is a stored score."""

    @property
    def probability(self) -> float:
        """Calibrated, in [0, 1]."""

    @property
    def confidence(self) -> float:
        """In [0.5, 1]."""

    @property
    def tier(self) -> Tier:
        """Hot, warm or cold."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Question:
    """One lead to give a second opinion on.

    ``score`` is None where no model could answer. ``reasons`` are the model's own sentences, strongest first.
    ``asked_on`` is the day that counts as today; without it the model is not told one.
    """

    lead_id: str
    history: LeadHistory
    score: Finding | None
    reasons: tuple[str, ...]
    asked_because: Reason
    asked_on: date | None = None
