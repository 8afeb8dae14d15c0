"""Fit a forest, calibrate it on leads that its trees did not see, and measure it on leads that came later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold

from core.features.catalog import CATALOG, INDEX, UNKNOWN
from core.scoring.calibration import Calibration, Head, IsotonicCalibration, PlattCalibration, logit
from core.scoring.information import unknown_by_family
from core.scoring.model import ScoringModel
from core.scoring.selective import Holdout
from core.scoring.tiers import HOT_SHARE, WARM_SHARE, TierEdges
from core.training.dataset import TrainingSet
from core.training.export import forest_of
from core.training.threads import one_thread

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
_LIGHTLY = 100.0  # families are often unknown together: without a penalty their weights would run apart
LEAST_OUTCOMES = 30  # of either kind: below it nothing can be said
_URGENCY: Final = INDEX["timeline_urgency"]


@dataclass(frozen=True, slots=True)
class ForestPlan:
    """How a forest is grown. The defaults are the sizes whose explanation costs little and loses no quality."""

    trees: int = 100
    depth: int = 8
    leads_per_leaf: int = 20
    use_protected: bool = False
    seed: int = 20261001

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The features that the forest may use, in the catalog's order."""
        return tuple(item.name for item in CATALOG if self.use_protected or not item.protected)

    @property
    def columns(self) -> list[int]:
        """Their positions in the catalog."""
        return [INDEX[name] for name in self.feature_names]


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The estimator for retraining and as oracle, its out-of-bag probabilities, and how it was calibrated."""

    estimator: Any
    out_of_bag: NDArray[np.float64]
    calibration: Calibration
    calibration_losses: dict[str, float]
    tier_edges: TierEdges
    closing: Head | None
    timeline: Head | None


def fit(leads: TrainingSet, plan: ForestPlan) -> Fitted:
    """Fit forest, calibration and heads on ``leads``. Raises ValueError under 30 leads of either outcome."""
    converted = int(leads.converted.sum())
    fewest = min(converted, len(leads) - converted)
    if fewest < LEAST_OUTCOMES:
        raise ValueError(
            f"{converted} of {len(leads)} leads converted; at least {LEAST_OUTCOMES} converted and "
            f"{LEAST_OUTCOMES} lost ones are needed"
        )
    estimator = grow(leads, plan)
    raw = np.clip(estimator.oob_decision_function_[:, 1], 0.0, 1.0)
    unknown = unknown_by_family(leads.features)
    calibration, compared = calibrate(raw, unknown, leads.converted, plan.seed)
    return Fitted(
        estimator=estimator,
        out_of_bag=raw,
        calibration=calibration,
        calibration_losses=compared,
        tier_edges=edges_of(calibration(raw, unknown)[_of_whom_more_is_known(unknown)]),
        closing=_closing_head(raw, leads),
        timeline=_timeline_head(raw, leads),
    )


def grow(leads: TrainingSet, plan: ForestPlan) -> Any:
    """The forest alone, with out-of-bag probabilities."""
    estimator = RandomForestClassifier(
        n_estimators=plan.trees,
        max_depth=plan.depth,
        min_samples_leaf=plan.leads_per_leaf,
        oob_score=True,
        random_state=plan.seed,
        n_jobs=-1,
    )
    return estimator.fit(leads.features[:, plan.columns], leads.converted)


def platt_by_information(raw: Array, unknown: Array, happened: Flags) -> PlattCalibration:
    """Fit a sigmoid on the logit whose slope and intercept depend on what is unknown, lightly held back.

    The slope is never below 0, however little is known: what is told to raise the chance must not lower it.
    """
    blank, share = (unknown == 1).all(axis=1), unknown.mean(axis=1)
    rest = np.column_stack([blank, unknown])
    inputs = np.column_stack([logit(raw), logit(raw) * share, rest])
    model = LogisticRegression(C=_LIGHTLY, max_iter=2000).fit(inputs, happened)
    slope, unknown_slope, blank_intercept, *intercepts = (float(weight) for weight in model.coef_[0])
    if min(slope, slope + unknown_slope) < 0:
        return _nowhere_falling(np.column_stack([logit(raw) * (1 - share), logit(raw) * share]), rest, happened)
    return PlattCalibration(slope, float(model.intercept_[0]), unknown_slope, tuple(intercepts), blank_intercept)


def _nowhere_falling(ends: Array, rest: Array, happened: Flags) -> PlattCalibration:
    """The same by the slopes where all and where nothing is known; one that would fall is 0, the rest fitted anew."""
    kept = [0, 1]
    while True:
        inputs = np.column_stack([ends[:, kept], rest])
        model = LogisticRegression(C=_LIGHTLY, max_iter=2000).fit(inputs, happened)
        weights = [float(weight) for weight in model.coef_[0]]
        rising = [end for end, weight in zip(kept, weights, strict=False) if weight >= 0]
        if rising == kept:
            break
        kept = rising
    slopes, (blank_intercept, *intercepts) = dict(zip(kept, weights, strict=False)), weights[len(kept) :]
    told, untold = slopes.get(0, 0.0), slopes.get(1, 0.0)
    return PlattCalibration(told, float(model.intercept_[0]), untold - told, tuple(intercepts), blank_intercept)


def isotonic(raw: Array, _unknown: Array, happened: Flags) -> IsotonicCalibration:
    """Fit a monotone curve, the same for all leads."""
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(raw, happened)
    return IsotonicCalibration(np.asarray(model.X_thresholds_), np.asarray(model.y_thresholds_))


Fitter = Callable[[Array, Array, Flags], Calibration]
FITTERS: Final[dict[str, Fitter]] = {"platt": platt_by_information, "isotonic": isotonic}


@one_thread()
def calibrate(raw: Array, unknown: Array, happened: Flags, seed: int) -> tuple[Calibration, dict[str, float]]:
    """Choose the form with the lower five-fold log loss on out-of-bag probabilities; both losses are returned.

    Log loss and not Brier score, because a curve that says 0 or 1 from few leads must pay for it.
    """
    folds = list(KFold(5, shuffle=True, random_state=seed).split(raw))
    losses = {}
    for name, fitter in FITTERS.items():
        held_out = np.empty_like(raw)
        for learn, judge in folds:
            fitted = fitter(raw[learn], unknown[learn], happened[learn])
            held_out[judge] = fitted(raw[judge], unknown[judge])
        losses[name] = log_loss(happened, np.clip(held_out, 1e-6, 1 - 1e-6))
    best = min(losses, key=lambda name: losses[name])
    return FITTERS[best](raw, unknown, happened), losses


def _of_whom_more_is_known(unknown: Array) -> Flags:
    share = unknown.mean(axis=1)
    return np.asarray(share <= np.median(share))


def edges_of(probability: NDArray[np.float64]) -> TierEdges:
    """Edges that make the top tenth hot and the next quarter warm, of the half of the leads of whom more is known."""
    hot, warm = np.quantile(probability, [1 - HOT_SHARE, 1 - HOT_SHARE - WARM_SHARE])
    return TierEdges(hot=round(float(hot), 4), warm=round(float(warm), 4))


def _closing_head(raw: Array, leads: TrainingSet) -> Head | None:
    """That the sale closes, learned from the contracts that are over: an open one tells nothing of it."""
    told = leads.converted & np.isfinite(leads.closed)
    return _head(raw[told, None], leads.closed[told] == 1)


def _timeline_head(raw: Array, leads: TrainingSet) -> Head | None:
    """That it closes within the time that the lead named, learned from the closings of leads that named one."""
    urgency = leads.features[:, _URGENCY]
    told = (leads.closed == 1) & (urgency != UNKNOWN) & np.isfinite(leads.closed_in_time)
    return _head(np.column_stack([raw[told], urgency[told]]), leads.closed_in_time[told] == 1, _URGENCY)


def _head(inputs: Array, happened: Flags, feature: int | None = None) -> Head | None:
    """A logistic function of the logit of column 0 and, for a ``feature``, of column 1; None with too few outcomes."""
    if min(happened.sum(), (~happened).sum()) < LEAST_OUTCOMES:
        return None
    inputs = inputs.copy()
    inputs[:, 0] = logit(inputs[:, 0])
    model = LogisticRegression(C=np.inf).fit(inputs, happened)
    slope, *rest = (float(weight) for weight in model.coef_[0])
    return Head(slope, float(model.intercept_[0]), feature, rest[0] if rest else 0.0)


def model_of(fitted: Fitted, plan: ForestPlan, version: str, holdout: TrainingSet) -> ScoringModel:
    """The fitted forest as it is served, with the later leads that it is judged by."""
    bare = ScoringModel(
        version=version,
        feature_names=plan.feature_names,
        forest=forest_of(fitted.estimator),
        calibration=fitted.calibration,
        tier_edges=fitted.tier_edges,
        holdout=Holdout(np.empty(0), np.empty(0, dtype=bool)),
        closing=fitted.closing,
        timeline=fitted.timeline,
    )
    probability = bare.score_many(holdout.features, explain=False).probability
    return ScoringModel(
        version=version,
        feature_names=bare.feature_names,
        forest=bare.forest,
        calibration=bare.calibration,
        tier_edges=bare.tier_edges,
        holdout=Holdout(probability, holdout.converted),
        closing=bare.closing,
        timeline=bare.timeline,
    )
