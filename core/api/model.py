"""Which model answers and how good it is, and how the service performs."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from core.api import examples
from core.api.answers import JsonAnswer
from core.api.callers import GuardedRoute, center_of, needs
from core.api.documented import answer, errors
from core.services import performance
from core.services.access import Scope
from core.services.model.model_report import model_status

router = APIRouter(route_class=GuardedRoute, responses=errors(401, 403, 429, 503), tags=["model"])


class TrainingOut(BaseModel):
    """The leads that the model learned from; dates are of the first and the last of them."""

    rows: int | None
    converted: int | None
    from_: str | None = Field(alias="from")
    to: str | None


class QualityOut(BaseModel):
    """Measured on leads that the model did not learn from; the low and high of ROC AUC are its 95 % interval."""

    leads: int
    converted: int
    roc_auc: float
    roc_auc_low: float
    roc_auc_high: float
    brier: float
    brier_baseline: float
    lift_at_10: float


class CalibrationBinOut(BaseModel):
    """Held-out leads of similar probability: what was said, what happened, and its 95 % interval."""

    predicted: float
    observed: float
    count: int
    low: float
    high: float


class CalibrationOut(BaseModel):
    """How probabilities were calibrated, and the expected calibration error that remains."""

    method: str | None
    ece: float | None
    bins: list[CalibrationBinOut]


class EscalationOut(BaseModel):
    """Of the stored leads' latest scores, how many are below the threshold; null before the first score."""

    rate_percent: float | None
    leads_scored: int
    below_threshold: int


class SelectiveOut(BaseModel):
    """Of held-out leads, the share at or above the threshold, and how often the model is right there."""

    coverage: float
    accuracy: float | None


class ModelStatusOut(BaseModel):
    """The model that answers; null is not known, or not computed yet."""

    success: bool
    version: str
    trained_at: str | None
    training: TrainingOut
    metrics: QualityOut | None
    calibration: CalibrationOut
    drift: dict[str, Any] | None
    threshold: float
    escalation: EscalationOut
    selective: SelectiveOut | None


class ResponseTimes(BaseModel):
    """Of single score requests, in ms; percentiles are read off a histogram."""

    avg_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    target_met_percent: float | None


class Confidence(BaseModel):
    """Of the scores in the window; high is at or above the threshold in force."""

    avg_confidence: float | None
    high_confidence_percent: float | None


class CachePerformance(BaseModel):
    """Of single score requests, how many were answered from the cache."""

    hit_rate_percent: float | None


class Usage(BaseModel):
    """How many scores stood by themselves, and how many were below the threshold of their time."""

    direct_ml_percent: float | None
    claude_escalation_percent: float | None


class Window(BaseModel):
    """The span that the numbers are of: today in UTC, over all processes on this database."""

    since: str
    until: str
    responses_timed: int


class MetricsOut(BaseModel):
    """The performance of today; null where nothing was counted yet."""

    ml_predictions: int
    claude_escalations: int
    cache_hits: int
    ml_usage_rate_percent: float | None
    claude_escalation_rate_percent: float | None
    ml_avg_time_ms: float | None
    claude_avg_time_ms: float | None
    response_time_stats: ResponseTimes
    confidence_stats: Confidence
    cache_performance: CachePerformance
    ml_usage: Usage
    target_ms: float
    window: Window


@router.get(
    "/model/status",
    response_model=ModelStatusOut,
    summary="The model that answers",
    responses=answer("Version, training, quality and escalation rate", examples.MODEL_ANSWER),
)
@needs(Scope.READ)
def read_model_status(request: Request) -> Response:
    """Version, what it was trained on, how good it is on leads it did not learn from, and how often it is unsure."""
    return JsonAnswer({"success": True, **model_status(center_of(request))})


@router.get(
    "/metrics",
    response_model=MetricsOut,
    summary="How the service performs today",
    responses=answer("The performance since midnight UTC", examples.METRICS_ANSWER),
)
@needs(Scope.READ)
def read_metrics(request: Request) -> Response:
    """Scores, escalations, cache hits and answer times since midnight UTC, over all processes on this database."""
    return JsonAnswer(performance.summary(center_of(request)))
