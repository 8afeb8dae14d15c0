"""What a client gets: the shapes of the contract, and JSON whose money has two decimals."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from pydantic import BaseModel
from starlette.responses import Response

from core.features.catalog import NAMES
from core.scoring import Score
from core.scoring.contributions_json import contributions_json
from core.scoring.explain import largest_first
from core.store import StoredScore
from core.store.events import wire_time

MOST_IMPORTANT = 8
_CENT = Decimal("0.01")


class JsonAnswer(Response):
    """JSON by orjson; Decimals become numbers with two decimals."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return orjson.dumps(content, default=_plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_UTC_Z)


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value.quantize(_CENT, ROUND_HALF_UP)))
    raise TypeError(f"{type(value).__name__} has no place in an answer")


class Ranges(BaseModel):
    """Calibrated probabilities in [0, 1]; null where the model was never trained on it."""

    conversion: float
    closing: float | None
    timeline_accuracy: float | None


class ContributionOut(BaseModel):
    """What one feature adds to the raw probability."""

    feature: str
    value: float | None
    contribution: float
    text: str


class Explanation(BaseModel):
    """``base_value`` and the contributions sum to ``raw_probability``."""

    base_value: float
    raw_probability: float
    contributions: list[ContributionOut]


class CommissionOut(BaseModel):
    """In US dollars; null where no price is known."""

    estimated_sale_price: float | None
    commission_rate: float
    estimated_commission: float | None
    jorge_tracking_id: str


class ScoreOut(BaseModel):
    """The score of one lead. Here for the documentation; answers are built by ``score_answer``."""

    success: bool
    lead_id: str
    ml_score: float
    ml_confidence: float
    classification: str
    probability_ranges: Ranges
    feature_importance: dict[str, float] | None
    explanation: Explanation
    jorge_commission: CommissionOut | None
    escalation_recommended: bool
    cache_hit: bool
    model_version: str
    features_known: int
    scored_at: datetime
    processing_time_ms: float


class BatchErrorOut(BaseModel):
    """Why one lead of a batch was not scored; ``lead_id`` is null where none could be read."""

    index: int
    lead_id: str | None
    error: str


class BatchOut(BaseModel):
    """What became of a batch; ``results`` are in the order in which the leads were sent."""

    success: bool
    batch_id: str
    total: int
    succeeded: int
    failed: int
    results: list[ScoreOut]
    errors: list[BatchErrorOut]
    processing_time_ms: float


def score_answer(
    lead_id: str,
    score: Score,
    money: tuple[Decimal | None, Decimal, Decimal | None],
    scored_at: datetime,
    *,
    escalate: bool,
    cache_hit: bool,
    processing_time_ms: float,
    with_importance: bool = True,
    with_commission: bool = True,
    contributions: bytes | None = None,
) -> dict[str, Any]:
    """The answer to a score request; ``money`` is sale price, rate and commission.

    ``contributions`` is ``contributions_json`` where that was written already.
    """
    order = largest_first(score.contributions)
    told = contributions or contributions_json(score.features, score.contributions, order, score.own_columns)
    return {
        "success": True,
        "lead_id": lead_id,
        "ml_score": score.ml_score,
        "ml_confidence": score.confidence,
        "classification": score.tier.value,
        "probability_ranges": {
            "conversion": score.probability,
            "closing": score.closing_probability,
            "timeline_accuracy": score.timeline_probability,
        },
        "feature_importance": importance(score.contributions, order[:MOST_IMPORTANT]) if with_importance else None,
        "explanation": {
            "base_value": score.base_value,
            "raw_probability": score.raw_probability,
            "contributions": orjson.Fragment(told),
        },
        "jorge_commission": _commission(lead_id, scored_at, money) if with_commission else None,
        "escalation_recommended": escalate,
        "cache_hit": cache_hit,
        "model_version": score.model_version,
        "features_known": score.features_known,
        "scored_at": wire_time(scored_at),
        "processing_time_ms": round(processing_time_ms, 3),
    }


def stored_answer(stored: StoredScore, processing_time_ms: float) -> dict[str, Any]:
    """The same shape from a stored score."""
    return score_answer(
        stored.lead_id,
        stored.score,
        (stored.sale_price_usd, stored.rate, stored.commission_usd),
        stored.scored_at,
        escalate=stored.escalation_recommended,
        cache_hit=False,
        processing_time_ms=processing_time_ms,
    )


def importance(contributions: NDArray[np.float64], order: NDArray[np.intp]) -> dict[str, float]:
    """The shares of the absolute contributions at these places; over all features they sum to 1 (or are all 0)."""
    absolute = np.abs(contributions)
    total = float(absolute.sum())
    if total == 0:
        return {}
    sizes = zip(order.tolist(), absolute[order].tolist(), strict=True)
    return {NAMES[place]: size / total for place, size in sizes if size > 0}


def _commission(
    lead_id: str, scored_at: datetime, money: tuple[Decimal | None, Decimal, Decimal | None]
) -> dict[str, Any]:
    price, rate, commission = money
    tracking = blake2b(f"{lead_id} {scored_at.isoformat()}".encode(), digest_size=8).hexdigest()
    return {
        "estimated_sale_price": price,
        "commission_rate": float(rate),
        "estimated_commission": commission,
        "jorge_tracking_id": f"jorge_{tracking}",
    }
