"""One shape for every error, with a request id; nothing that a client sent is repeated, and no stack trace goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from core.api.answers import JsonAnswer
from core.errors import (
    Forbidden,
    InputError,
    JorgeError,
    LeadError,
    ModelRefused,
    NotFound,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from core.services.scores.refusal import told

MOST_DETAILS = 20
_CODES = {
    400: "invalid_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    422: "invalid_request",
    429: "too_many_requests",
    503: "unavailable",
}
_STATUS: tuple[tuple[type[JorgeError], int], ...] = (
    (Unauthenticated, 401),
    (Forbidden, 403),
    (TooManyRequests, 429),
    (NotFound, 404),
    (InputError, 422),
    (Unavailable, 503),
    (ModelRefused, 503),
)


class ErrorBody(BaseModel):
    """What went wrong."""

    code: str
    message: str
    details: list[dict[str, Any]]


class ErrorOut(BaseModel):
    """Every error answer."""

    success: bool
    error: ErrorBody
    request_id: str


def failure(
    status: int,
    message: str,
    request_id: str,
    details: Sequence[dict[str, Any]] = (),
    headers: dict[str, str] | None = None,
    code: str | None = None,
) -> JsonAnswer:
    """An error answer."""
    body = {
        "success": False,
        "error": {
            "code": code or _CODES.get(status, "error"),
            "message": message,
            "details": list(details),
        },
        "request_id": request_id,
    }
    return JsonAnswer(body, status_code=status, headers=headers)


def install(api: FastAPI) -> None:
    """Answer every error of ``api`` in the one shape."""
    api.add_exception_handler(JorgeError, _of_ours)
    api.add_exception_handler(RequestValidationError, _of_the_request)
    api.add_exception_handler(HTTPException, _of_the_framework)


async def turn_away(socket: WebSocket, error: JorgeError) -> None:
    """Answer the handshake of a socket as any other request: with the status of ``error`` and its words."""
    await socket.send_denial_response(await _of_ours(socket, error))


async def _of_ours(request: HTTPConnection, error: Exception) -> JsonAnswer:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    details: list[dict[str, Any]] = []
    if isinstance(error, Unavailable):
        details = [{"dependency": error.dependency}]
    elif isinstance(error, ModelRefused):
        details = [{"dependency": "ml_model"}]
    elif isinstance(error, LeadError) and error.field:
        details = [{"field": error.field}]
    return failure(status, str(error), _id_of(request), details, _headers(error, status))


def _headers(error: Exception, status: int) -> dict[str, str] | None:
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(error.retry_after_s)}
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "5"} if status == 503 else None


async def _of_the_request(request: Request, error: Exception) -> JsonAnswer:
    found = cast("RequestValidationError", error).errors()
    details = told(found[:MOST_DETAILS])
    more = f" (the first {MOST_DETAILS} of {len(found)})" if len(found) > MOST_DETAILS else ""
    return failure(422, f"The request cannot be used as it is{more}; see details.", _id_of(request), details)


async def _of_the_framework(request: Request, error: Exception) -> JsonAnswer:
    raised = cast("HTTPException", error)
    if raised.status_code == 400:  # a body that is no JSON text at all, or nested without end
        return failure(422, "The body is not JSON in UTF-8; correct it.", _id_of(request))
    words = {
        404: "There is nothing at this address; see /api/docs.",
        405: "This address does not take that method; see /api/docs.",
    }
    message = words.get(raised.status_code, str(raised.detail))
    return failure(raised.status_code, message, _id_of(request), headers=dict(raised.headers or {}))


def _id_of(request: HTTPConnection) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))
