"""scikit-learn and shap as the judges of our own kernel, asked before a model may be promoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelRefused
from core.features.catalog import NAMES, UNKNOWN
from core.scoring.forest import LEAF
from core.scoring.held import held_within
from core.scoring.model import ScoringModel
from core.training.export import is_boosted

LEADS = 200
MOST_CONTRIBUTION_DIFFERENCE = 1e-10
MOST_SUM_DIFFERENCE = 1e-12  # boosted trees are added up in another order than scikit-learn does
MOST_ADDITIVITY_DIFFERENCE = 1e-12


@dataclass(frozen=True, slots=True)
class Agreement:
    """Largest differences found; the prediction's is exactly 0 when every bit agrees, as a forest's has to."""

    leads: int
    prediction: float
    contribution: float
    additivity: float
    boosted: bool = False


class Oracle:
    """What scikit-learn and shap say in the place of our kernels; ``estimator`` is a forest or boosted by squares."""

    def __init__(self, estimator: Any) -> None:
        import shap

        self.boosted = is_boosted(estimator)
        if not self.boosted:
            estimator.set_params(n_jobs=1)  # the fastest for few leads, and the order in which a forest adds up
        self._estimator = estimator
        self._explainer = shap.TreeExplainer(estimator, feature_perturbation="tree_path_dependent")
        self.base_value = float(np.ravel(self._explainer.expected_value)[0 if self.boosted else 1])

    def predict(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The mean or sum of the trees for each of the rows (n, columns); boosted ones may pass 0 and 1 a little."""
        if self.boosted:
            return np.asarray(self._estimator.predict(rows))
        return np.asarray(self._estimator.predict_proba(rows))[:, 1]

    def contributions(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """SHAP values, shape (n, columns)."""
        found = np.asarray(self._explainer.shap_values(rows, check_additivity=False))
        return found if self.boosted else found[..., 1]


def agreement(model: ScoringModel, estimator: Any, features: NDArray[np.float32]) -> Agreement:
    """Compare ``model`` with its scikit-learn ``estimator`` and shap on up to 200 rows of (n, 28) ``features``.

    A model with own columns is given them too, behind the 28.
    """
    rows = features[:LEADS]
    seen = np.ascontiguousarray(rows[:, model.columns])
    scores = model.score_many(rows)
    oracle = Oracle(estimator)
    theirs, shap_values = oracle.predict(seen), oracle.contributions(seen)
    if oracle.boosted:
        theirs, _, shap_values = held_within(theirs, oracle.base_value, shap_values)
    ours = scores.contributions
    return Agreement(
        leads=len(rows),
        prediction=float(np.abs(scores.raw_probability - theirs).max()),
        contribution=float(np.abs(ours[:, model.columns] - shap_values).max()),
        additivity=float(np.abs(scores.base_value + ours.sum(axis=1) - scores.raw_probability).max()),
        boosted=oracle.boosted,
    )


def leads_at_every_edge(model: ScoringModel, count: int = LEADS, seed: int = 0) -> NDArray[np.float32]:
    """``count`` leads (count, 28 and own columns), hard to agree on: on a limit, just above one, zero and unknown."""
    generator = np.random.default_rng(seed)
    leads = np.full((count, len(NAMES) + len(model.own_columns)), UNKNOWN, dtype=np.float32)
    for number, column in enumerate(model.columns):
        limits = model.forest.threshold[(model.forest.feature == number) & (model.forest.feature != LEAF)]
        values = np.concatenate(
            [limits, np.nextafter(limits, np.float32(np.inf)), np.array([0.0, UNKNOWN], dtype=np.float32)]
        )
        leads[:, column] = generator.choice(values, size=count)
    return leads


def refuse_unless_exact(found: Agreement) -> None:
    """Raise ModelRefused when the kernel and its judges differ by more than rounding."""
    exact = (
        found.prediction <= (MOST_SUM_DIFFERENCE if found.boosted else 0.0)
        and found.contribution <= MOST_CONTRIBUTION_DIFFERENCE
        and found.additivity <= MOST_ADDITIVITY_DIFFERENCE
    )
    if not exact:
        raise ModelRefused(
            f"on {found.leads} leads the model differs from scikit-learn by {found.prediction:.1e} and from shap by "
            f"{found.contribution:.1e} (sums by {found.additivity:.1e}); it is not promoted"
        )
