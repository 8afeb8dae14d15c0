"""Whether the model can be trusted, in figures: measured on leads that it did not learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.scoring import Holdout, Tier, TierEdges, wilson
from core.scoring.interval import alike
from core.services.access import Right, for_right
from core.services.model.drift import drift_as_json, lead_drift
from core.services.performance import percent
from core.services.workspace import threshold, what_moves
from core.training.quality import Quality, quality

if TYPE_CHECKING:
    from core.charts import CalibrationBin, TierShare
    from core.scoring.model import ScoringModel
    from core.services.center import CommandCenter
    from core.store import TierOutcomes

BINS = 10
_METRICS = ("leads", "converted", "roc_auc", "roc_auc_low", "roc_auc_high", "brier", "brier_baseline", "lift_at_10")


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What the model's page shows.

    ``quality`` is None when the model came without held-out leads of both outcomes. ``bins`` are of equal size, by
    rising probability; ``tiers`` stand for the edges in force now.
    """

    version: str
    card: Mapping[str, Any]
    quality: Quality | None
    bins: tuple[CalibrationBin, ...]
    tiers: tuple[TierShare, ...]


def model_report(center: CommandCenter, edges: TierEdges | None = None) -> ModelReport:
    """Measure the model that answers; ``edges`` are its own when None. Raises ModelUnavailable or ModelRefused."""
    model = center.model
    return ModelReport(
        version=model.version,
        card=model.card,
        quality=_quality(model),
        bins=calibration_bins(model.holdout),
        tiers=tier_shares(model.holdout, edges or model.tier_edges),
    )


@for_right(Right.MONEY)
def own_tiers(center: CommandCenter) -> list[TierOutcomes]:
    """What became of the team's own leads by tier; tiers without a decided lead left out. Raises StoreUnavailable."""
    return [one for one in center.store.tier_outcomes() if one.converted + one.lost]


def model_status(center: CommandCenter) -> dict[str, Any]:
    """The model that answers, in figures for another program; what is not known or not computed yet is None.

    Metrics and calibration are of held-out leads. The escalation rate is the share of stored leads whose latest score
    lies below the threshold in force. Raises ModelUnavailable, ModelRefused, StoreUnavailable.
    """
    model, at = center.model, threshold(center)
    measured, effect = _quality(model), what_moves(center, at)
    trained, alone = model.card.get("trained_on") or {}, effect.selective
    return {
        "version": model.version,
        "trained_at": model.card.get("trained_at"),
        "training": {
            "rows": trained.get("leads", model.card.get("rows")),
            "converted": trained.get("converted"),
            "from": trained.get("from"),
            "to": trained.get("to"),
        },
        "metrics": None if measured is None else {name: getattr(measured, name) for name in _METRICS},
        "calibration": {
            "method": model.card.get("calibration"),
            "ece": None if measured is None else measured.ece,
            "bins": [asdict(bin_) for bin_ in calibration_bins(model.holdout)],
        },
        "drift": drift_as_json(lead_drift(center)),
        "threshold": at,
        "escalation": {
            "rate_percent": percent(effect.to_claude, effect.total),
            "leads_scored": effect.total,
            "below_threshold": effect.to_claude,
        },
        "selective": None if alone is None else {"coverage": alone.coverage, "accuracy": alone.accuracy},
    }


@lru_cache(maxsize=4)
def _quality(model: ScoringModel) -> Quality | None:
    converted = model.holdout.converted
    if not 0 < int(converted.sum()) < len(converted):
        return None
    return quality(model.holdout.probability, converted)


def calibration_bins(holdout: Holdout, bins: int = BINS) -> tuple[CalibrationBin, ...]:
    """Held-out leads in ``bins`` groups of equal size by probability, with Wilson's interval round what happened.

    >>> one = calibration_bins(Holdout(np.array([0.2, 0.2]), np.array([False, True])), bins=1)[0]
    >>> one.predicted, one.observed, one.count
    (0.2, 0.5, 2)
    """
    order, happened = np.argsort(holdout.probability, kind="stable"), alike(holdout.probability, holdout.converted)
    groups = (group for group in np.array_split(order, bins) if len(group))
    return tuple(_bin(holdout.probability[group], happened[group]) for group in groups)


def _bin(said: NDArray[np.float64], happened: NDArray[np.float64]) -> CalibrationBin:
    from core.charts import CalibrationBin  # with Plotly and pandas, half a second that the server's start has not

    low, high = wilson(float(happened.sum()), len(happened))
    return CalibrationBin(float(said.mean()), float(happened.mean()), len(happened), low, high)


def tier_shares(holdout: Holdout, edges: TierEdges) -> tuple[TierShare, ...]:
    """Of the held-out leads in each tier, how many converted.

    >>> found = tier_shares(Holdout(np.array([0.9, 0.1]), np.array([True, False])), TierEdges(hot=0.5, warm=0.2))
    >>> [(share.tier, share.leads, share.converted) for share in found]
    [('hot', 1, 1), ('warm', 0, 0), ('cold', 1, 0)]
    """
    from core.charts import TierShare

    said = holdout.probability
    inside = {
        Tier.HOT: said >= edges.hot,
        Tier.WARM: (said >= edges.warm) & (said < edges.hot),
        Tier.COLD: said < edges.warm,
    }
    return tuple(
        TierShare(tier.value, int(mask.sum()), int(holdout.converted[mask].sum())) for tier, mask in inside.items()
    )
