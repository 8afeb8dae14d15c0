"""Who calls, and whether they may: checked before the body is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from core.api.bodies import SCORE_BYTES, bounded
from core.api.straight import Handler, straight
from core.services import access
from core.services.access import Caller, Credentials, Rate, Scope
from core.services.center import CommandCenter

# What the document says of the two ways to show who calls, by the names under which routes refer to them.
CREDENTIALS: Final[Mapping[str, Mapping[str, str]]] = {
    "HTTPBearer": {"type": "http", "description": "A token from `jorge token`", "scheme": "bearer"},
    "APIKeyHeader": {
        "type": "apiKey",
        "description": "A key from `jorge keys`",
        "in": "header",
        "name": "X-API-Key",
    },
}
CenterProvider = Callable[[], CommandCenter]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Needs:
    """What a call of a route needs: one of ``scopes``; it counts for ``rate``; its body has at most ``body_bytes``."""

    scopes: tuple[Scope, ...]
    rate: Rate = Rate.READ
    body_bytes: int = SCORE_BYTES


def needs(*scopes: Scope, rate: Rate = Rate.READ, body_bytes: int = SCORE_BYTES) -> Callable[[Endpoint], Endpoint]:
    """Say, right below ``@router.get(...)``, what calls of a route need; see ``Needs``."""

    def declared(endpoint: Endpoint) -> Endpoint:
        vars(endpoint)["needs"] = Needs(scopes, rate, body_bytes)
        return endpoint

    return declared


def service_of(request: Request) -> CommandCenter:
    """The center behind the API, for what the service itself does; asks nobody."""
    provider: CenterProvider = request.app.state.center
    return provider()


def center_of(request: Request) -> CommandCenter:
    """The center behind the API, used by whoever calls once that is known; may ask the record who that is."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return service_of(request) if caller is None else access.acting(service_of(request), caller)


def shown_in(headers: Headers) -> Credentials:
    """The token of ``Authorization: Bearer`` and the key of ``X-API-Key``."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return Credentials(bearer or None, headers.get("x-api-key", "").strip() or None)


class GuardedRoute(APIRoute):
    """A route whose endpoint says what it ``needs``; the document says with what it is called.

    Who may not call learns nothing about the body, and costs no parsing.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **told: Any) -> None:
        told["openapi_extra"] = {**(told.get("openapi_extra") or {}), "security": [{name: []} for name in CREDENTIALS]}
        super().__init__(path, endpoint, **told)

    def get_route_handler(self) -> Handler:
        """The handler with the check in front of it."""
        called = straight(self)
        guarded = self._guarded(called or super().get_route_handler())
        self._straight = guarded if called else None
        return guarded

    async def handle(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Answer one request; errors go to the API's own handlers either way."""
        if self._straight is None or scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
        else:
            answer = await self._straight(Request(scope, receive, send))
            await answer(scope, receive, send)

    def _guarded(self, handle: Handler) -> Handler:
        needed = getattr(self.endpoint, "needs", None)
        if not isinstance(needed, Needs) or not needed.scopes:
            raise TypeError(f"{self.path} does not say which scope its callers need; put @needs(...) below @router...")

        async def guarded(request: Request) -> Response:
            center, shown = service_of(request), shown_in(request.headers)
            caller = access.known(center, shown)
            if caller is None:
                caller = await run_in_threadpool(access.identify, center, shown)
            request.state.caller = caller  # here already, so that the log names also whom the next lines refuse
            caller.require(*needed.scopes)
            if access.is_counted(center, caller, needed.rate):
                await run_in_threadpool(access.count_call, center, caller, needed.rate)
            return await handle(bounded(request, needed.body_bytes))

        return guarded
