"""Scoring one lead, and its last score."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from core.api.answers import JsonAnswer, ScoreOut, score_answer, stored_answer
from core.api.callers import GuardedRoute, center_of
from core.api.failures import ERRORS
from core.errors import NotFound
from core.leads import LeadHistory
from core.services import scoring
from core.services.center import CommandCenter
from core.services.wire import ScoreIn

router = APIRouter(route_class=GuardedRoute, responses=ERRORS, tags=["scores"])
LeadIdPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,100}$", max_length=100)]


@router.post("/score", response_model=ScoreOut)
def score(body: ScoreIn, request: Request) -> Response:
    """Score a lead from what is sent and store it; a lead that is known already needs only its ``lead_id``."""
    center = center_of(request)
    answered = scoring.answer(center, _history(center, body), via="api", force_refresh=body.options.force_refresh)
    scored = answered.scored
    return JsonAnswer(
        score_answer(
            body.lead_id,
            scored.score,
            (scored.commission.sale_price_usd, scored.commission.rate, scored.commission.commission_usd),
            scored.scored_at,
            escalate=scored.escalation_recommended,
            cache_hit=answered.cache_hit,
            processing_time_ms=answered.processing_time_ms,
            with_importance=body.options.return_feature_importance,
            with_commission=body.options.calculate_jorge_commission,
        )
    )


@router.get("/score/{lead_id}", response_model=ScoreOut)
def last_score(lead_id: LeadIdPath, request: Request) -> Response:
    """The last score of a lead as it was stored."""
    started = perf_counter()
    stored = center_of(request).store.latest_score(lead_id)
    return JsonAnswer(stored_answer(stored, 1000 * (perf_counter() - started)))


def _history(center: CommandCenter, body: ScoreIn) -> LeadHistory:
    if body.lead_data is None:
        try:
            return center.store.history(body.lead_id)
        except NotFound:
            pass
    return body.to_history()
