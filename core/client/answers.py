"""The answers of the API as they come: dictionaries whose keys and types are known. Times are ISO 8601 in UTC."""

from __future__ import annotations

from typing import Any, TypedDict

Training = TypedDict(
    "Training", {"rows": int | None, "converted": int | None, "from": str | None, "to": str | None}
)  # "from" is a word of Python's


class Ranges(TypedDict):
    """Calibrated probabilities; None where the model was never trained on it."""

    conversion: float
    closing: float | None
    timeline_accuracy: float | None


class Contribution(TypedDict):
    """What one feature adds to the raw probability."""

    feature: str
    value: float | None
    contribution: float
    text: str


class Explanation(TypedDict):
    """``base_value`` and the contributions sum to ``raw_probability``."""

    base_value: float
    raw_probability: float
    contributions: list[Contribution]


class Commission(TypedDict):
    """In US dollars; None where no price is known."""

    estimated_sale_price: float | None
    commission_rate: float
    estimated_commission: float | None
    jorge_tracking_id: str


class ScoreAnswer(TypedDict):
    """The score of a lead."""

    success: bool
    lead_id: str
    ml_score: float
    ml_confidence: float
    classification: str
    probability_ranges: Ranges
    feature_importance: dict[str, float] | None
    explanation: Explanation
    jorge_commission: Commission | None
    escalation_recommended: bool
    cache_hit: bool
    model_version: str
    features_known: int
    scored_at: str
    processing_time_ms: float


class BatchError(TypedDict):
    """Why one lead of a batch was not scored."""

    index: int
    lead_id: str | None
    error: str


class BatchAnswer(TypedDict):
    """What became of a batch."""

    success: bool
    batch_id: str
    total: int
    succeeded: int
    failed: int
    results: list[ScoreAnswer]
    errors: list[BatchError]
    processing_time_ms: float


class LeadRow(TypedDict):
    """One line of the list of leads."""

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    source: str | None
    agent: str | None
    stage: str
    area: str | None
    created_at: str | None
    last_activity_at: str | None
    scored_at: str | None
    model_version: str | None
    ml_score: float | None
    ml_confidence: float | None
    classification: str | None
    override_classification: str | None
    escalation_recommended: bool
    estimated_sale_price: float | None
    estimated_commission: float | None


class LeadsAnswer(TypedDict):
    """One page of leads; ``total`` counts all that the filters let through."""

    success: bool
    total: int
    page: int
    page_size: int
    leads: list[LeadRow]


class KnownLead(TypedDict):
    """What is known of a lead; None is not told."""

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    source: str | None
    agent: str | None
    side: str
    stage: str
    created_at: str | None
    budget_range: str | None
    location_preference: str | None
    timeline: str | None


class PastScore(TypedDict):
    """One score in a lead's history."""

    ml_score: float
    ml_confidence: float
    classification: str
    escalation_recommended: bool
    estimated_commission: float | None
    model_version: str
    via: str
    scored_at: str


class Override(TypedDict):
    """A person's tier in place of the model's."""

    classification: str
    reason: str
    actor: str
    made_at: str
    expires_at: str | None


class ReachedStage(TypedDict):
    """A stage that a lead reached."""

    stage: str
    occurred_at: str
    sale_price_usd: float | None
    reason: str | None


class LeadAnswer(TypedDict):
    """A lead with its last scores, newest first, and what became of it, oldest first."""

    success: bool
    lead: KnownLead
    classification: str | None
    override: Override | None
    interactions: int
    scores: list[PastScore]
    outcomes: list[ReachedStage]


class OutcomeAnswer(ReachedStage):
    """What is recorded; ``recorded`` is False when that was known already."""

    success: bool
    lead_id: str
    recorded: bool


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
