"""The shipped model: learned from a large draw of the generator, reproducible from its seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from core.monitoring.reference import Reference, reference_of
from core.scoring.model import ScoringModel
from core.training.card import card_text, describe
from core.training.dataset import TrainingSet, temporal_split
from core.training.fit import ForestPlan, fit, model_of
from core.training.information import as_sources_tell
from core.training.oracle import agreement, refuse_unless_exact
from core.training.quality import roc_auc
from core.training.sample_set import TRAINING_LEADS, TRAINING_SEED, Progress, sample_training_set, untold

SOURCE = "the sample generator"


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A trained model with what a registry keeps of it."""

    model: ScoringModel
    estimator: Any
    card: dict[str, Any]
    card_text: str
    reference: Reference | None = None


def train_sample_model(
    version: str,
    leads: int = TRAINING_LEADS,
    seed: int = TRAINING_SEED,
    plan: ForestPlan | None = None,
    progress: Progress = untold,
) -> Candidate:
    """Draw, fit, calibrate, judge. Raises ModelRefused when the kernel and its judges differ."""
    return train_on(sample_training_set(leads, seed, progress=progress), version, plan or ForestPlan(), SOURCE)


def train_on(drawn: TrainingSet, version: str, plan: ForestPlan, source: str) -> Candidate:
    """Learn from the earlier leads, as their sources tell them, and be judged by the later ones, complete."""
    earlier, held_out = temporal_split(drawn)
    learned_from = replace(earlier, features=as_sources_tell(earlier, plan.seed))
    fitted = fit(learned_from, plan)
    model = model_of(fitted, plan, version, held_out)
    exact = agreement(model, fitted.estimator, held_out.features)
    refuse_unless_exact(exact)
    card = describe(model, fitted, plan, learned_from, held_out, exact, source)
    if not plan.use_protected:
        card["with_protected"] = {"roc_auc": _with_protected(learned_from, held_out, plan)}
    reference = reference_of(held_out.features, model.holdout.probability, held_out.converted)
    return Candidate(model, fitted.estimator, card, card_text(version, card), reference)


def _with_protected(learned_from: TrainingSet, held_out: TrainingSet, plan: ForestPlan) -> float:
    everything = replace(plan, use_protected=True)
    model = model_of(fit(learned_from, everything), everything, "with-protected", held_out)
    return roc_auc(model.holdout.probability, held_out.converted)
