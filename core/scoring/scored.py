"""A lead with everything that was computed of it: what the store keeps and the screens show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.commission.estimate import CommissionEstimate
from core.leads import LeadHistory
from core.scoring.score import Score


@dataclass(frozen=True, slots=True)
class TrialPlace:
    """In which trial of two models a score was made; ``arm`` 1 is that of the challenger.

    The score's own version says who answered: the champion does where the challenger's files cannot be opened.
    """

    trial_id: int
    arm: int


@dataclass(frozen=True, slots=True, eq=False)
class ScoredLead:
    """``reasons`` are up to three plain sentences, strongest first; ``via`` says how the lead came (api, csv, ...).

    ``opinion_wanted``: who sent it wants Claude asked at once, however sure the model is. ``trial`` is None outside of
    trials. ``of_record``: the lead was read from the record, so only its score is new there.
    """

    history: LeadHistory
    score: Score
    commission: CommissionEstimate
    reasons: tuple[str, ...]
    escalation_recommended: bool
    scored_at: datetime
    via: str
    opinion_wanted: bool = False
    trial: TrialPlace | None = None
    of_record: bool = False
