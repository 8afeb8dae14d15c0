"""How hard the sample is: contract rate, ROC AUC, coverage and accuracy of a quick forest.

Run by hand from the project's root, not by the tests: ``python tests/measure/sample_difficulty.py [leads] [seed]``.
Features are taken at each lead's scoring moment, from leads old enough to be known; the forest learns from the
first 70 % by arrival and is judged on the rest. ``core.sample.hidden`` holds the constants to turn.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.features import CATALOG, NAMES, UNKNOWN, extract
from core.sample import SampleLead, generate

END = datetime(2026, 6, 1, tzinfo=UTC)


def mature_leads(leads: int, seed: int) -> list[SampleLead]:
    """Leads whose outcome is known whatever it is, in order of arrival."""
    drawn = [sample for sample in generate(leads, seed, END) if sample.mature]
    return sorted(drawn, key=lambda sample: sample.outcomes[0].occurred_at)


def matrix(samples: list[SampleLead]) -> NDArray[np.float32]:
    """Features at the scoring moments, protected ones left out."""
    rows = np.stack([extract(sample.history, sample.snapshot_at).values for sample in samples])
    return np.delete(rows, [at for at, feature in enumerate(CATALOG) if feature.protected], axis=1)


def logit(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The log-odds as a column, shape (n, 1)."""
    bounded = np.clip(probability, 1e-4, 1 - 1e-4)
    return np.log(bounded / (1 - bounded))[:, None]


def tell_selective(probability: NDArray[np.float64], converted: NDArray[np.bool_]) -> None:
    """Print coverage and accuracy where the forest is sure."""
    for threshold in (0.8, 0.85, 0.9):
        sure = np.maximum(probability, 1 - probability) >= threshold
        right = ((probability >= 0.5) == converted)[sure].mean()
        print(f"  confidence >= {threshold}: coverage {sure.mean():.3f}, right {right:.3f}")


def main(leads: int = 20_000, seed: int = 20) -> None:
    """Draw, fit, print."""
    started = time.perf_counter()
    samples = mature_leads(leads, seed)
    drawn = time.perf_counter()
    rows, converted = matrix(samples), np.array([sample.converted for sample in samples])
    print(f"{leads} leads in {drawn - started:.1f} s, features in {time.perf_counter() - drawn:.1f} s")
    print(f"{len(samples)} mature leads, contract rate {converted.mean():.4f}")
    names = [feature.name for feature in CATALOG if not feature.protected]
    known = np.array([extract(s.history, s.snapshot_at).known for s in samples])
    cut = int(0.7 * len(samples))
    forest = RandomForestClassifier(100, max_depth=8, min_samples_leaf=20, random_state=1, n_jobs=2, oob_score=True)
    forest.fit(rows[:cut], converted[:cut])
    platt = LogisticRegression().fit(logit(forest.oob_decision_function_[:, 1]), converted[:cut])
    probability = platt.predict_proba(logit(forest.predict_proba(rows[cut:])[:, 1]))[:, 1]
    print(f"held out: {len(samples) - cut} leads, ROC AUC {roc_auc_score(converted[cut:], probability):.4f}")
    tell_selective(probability, converted[cut:])
    full = known[cut:] >= 20
    print(f"of those, 20 or more features known: {full.mean():.3f}")
    tell_selective(probability[full], converted[cut:][full])
    for at in np.argsort(-forest.feature_importances_):
        column = rows[:, at]
        told = column != UNKNOWN
        alone = roc_auc_score(converted, column)
        print(f"  {names[at]:30} {forest.feature_importances_[at]:.3f} known {told.mean():.2f} alone {alone:.3f}")
    assert len(NAMES) == 28


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
