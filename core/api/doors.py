"""Where a process serves the API: under /api, and its counts at /metrics."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send


def doors(api: FastAPI) -> list[BaseRoute]:
    """The API's addresses of a process."""
    return [Route("/api", _to_the_docs), Mount("/api", app=api), Route("/metrics", api)]


class Beside:
    """The API beside another application: what is for it goes to it straight, past what is around the other.

    The other one also gets the start and the end of the process.
    """

    def __init__(self, api: FastAPI, other: ASGIApp) -> None:
        self._api, self._other = Router(doors(api)), other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope.get("path", "")
        ours = path.startswith("/api/") or path in ("/api", "/metrics")
        await (self._api if ours else self._other)(scope, receive, send)


async def _to_the_docs(_request: object) -> RedirectResponse:
    """Exactly /api would otherwise be the other application's."""
    return RedirectResponse("/api/docs")
