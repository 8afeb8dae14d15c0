"""A model that can be checked by hand: one tree, two splits, and its files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from core.features.catalog import INDEX, NAMES, UNKNOWN
from core.monitoring.reference import Reference
from core.registry import save_model
from core.scoring import Holdout, TierEdges
from core.scoring.calibration import Head, PlattCalibration
from core.scoring.forest import LEAF, Forest
from core.scoring.model import ScoringModel

VERSION = "stump-1"


def stump(version: str = VERSION) -> ScoringModel:
    """A budget that is told (at least $1) gives 0.8 with a pre-approval and 0.4 without; none gives 0.1.

    Half of the training leads told no budget, and of the others half are pre-approved, so the base value is
    0.5 * 0.1 + 0.25 * 0.4 + 0.25 * 0.8 = 0.35. The calibration leaves probabilities as they are. Four leads are held
    out: the model is right about three of them at any confidence up to 0.8.
    """
    forest = Forest.from_arrays(
        {
            "feature": [0, LEAF, 1, LEAF, LEAF],
            "threshold": [0.5, 0.0, 1.5, 0.0, 0.0],
            "right": [2, LEAF, 4, LEAF, LEAF],
            "value": [0.35, 0.1, 0.6, 0.4, 0.8],
            "cover": [4.0, 2.0, 2.0, 1.0, 1.0],
            "roots": [0, 5],
            "n_features": 2,
        }
    )
    return ScoringModel(
        version=version,
        feature_names=("budget_midpoint_usd", "pre_approval"),
        forest=forest,
        calibration=PlattCalibration(slope=1.0, intercept=0.0),
        tier_edges=TierEdges(hot=0.6, warm=0.3),
        holdout=Holdout(np.array([0.1, 0.1, 0.8, 0.8]), np.array([False, True, True, True])),
        closing=Head(slope=1.0, intercept=0.0),
        timeline=None,
        card={"trained_at": "2026-01-01T00:00:00Z", "rows": 4},
    )


def held_out(version: str = VERSION) -> Reference:
    """Its four held-out leads: two of whom nothing is known, two with a budget and a pre-approval."""
    features = np.full((4, len(NAMES)), UNKNOWN, dtype=np.float32)
    features[2:, INDEX["budget_midpoint_usd"]] = 500_000.0
    features[2:, INDEX["pre_approval"]] = 2.0
    holdout = stump(version).holdout
    return Reference(features, holdout.probability, holdout.converted)


def many_held_out() -> Reference:
    """Eighty leads: 40 with budget and pre-approval (32 converted), 40 of whom nothing is known (4 converted)."""
    features = np.repeat(held_out().features[[2, 0]], 40, axis=0)
    converted = np.repeat([True, False, True, False], [32, 8, 4, 36])
    said = backwards("any").score_many(features, explain=False).probability
    return Reference(features, said, converted)


def backwards(version: str) -> ScoringModel:
    """The stump with the values of its leaves changed round: a lead of whom much is known is told little."""
    right = stump(version)
    arrays = dict(right.forest.arrays()) | {"value": np.array([0.35, 0.8, 0.6, 0.4, 0.1])}
    return replace(right, forest=Forest.from_arrays(arrays))


def estimator() -> Any:
    """The same tree grown by scikit-learn.

    Of 40 leads 20 told no budget (2 converted, approved or not), 10 told one (4), 10 are pre-approved as well (8).
    """
    from sklearn.ensemble import RandomForestClassifier

    leads = np.repeat([[0.0, 1.0], [0.0, 2.0], [1.0, 1.0], [1.0, 2.0]], 10, axis=0)
    converted = np.repeat([True, False] * 4, [1, 9, 1, 9, 4, 6, 8, 2])
    forest = RandomForestClassifier(1, bootstrap=False, max_features=None, max_leaf_nodes=3, random_state=0)
    return forest.fit(leads, converted)


def register(models_dir: Path, version: str = VERSION, default: bool = True, grown: Any = None) -> None:
    """Write the model's files as the registry wants them; ``grown`` is its estimator, needed for a promotion."""
    save_model(models_dir / version, stump(version), grown, {"rows": 4}, "# A stump\n", held_out(version))
    if default:
        (models_dir / "default").write_text(version + "\n")
