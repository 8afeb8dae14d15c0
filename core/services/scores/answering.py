"""Which model answers for a lead: the champion, or while a trial runs the challenger for its share of the leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.analytics.ab_test import variant_of
from core.errors import StoreUnavailable
from core.scoring.scored import TrialPlace

if TYPE_CHECKING:
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter
    from core.store.trials import StoredTrial

FRESH_S: Final = 1.0  # another process may begin or end a trial; this one notices within a second
RUNNING: Final = "running trial"
CHALLENGERS_ARM: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class Answering:
    """The model that answers for a lead, and the lead's place in the trial that runs; None without a trial."""

    model: ScoringModel
    trial: TrialPlace | None = None


def running_trial(center: CommandCenter) -> StoredTrial | None:
    """The trial that runs, at most a second old; None without one, or while the database is down."""
    try:
        return center.kept.for_a_while(FRESH_S, RUNNING, lambda: center.store.trials.running())
    except StoreUnavailable:
        return None


def answering(center: CommandCenter, lead_id: str) -> Answering:
    """Who answers for a lead: the same model for as long as the trial runs, in every process.

    A trial counts only beside the champion that it began with. Where the challenger's files cannot be opened the
    champion answers, and the lead stays in its arm. Raises ModelUnavailable, ModelRefused.
    """
    champion, trial = center.model, running_trial(center)
    if trial is None or trial.champion != champion.version:
        return Answering(champion)
    arm = arm_of(trial, lead_id)
    challenger = center.challenger(trial.challenger) if arm == CHALLENGERS_ARM else None
    return Answering(challenger or champion, TrialPlace(trial.trial_id, arm))


def arm_of(trial: StoredTrial, lead_id: str) -> int:
    """0 where the champion answers, 1 where the challenger does; even over leads, and independent of A/B tests."""
    return variant_of(f"model:{trial.trial_id}", lead_id, trial.design.shares)
