"""Answers about leads, as they come: dictionaries whose keys and types are known. Times are ISO 8601 in UTC."""

from __future__ import annotations

from typing import TypedDict


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


class MailAnswer(TypedDict):
    """The lead that a mail told of, with its score; ``duplicate`` when the mail had come before."""

    success: bool
    lead_id: str
    duplicate: bool
    read_from: str
    fields: list[str]
    ml_score: float
    classification: str
