"""Answers about the service itself: its model, its performance, its health."""

from __future__ import annotations

from typing import Any, TypedDict

Training = TypedDict(
    "Training", {"rows": int | None, "converted": int | None, "from": str | None, "to": str | None}
)  # "from" is a word of Python's


class Quality(TypedDict):
    """Measured on leads that the model did not learn from."""

    leads: int
    converted: int
    roc_auc: float
    roc_auc_low: float
    roc_auc_high: float
    brier: float
    brier_baseline: float
    lift_at_10: float


class CalibrationBin(TypedDict):
    """Held-out leads of similar probability."""

    predicted: float
    observed: float
    count: int
    low: float
    high: float


class Calibration(TypedDict):
    """How probabilities were calibrated, and the error that remains."""

    method: str | None
    ece: float | None
    bins: list[CalibrationBin]


class Escalation(TypedDict):
    """How many stored leads' latest scores are below the threshold."""

    rate_percent: float | None
    leads_scored: int
    below_threshold: int


class Selective(TypedDict):
    """The share of held-out leads at or above the threshold, and how often the model is right there."""

    coverage: float
    accuracy: float | None


class ModelAnswer(TypedDict):
    """The model that answers."""

    success: bool
    version: str
    trained_at: str | None
    training: Training
    metrics: Quality | None
    calibration: Calibration
    drift: dict[str, Any] | None
    threshold: float
    escalation: Escalation
    selective: Selective | None


class ResponseTimes(TypedDict):
    """Of single score requests, in ms."""

    avg_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    target_met_percent: float | None


class Confidence(TypedDict):
    """Of the scores in the window."""

    avg_confidence: float | None
    high_confidence_percent: float | None


class CachePerformance(TypedDict):
    """How many single score requests were answered from the cache."""

    hit_rate_percent: float | None


class Usage(TypedDict):
    """How many scores stood by themselves, and how many did not."""

    direct_ml_percent: float | None
    claude_escalation_percent: float | None


class Window(TypedDict):
    """The span that the numbers are of."""

    since: str
    until: str
    responses_timed: int


class MetricsAnswer(TypedDict):
    """The performance of today; None where nothing was counted yet."""

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


class Check(TypedDict):
    """One dependency."""

    status: str
    response_time_ms: float | None


class HealthAnswer(TypedDict):
    """All dependencies by name."""

    status: str
    timestamp: str
    checks: dict[str, Check]
