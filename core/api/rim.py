"""Outermost: gives each request an id, tells the log of it, asks for a known host, and lets no exception out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.api.failures import failure
from core.api.hosts import FOREIGN_HOST, Hosts
from core.services.access import Caller

LONGEST_METHOD: Final = 20
_STARTS: Final = frozenset({"http.response.start", "websocket.http.response.start"})  # the second: no socket is opened
_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")

_log = logging.getLogger(__name__)
_access = logging.getLogger("jorge.access")


class Rim:
    """Around the whole API, HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp, hosts: Hosts, count: Callable[[int], None]) -> None:
        self._app, self._hosts, self._count = app, hosts, count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = _given_id(scope) or token_hex(16)
        scope.setdefault("state", {})["request_id"] = request_id
        exchange = _Exchange(send, request_id, scope.get("method", "WEBSOCKET"))
        if exchange.headers_only:
            scope = {**scope, "method": "GET"}  # no route knows of it
        try:
            await self._answer(scope, receive, exchange)
        finally:
            self._count(exchange.status or 0)
            if _access.isEnabledFor(logging.INFO):
                _access.info("call", extra={"fields": exchange.told(scope)})

    async def _answer(self, scope: Scope, receive: Receive, exchange: _Exchange) -> None:
        if not self._hosts.allow(scope):
            await failure(403, FOREIGN_HOST, exchange.request_id)(scope, receive, exchange.send)
            return
        try:
            await self._app(scope, receive, exchange.send)
        except Exception as error:
            _log.error("Request %s failed with %s at %s", exchange.request_id, type(error).__name__, _where(error))
            if scope["type"] == "http" and exchange.status is None:
                answer = failure(500, "Something failed on our side; try again.", exchange.request_id, code="internal")
                await answer(scope, receive, exchange.send)


class _Exchange:
    """What is sent back in one request."""

    def __init__(self, send: Send, request_id: str, method: str) -> None:
        self._send, self.request_id, self._method = send, request_id, method
        self.headers_only = method == "HEAD"  # as monitors ask: the answer of GET without its body
        self._began = perf_counter()
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] in _STARTS:
            self.status = message["status"]
            headers = [*message.get("headers", ()), (b"x-request-id", self.request_id.encode())]
            message = {**message, "headers": [*headers, (b"cache-control", b"no-store")]}
        elif self.status is None:
            self.status = {"websocket.accept": 101, "websocket.close": 403}.get(message["type"])
        elif self.headers_only:
            message = {**message, "body": b""}
        await self._send(message)

    def told(self, scope: Scope) -> dict[str, Any]:
        """A line of the log: the pattern of the route, not the address, which may name a lead; nothing of a body."""
        route = _pattern(scope)
        caller: Caller | None = scope["state"].get("caller")
        return {
            "request_id": self.request_id,
            "method": self._method[:LONGEST_METHOD],
            "route": None if route is None else f"{scope.get('root_path', '')}{route}",
            "status": self.status,
            "duration_ms": round(1000 * (perf_counter() - self._began), 3),
            "caller": None if caller is None else caller.name,
        }


def _pattern(scope: Scope) -> str | None:
    """The path of the route with its routers' prefixes, from what FastAPI keeps with a request; None for no route."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    for found in (context, getattr(context, "starlette_route", None)):
        path: str | None = getattr(found, "path", None)
        if path:
            return path
    return None


def _given_id(scope: Scope) -> str | None:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else None


def _where(error: BaseException) -> str:
    """File and line of the fault, without the message: that may hold a lead's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
