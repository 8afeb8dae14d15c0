"""Scoring one lead or a batch of them, and a lead's last score."""

from __future__ import annotations

from functools import partial
from time import perf_counter
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Request
from starlette.responses import Response

from core.api import examples
from core.api.answers import BatchOut, JsonAnswer, ScoreOut, score_answer, stored_answer
from core.api.bodies import BATCH_BYTES
from core.api.callers import GuardedRoute, center_of, needs, service_of
from core.api.documented import answer, errors
from core.leads.text import LEAD_ID
from core.scoring.scored import ScoredLead
from core.services.access import Rate, Scope, own_lead
from core.services.scores import batch_request
from core.services.scores.batch_request import BatchAnswer
from core.services.scores.scoring import Asked
from core.services.scores.wire import BatchIn, ScoreIn
from core.together import of_thread

router = APIRouter(route_class=GuardedRoute, responses=errors(401, 403, 422, 429, 503), tags=["scores"])
LeadIdPath = Annotated[
    str,
    Path(pattern=LEAD_ID.pattern, max_length=100, description="1 to 100 letters, digits, _ or -"),
]
ScoreBody = Annotated[
    ScoreIn,
    Body(
        openapi_examples={
            "told": {"summary": "A lead with what is known of it", "value": examples.SCORE_REQUEST},
            "known": {"summary": "A lead that is stored already", "value": {"lead_id": examples.LEAD_ID}},
        }
    ),
]
BatchBody = Annotated[
    BatchIn,
    Body(openapi_examples={"three": {"summary": "Three leads, one unusable", "value": examples.BATCH_REQUEST}}),
]


@router.post(
    "/score",
    response_model=ScoreOut,
    summary="Score a lead",
    responses=answer("The score, why it is so, and the commission to expect", examples.SCORE_ANSWER) | errors(404, 413),
)
@needs(Scope.SCORE, rate=Rate.SCORE)
async def score(body: ScoreBody, request: Request) -> Response:
    """Score a lead from what is sent and store it; a lead that is known already needs only its ``lead_id``."""
    pending = await of_thread(service_of(request).score_soon(partial(_asked, request, body)))
    told = _answer(
        body,
        pending.scored,
        cache_hit=pending.cache_hit,
        processing_time_ms=0.0,
        with_importance=body.options.return_feature_importance,
        with_commission=body.options.calculate_jorge_commission,
    )
    answered = await pending.awaited()
    service_of(request).performance.answered(answered.processing_time_ms, cache_hit=answered.cache_hit)
    return JsonAnswer(told | {"processing_time_ms": round(answered.processing_time_ms, 3)})


def _asked(request: Request, body: ScoreIn) -> Asked:
    """May ask the record who the caller is, and what is known of the lead."""
    center = center_of(request)
    fresh = body.options.force_refresh
    return Asked(
        center,
        *batch_request.history_of(center, body),
        force_refresh=fresh,
        ask_claude=fresh and center.settings.anthropic_api_key is not None,
    )


@router.post(
    "/batch-score",
    response_model=BatchOut,
    summary="Score 1 to 100 leads",
    responses=answer("What was scored, and which leads could not be", examples.BATCH_ANSWER) | errors(413),
)
@needs(Scope.SCORE, rate=Rate.BATCH, body_bytes=BATCH_BYTES)
def batch_score(body: BatchBody, request: Request) -> Response:
    """Score a batch and store it in one commit; ``errors`` tell of leads that cannot be used, the others are scored.

    A lead that is sent twice is scored twice, as it was sent each time, and the later score is then its last. Scores
    of a batch are always fresh. The live feed tells ``batch_processing`` when the batch begins and when it is done.
    """
    found = batch_request.score_requests(center_of(request), body.leads, parallel=body.options.parallel_processing)
    return JsonAnswer(_batch_answer(body, found))


@router.get(
    "/score/{lead_id}",
    response_model=ScoreOut,
    summary="The last score of a lead",
    responses=answer("The last score as it was stored", examples.SCORE_ANSWER) | errors(404),
)
@needs(Scope.READ, Scope.SCORE)
def last_score(lead_id: LeadIdPath, request: Request) -> Response:
    """The last score of a lead as it was stored."""
    started = perf_counter()
    center = center_of(request)
    own_lead(center, lead_id, f"there is no score of lead {lead_id!r}; score it first")
    stored = center.store.latest_score(lead_id)
    return JsonAnswer(stored_answer(stored, 1000 * (perf_counter() - started)))


def _batch_answer(body: BatchIn, found: BatchAnswer) -> dict[str, Any]:
    """A lead's time in a batch is its even share of the whole."""
    each_ms = found.processing_time_ms / len(body.leads)
    results = []
    for (asked, scored), contributions in zip(found.scored, found.contributions, strict=True):
        options = asked.options if "options" in asked.model_fields_set else body.options
        results.append(
            _answer(
                asked,
                scored,
                cache_hit=False,
                processing_time_ms=each_ms,
                with_importance=options.return_feature_importance,
                with_commission=options.calculate_jorge_commission,
                contributions=contributions,
            )
        )
    return {
        "success": True,
        "batch_id": found.batch_id,
        "total": len(body.leads),
        "succeeded": len(results),
        "failed": len(found.refused),
        "results": results,
        "errors": [{"index": bad.index, "lead_id": bad.lead_id, "error": bad.error} for bad in found.refused],
        "processing_time_ms": round(found.processing_time_ms, 3),
    }


def _answer(asked: ScoreIn, scored: ScoredLead, **rest: Any) -> dict[str, Any]:
    money = (scored.commission.sale_price_usd, scored.commission.rate, scored.commission.commission_usd)
    return score_answer(
        asked.lead_id, scored.score, money, scored.scored_at, escalate=scored.escalation_recommended, **rest
    )
