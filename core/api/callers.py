"""Who calls: checked before the body is read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.responses import Response

from core.errors import Unauthenticated
from core.services import access
from core.services.access import Caller
from core.services.center import CommandCenter

CenterProvider = Callable[[], CommandCenter]


def center_of(request: Request) -> CommandCenter:
    """The center behind the API."""
    provider: CenterProvider = request.app.state.center
    return provider()


def caller_of(request: Request) -> Caller:
    """Who was found to call; for routes of ``GuardedRoute``."""
    caller: Caller = request.state.caller
    return caller


def token_in(headers: Headers) -> str | None:
    """The token of ``Authorization: Bearer`` or, the same token for clients that cannot set that, ``X-API-Key``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key", "").strip() or None


def require_caller(center: CommandCenter, headers: Headers, *audiences: str) -> Caller:
    """Whom the headers name. Raises Unauthenticated."""
    token = token_in(headers)
    if token is None:
        raise Unauthenticated("send a token: Authorization: Bearer <token>; make one with: jorge token")
    return access.check_token(center, token, *audiences)


class GuardedRoute(APIRoute):
    """A route that asks for a token first: who has none learns nothing about the body, and costs no parsing."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the check in front of it."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request.state.caller = require_caller(center_of(request), request.headers)
            return await handle(request)

        return guarded
