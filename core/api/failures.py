"""One shape for every error, with a request id; nothing that a client sent is repeated, and no stack trace goes out."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any, cast
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
from core.services.refusal import told

BODY_BYTES = 1_000_000
MOST_DETAILS = 20
_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")
_CODES = {
    400: "invalid_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
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

_log = logging.getLogger(__name__)


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


async def _of_ours(request: Request, error: Exception) -> JsonAnswer:
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
        413: f"The body is larger than {BODY_BYTES:,} bytes; send less at a time.",
    }
    message = words.get(raised.status_code, str(raised.detail))
    return failure(raised.status_code, message, _id_of(request), headers=dict(raised.headers or {}))


def _id_of(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", ""))


class Rim:
    """Outermost: gives each request an id, refuses bodies that are too large, and lets no exception out.

    A body counts as it arrives, whatever its declared length says.
    """

    def __init__(self, app: ASGIApp, body_bytes: int = BODY_BYTES) -> None:
        self._app, self._body_bytes = app, body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _given_id(scope) or uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        exchange = _Exchange(receive, send, request_id, self._body_bytes)
        if exchange.declared_too_large(scope):
            too_large = HTTPException(413)
            await (await _of_the_framework(Request(scope), too_large))(scope, receive, exchange.send)
            return
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:
            _log.error("A request failed with %s at %s", type(error).__name__, _where(error))
            if exchange.started:
                return
            answer = failure(500, "Something failed on our side; try again.", request_id, code="internal")
            await answer(scope, receive, exchange.send)


class _Exchange:
    def __init__(self, receive: Receive, send: Send, request_id: str, body_bytes: int) -> None:
        self._receive, self._send, self._request_id = receive, send, request_id.encode()
        self._body_bytes = body_bytes
        self._received = 0
        self.started = False

    def declared_too_large(self, scope: Scope) -> bool:
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        return length.isdigit() and int(length[:20]) > self._body_bytes

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            if self._received > self._body_bytes:
                raise HTTPException(413)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = [*message.get("headers", ()), (b"x-request-id", self._request_id)]
            message = {**message, "headers": [*headers, (b"cache-control", b"no-store")]}
        await self._send(message)


def _given_id(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else None


def _where(error: BaseException) -> str:
    """File and line of the fault, without the message: that may hold a lead's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
