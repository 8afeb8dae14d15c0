"""Is everything up? The one route without a token."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from core.api import examples
from core.api.answers import JsonAnswer
from core.api.callers import center_of
from core.api.documented import answer
from core.services import health

router = APIRouter(tags=["health"])


class Check(BaseModel):
    """One dependency. ``since`` is told of what is down; ``warm`` of the model, false until it scores at full speed.

    ``getting_ready`` is told, and true, of a model that is down only until its compiled code is made.
    """

    status: str
    response_time_ms: float | None
    since: str | None = None
    warm: bool | None = None
    getting_ready: bool | None = None


class HealthOut(BaseModel):
    """All dependencies by name: ``ml_model``, ``redis``, ``database``, ``claude``."""

    status: Literal["healthy", "degraded", "unhealthy"]
    timestamp: str
    checks: dict[str, Check]


@router.get(
    "/health",
    response_model=HealthOut,
    summary="Is everything up?",
    responses=answer("What is up and what is down", examples.HEALTH_ANSWER),
)
def read_health(request: Request) -> Response:
    """Ask every dependency; always 200, ``status`` tells. Why something is down is for those with a token."""
    found = health.checks(center_of(request))
    for check in found["checks"].values():
        check.pop("detail", None)  # may name a host or a path
    return JsonAnswer(found)
