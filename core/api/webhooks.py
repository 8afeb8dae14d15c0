"""The webhooks of the team's CRM: who sends is known by a signature, not by a token."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from core.api import examples
from core.api.answers import JsonAnswer
from core.api.bodies import bounded
from core.api.callers import center_of
from core.api.documented import answer, errors
from core.services.crm import intake

HEADER: Final = "x-wh-signature"
router = APIRouter(tags=["crm"])
_TEXT: Final = {"type": "string"}
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["type", "webhookId", "timestamp"],
                "properties": {
                    "type": _TEXT | {"minLength": 1, "maxLength": 100},
                    "webhookId": _TEXT | {"minLength": 1, "maxLength": 200},
                    "timestamp": _TEXT | {"format": "date-time", "description": "Within 5 minutes of now"},
                    "locationId": _TEXT,
                },
            },
            "examples": {"contact": {"summary": "A contact was changed", "value": examples.WEBHOOK_REQUEST}},
        }
    },
}
_SIGNATURE: Final = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "schema": _TEXT,
    "description": "Base64 of an RSA signature (SHA-256, PKCS#1 v1.5) over the body as it is sent",
}


class WebhookOut(BaseModel):
    """The event is kept. ``duplicate``: it was before; ``acted_on``: its type means something for a lead."""

    success: bool
    webhook_id: str
    event_type: str
    duplicate: bool
    acted_on: bool


@router.post(
    "/webhooks/gohighlevel",
    response_model=WebhookOut,
    summary="Take an event of GoHighLevel",
    responses=answer("The event is kept", examples.WEBHOOK_ANSWER) | errors(401, 403, 413, 422, 503),
    openapi_extra={"requestBody": _BODY, "parameters": [_SIGNATURE]},
)
async def take_event(request: Request) -> Response:
    """Keep an event; contacts, messages, opportunities and appointments then become leads and are scored.

    Answered when the event is in the record. The same ``webhookId`` again is acknowledged and changes nothing; an
    event of another type is acknowledged and counted.
    """
    body = await bounded(request, intake.MOST_BYTES).body()
    taken = await run_in_threadpool(intake.take, center_of(request), body, request.headers.get(HEADER))
    return JsonAnswer(
        {
            "success": True,
            "webhook_id": taken.webhook_id,
            "event_type": taken.event_type,
            "duplicate": taken.duplicate,
            "acted_on": taken.known_type and not taken.duplicate,
        }
    )
