"""The leads: browsing them, one with its history, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from core.api import examples
from core.api.answers import JsonAnswer
from core.api.callers import GuardedRoute, center_of, needs
from core.api.documented import answer, errors
from core.api.lead_query import LeadQuery
from core.api.scores import LeadIdPath
from core.leads import Lead, Outcome, Side, Stage
from core.scoring import Tier
from core.services.access import Scope
from core.services.lead import leads
from core.services.scores.wire import OutcomeIn
from core.store import LeadRow, Override, StoredScore

_SHOWN = (
    "lead_id", "name", "email", "phone", "source", "agent", "side", "stage", "created_at", "budget_range",
    "location_preference", "timeline",
)  # fmt: skip

router = APIRouter(route_class=GuardedRoute, responses=errors(401, 403, 422, 429, 503), tags=["leads"])


class LeadRowOut(BaseModel):
    """One line of the list; what concerns the score is null for a lead that was never scored."""

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    source: str | None
    agent: str | None
    stage: Stage
    area: str | None
    created_at: datetime | None
    last_activity_at: datetime | None
    scored_at: datetime | None
    model_version: str | None
    ml_score: float | None
    ml_confidence: float | None
    classification: Tier | None
    override_classification: Tier | None
    escalation_recommended: bool
    estimated_sale_price: float | None
    estimated_commission: float | None


class LeadsOut(BaseModel):
    """One page; ``total`` counts all leads that the filters let through."""

    success: bool
    total: int
    page: int
    page_size: int
    leads: list[LeadRowOut]


class LeadOut(BaseModel):
    """What is known of a lead; null is not told."""

    lead_id: str
    name: str | None
    email: str | None
    phone: str | None
    source: str | None
    agent: str | None
    side: Side
    stage: Stage
    created_at: datetime | None
    budget_range: str | None
    location_preference: str | None
    timeline: str | None


class PastScoreOut(BaseModel):
    """One score in a lead's history."""

    ml_score: float
    ml_confidence: float
    classification: Tier
    escalation_recommended: bool
    estimated_commission: float | None
    model_version: str
    via: str
    scored_at: datetime


class OverrideOut(BaseModel):
    """A person's tier in place of the model's; null for ``expires_at`` lasts until the next."""

    classification: Tier
    reason: str
    actor: str
    made_at: datetime
    expires_at: datetime | None


class StageOut(BaseModel):
    """A stage that a lead reached."""

    stage: Stage
    occurred_at: datetime
    sale_price_usd: float | None
    reason: str | None


class LeadDetailOut(BaseModel):
    """A lead with its last 50 scores, newest first, and what became of it, oldest first."""

    success: bool
    lead: LeadOut
    classification: Tier | None
    override: OverrideOut | None
    interactions: int
    scores: list[PastScoreOut]
    outcomes: list[StageOut]


class OutcomeOut(StageOut):
    """What is recorded; ``recorded`` is false when that was known already."""

    success: bool
    lead_id: str
    recorded: bool


OutcomeBody = Annotated[
    OutcomeIn,
    Body(openapi_examples={"closed": {"summary": "A closing with its price", "value": examples.OUTCOME_REQUEST}}),
]


@router.get(
    "/leads",
    response_model=LeadsOut,
    summary="Browse the leads",
    responses=answer("One page of leads", examples.LEADS_ANSWER),
)
@needs(Scope.READ)
def list_leads(wanted: Annotated[LeadQuery, Query()], request: Request) -> Response:
    """One page of the leads that all filters let through; within one filter any of its values will do."""
    center = center_of(request)
    found = leads.browse(center, wanted.to_filter(center), wanted.sort, wanted.page, wanted.page_size)
    return JsonAnswer(
        {
            "success": True,
            "total": found.total,
            "page": wanted.page,
            "page_size": wanted.page_size,
            "leads": [_line(row) for row in found.rows],
        }
    )


@router.get(
    "/leads/{lead_id}",
    response_model=LeadDetailOut,
    summary="One lead with its history",
    responses=answer("The lead, its scores and outcomes", examples.LEAD_ANSWER) | errors(404),
)
@needs(Scope.READ)
def read_lead(lead_id: LeadIdPath, request: Request) -> Response:
    """What is known of a lead, how it was scored, how many interactions there were, and what became of it."""
    record = leads.lead_record(center_of(request), lead_id)
    return JsonAnswer(
        {
            "success": True,
            "lead": _known(record.lead),
            "classification": record.shown_tier,
            "override": _override(record.override) if record.override else None,
            "interactions": record.interactions,
            "scores": [_past(score) for score in record.scores],
            "outcomes": [_stage(outcome) for outcome in record.outcomes],
        }
    )


@router.post(
    "/outcomes",
    response_model=OutcomeOut,
    summary="Record what became of a lead",
    responses=answer("What is recorded", examples.OUTCOME_ANSWER) | errors(404, 413),
)
@needs(Scope.SCORE)
def record_outcome(body: OutcomeBody, request: Request) -> Response:
    """Record that a lead reached a stage at a moment; it converted with ``contract`` or ``closed``.

    The same stage at the same moment again changes nothing, but that a price or a reason is added to it. Models learn
    from outcomes, and the commission pipeline counts them.
    """
    outcome = body.to_domain()
    recorded = leads.record_outcome(center_of(request), outcome)
    return JsonAnswer({"success": True, "lead_id": body.lead_id, **_stage(outcome), "recorded": recorded})


def _line(row: LeadRow) -> dict[str, Any]:
    same = (
        "lead_id", "name", "email", "phone", "source", "agent", "stage", "area", "created_at", "last_activity_at",
        "scored_at", "model_version", "ml_score", "escalation_recommended",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in same},
        "ml_confidence": row.confidence,
        "classification": row.tier,
        "override_classification": row.override_tier,
        "estimated_sale_price": row.sale_price_usd,
        "estimated_commission": row.commission_usd,
    }


def _known(lead: Lead) -> dict[str, Any]:
    return {name: getattr(lead, name) for name in _SHOWN}


def _past(stored: StoredScore) -> dict[str, Any]:
    return {
        "ml_score": stored.score.ml_score,
        "ml_confidence": stored.score.confidence,
        "classification": stored.score.tier,
        "escalation_recommended": stored.escalation_recommended,
        "estimated_commission": stored.commission_usd,
        "model_version": stored.score.model_version,
        "via": stored.via,
        "scored_at": stored.scored_at,
    }


def _override(override: Override) -> dict[str, Any]:
    same = ("reason", "actor", "made_at", "expires_at")
    return {"classification": override.tier, **{name: getattr(override, name) for name in same}}


def _stage(outcome: Outcome) -> dict[str, Any]:
    return {name: getattr(outcome, name) for name in ("stage", "occurred_at", "sale_price_usd", "reason")}
