"""What the OpenAPI document says beside the routes: families of routes, and the shapes of errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from core.api.callers import CREDENTIALS
from core.api.failures import ErrorOut

DESCRIPTION: Final = """\
Scores real-estate leads: a calibrated probability, what speaks for and against it, and the commission to expect.

Every call but `/health` and the webhooks, which are signed, takes `Authorization: Bearer <token>` (`jorge token` prints
one) or `X-API-Key: <key>` (`jorge keys` makes one). Scores as they are made, and how far a batch is, come over the
WebSocket `/api/v1/ml/ws/live-scores`. Every error has one shape; times are ISO 8601 in UTC, money is in US dollars.
"""
TAGS: Final[list[dict[str, Any]]] = [
    {"name": "scores", "description": "Score one lead or a hundred, and read the last score of a lead."},
    {"name": "leads", "description": "Browse the leads, read one with its history, and record what became of it."},
    {"name": "model", "description": "Which model answers, how good it is, and how the service performs."},
    {"name": "crm", "description": "What the team's CRM and portals send by themselves."},
    {"name": "health", "description": "Whether everything is up; needs no token."},
]

_SAID: Final[dict[int, tuple[str, str, list[dict[str, str]]]]] = {
    401: (
        "unauthenticated",
        "send Authorization: Bearer <token> or X-API-Key: <key>; jorge token and jorge keys make them",
        [],
    ),
    403: ("forbidden", "this needs the scope score; yours: read", []),
    404: ("not_found", "there is no lead 'lead_404'; look it up in the list of leads", []),
    413: ("too_large", "The body is larger than 1,000,000 bytes; send less at a time.", []),
    422: (
        "invalid_request",
        "The request cannot be used as it is; see details.",
        [{"field": "lead_data.budget", "problem": "Extra inputs are not permitted"}],
    ),
    429: ("too_many_requests", "calls of this kind are limited to 100 a minute; wait 12 s", []),
    503: ("unavailable", "the database does not answer; try again soon", [{"dependency": "database"}]),
}
_MEANING: Final = {
    401: "No valid token or key came with the request",
    403: "The token or key is valid, but its scope is not enough",
    404: "There is no such lead, or no score of it",
    413: "The body is too large",
    422: "The request cannot be used as it is; `details` name each field",
    429: "Too many requests; `Retry-After` says in how many seconds to come back",
    503: "A dependency is down; `details` name it",
}
_RETRY_AFTER: Final = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}}}


class DocumentedApi(FastAPI):
    """FastAPI, whose document keeps the nulls in the examples of answers; they say what may be missing."""

    def include_router(self, router: APIRouter, *, prefix: str = "", **rest: Any) -> None:
        """Serve the routes of ``router`` below ``prefix``."""
        super().include_router(router, prefix=prefix, **rest)
        routes = [route for route in router.routes if isinstance(route, APIRoute) and route.include_in_schema]
        self._told = [*getattr(self, "_told", ()), *((prefix + route.path_format, route) for route in routes)]

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["securitySchemes"] = {name: dict(told) for name, told in CREDENTIALS.items()}
            for path, route in self._told:
                for method in route.methods or ():
                    _keep_nulls(document["paths"][path][method.lower()]["responses"], route.responses)
        return super().openapi()


def _keep_nulls(document: dict[str, Any], told: Mapping[int | str, Mapping[str, Any]]) -> None:
    for status, answer in told.items():
        document[str(status)]["content"]["application/json"]["example"] = answer["content"]["application/json"][
            "example"
        ]


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, each with an example in the one shape."""
    return {status: _error(status) for status in statuses}


def answer(description: str, example: Any) -> dict[int | str, dict[str, Any]]:
    """The good answer of a route with an example."""
    return {200: {"description": description, "content": {"application/json": {"example": example}}}}


def _error(status: int) -> dict[str, Any]:
    code, message, details = _SAID[status]
    body = {
        "success": False,
        "error": {"code": code, "message": message, "details": details},
        "request_id": "7f9c2ba4e88f4a1c9d3e5b6a70812345",
    }
    described = {
        "model": ErrorOut,
        "description": _MEANING[status],
        "content": {"application/json": {"example": body}},
    }
    return described | ({"headers": _RETRY_AFTER} if status in (429, 503) else {})
