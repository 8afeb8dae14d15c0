"""The model card: what a model is, what it learned from, how good it is, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.features.catalog import CATALOG
from core.leads import utc_now
from core.scoring.model import ScoringModel
from core.scoring.selective import answered_alone
from core.scoring.tiers import Tier
from core.training.dataset import TrainingSet
from core.training.fit import Fitted, ForestPlan
from core.training.information import WINDOWS, Window
from core.training.oracle import Agreement
from core.training.quality import quality, roc_auc

THRESHOLDS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.95)


def describe(
    model: ScoringModel,
    fitted: Fitted,
    plan: ForestPlan,
    learned_from: TrainingSet,
    held_out: TrainingSet,
    exact: Agreement,
    source: str,
) -> dict[str, Any]:
    """Everything that a card, a manifest and the model page tell, as plain values.

    ``held_out`` holds the complete later leads; the figures by window see them as other sources would tell them.
    """
    return {
        "source": source,
        "trained_at": utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "trained_on": span_of(learned_from),
        "held_out": span_of(held_out),
        "features": list(model.feature_names),
        "protected_left_out": [
            item.name for item in CATALOG if item.protected and item.name not in model.feature_names
        ],
        "forest": {"trees": plan.trees, "depth": plan.depth, "leads_per_leaf": plan.leads_per_leaf, "seed": plan.seed},
        "calibration": model.calibration.to_json()["kind"],
        "calibration_losses": {name: round(value, 6) for name, value in fitted.calibration_losses.items()},
        "quality": quality(model.holdout.probability, held_out.converted).to_json(),
        "selective": [_selective(model, threshold) for threshold in THRESHOLDS],
        "tiers": _tiers(model, held_out.converted),
        "windows": [_window(model, held_out, window) for window in WINDOWS],
        "heads": _heads(model, held_out),
        "agreement": {"leads": exact.leads, "prediction": exact.prediction, "contribution": exact.contribution},
    }


def span_of(leads: TrainingSet) -> dict[str, Any]:
    """How many leads, how many of them converted, and from when to when they were scored."""
    period = {"from": str(leads.scored_at.min())[:10], "to": str(leads.scored_at.max())[:10]}
    return {"leads": len(leads), "converted": int(leads.converted.sum())} | period


def _selective(model: ScoringModel, threshold: float) -> dict[str, Any]:
    found = answered_alone(model.holdout, threshold)
    return {"threshold": threshold, "coverage": found.coverage, "accuracy": found.accuracy}


def _tiers(model: ScoringModel, converted: NDArray[np.bool_]) -> dict[str, dict[str, int]]:
    tiers = np.array([model.tier_edges.tier(value).value for value in model.holdout.probability])
    return {
        tier.value: {"leads": int((tiers == tier.value).sum()), "converted": int(converted[tiers == tier.value].sum())}
        for tier in Tier
    }


def _window(model: ScoringModel, held_out: TrainingSet, window: Window) -> dict[str, Any]:
    scores = model.score_many(window.of(held_out), explain=False)
    measured = quality(scores.probability, held_out.converted)
    return {
        "name": window.name,
        "roc_auc": measured.roc_auc,
        "brier": measured.brier,
        "ece": measured.ece,
        "mean_probability": float(scores.probability.mean()),
        "mean_confidence": float(scores.confidence.mean()),
        "answered_at_085": float((scores.confidence >= 0.85).mean()),
    }


def _heads(model: ScoringModel, held_out: TrainingSet) -> dict[str, Any]:
    scores = model.score_many(held_out.features, explain=False)
    told = {
        "closing": (scores.closing_probability, held_out.closed),
        "timeline": (scores.timeline_probability, held_out.closed_in_time),
    }
    return {name: _head(said, happened) for name, (said, happened) in told.items() if said is not None}


def _head(said: NDArray[np.float64], happened: NDArray[np.float64]) -> dict[str, Any]:
    known = np.isfinite(said) & np.isfinite(happened)
    flags = happened[known] == 1
    return {
        "leads": int(known.sum()),
        "happened": int(flags.sum()),
        "mean_said": float(said[known].mean()) if len(flags) else None,
        "roc_auc": roc_auc(said[known], flags) if 0 < flags.sum() < len(flags) else None,
    }


def card_text(version: str, card: Mapping[str, Any]) -> str:
    """The card for a person, as Markdown."""
    measured, trained, held = card["quality"], card["trained_on"], card["held_out"]
    lines = [
        f"# Model {version}",
        "",
        f"Learned from {card['source']}: {trained['leads']:,} leads scored from {trained['from']} to {trained['to']}, "
        f"of whom {trained['converted']:,} signed a contract. Judged by {held['leads']:,} later leads "
        f"({held['from']} to {held['to']}), {held['converted']:,} of whom did.",
        "",
        "## What it says",
        "The calibrated probability that a lead signs a contract. Further heads: that the sale closes, and that it "
        "closes within the time that the lead named. It does not say what a lead is worth as a person, and it must not "
        "decide whom to show which homes.",
        "",
        "## How good it is, on leads it did not learn from",
        f"- Order (ROC AUC): {measured['roc_auc']:.3f}, 95 % interval "
        f"{measured['roc_auc_low']:.3f} to {measured['roc_auc_high']:.3f}",
        f"- Brier score: {measured['brier']:.4f}; always saying the base rate scores {measured['brier_baseline']:.4f}",
        f"- Calibration error (10 bins of equal size): {measured['ece']:.4f}",
        f"- The top tenth signs {measured['lift_at_10']:.1f} times as often as all",
        "",
        "| when at least this sure | answers | is right |",
        "|---|---|---|",
        *(_selective_line(row) for row in card["selective"]),
        "",
        "| tier | leads | signed | share |",
        "|---|---|---|---|",
        *(
            f"| {name} | {row['leads']:,} | {row['converted']:,} | {row['converted'] / max(1, row['leads']):.1%} |"
            for name, row in card["tiers"].items()
        ),
        "",
        "## How good it is when less is known",
        "| seen as | ROC AUC | calibration error | mean probability | mean confidence | answered at 0.85 |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row['name']} | {row['roc_auc']:.3f} | {row['ece']:.3f} | {row['mean_probability']:.3f} "
            f"| {row['mean_confidence']:.3f} | {row['answered_at_085']:.0%} |"
            for row in card["windows"]
        ),
        "",
        "## Fair housing",
        f"Left out, because they touch familial status: {', '.join(card['protected_left_out']) or 'nothing'}. "
        + _cost(card),
        "",
        "## Limits",
        "It knows the leads that it learned from. Where they come from a generator it proves the product, not a "
        "market: train on the team's own closings before relying on it. Contributions explain the raw probability "
        "before calibration.",
        "",
    ]
    return "\n".join(lines)


def _selective_line(row: Mapping[str, Any]) -> str:
    accuracy = "too few" if row["accuracy"] is None else f"{row['accuracy']:.1%}"
    return f"| {row['threshold']:.2f} | {row['coverage']:.1%} | {accuracy} |"


def _cost(card: Mapping[str, Any]) -> str:
    used = card.get("with_protected")
    if used is None:
        return "What leaving them out costs was not measured."
    return f"With them the order would be {used['roc_auc']:.3f} instead of {card['quality']['roc_auc']:.3f}."
