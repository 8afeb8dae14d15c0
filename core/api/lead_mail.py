"""Leads that portals send by e-mail."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from core.api import examples
from core.api.answers import JsonAnswer
from core.api.callers import GuardedRoute, center_of, needs
from core.api.documented import answer, errors
from core.scoring import Tier
from core.services.access import Rate, Scope
from core.services.lead import lead_mail
from core.transfer.lead_mail import METADATA

router = APIRouter(route_class=GuardedRoute, responses=errors(401, 403, 422, 429, 503), tags=["crm"])
_TEXT: Final = {"type": ["string", "number", "null"]}
_PARTS: Final = ("message_id", "from", "subject", "date", "text", "html")
_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": dict.fromkeys((*_PARTS, *METADATA), _TEXT),
            },
            "examples": {
                "mail": {"summary": "A mail of a portal", "value": examples.MAIL_REQUEST},
                "metadata": {"summary": "Fields of Lead Metadata 1.0", "value": examples.METADATA_REQUEST},
            },
        }
    },
}


class MailOut(BaseModel):
    """The lead of a mail, which fields were read, and its score. ``duplicate``: the mail had come before."""

    success: bool
    lead_id: str
    duplicate: bool
    read_from: str
    fields: list[str]
    ml_score: float
    classification: Tier


@router.post(
    "/leads/email",
    response_model=MailOut,
    summary="Take a lead by e-mail",
    responses=answer("The lead is stored and scored", examples.MAIL_ANSWER) | errors(404, 413),
    openapi_extra={"requestBody": _BODY},
)
@needs(Scope.SCORE, rate=Rate.SCORE)
async def take_mail(request: Request) -> Response:
    """Store and score the lead that a portal's mail tells of: Lead Metadata 1.0, else lines such as "Name: Ana Lima".

    Send the raw mail as `message/rfc822`, its parts as `multipart/*`, JSON or a form, or the fields of Lead Metadata
    alone. The same `Message-ID` again changes nothing. A mail without a lead is refused with what is missing.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "message/rfc822")
    taken = await run_in_threadpool(lead_mail.take, center_of(request), body, kind)
    return JsonAnswer(
        {
            "success": True,
            "lead_id": taken.lead_id,
            "duplicate": taken.duplicate,
            "read_from": taken.read_from,
            "fields": list(taken.fields),
            "ml_score": taken.score.score.ml_score,
            "classification": taken.score.score.tier,
        }
    )
