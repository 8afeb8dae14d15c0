"""Where a process serves the API: under /api, and its counts at /metrics."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

ROOT: Final = "/api"


def doors(api: FastAPI) -> list[BaseRoute]:
    """The API's addresses of a process."""
    at_the_root = [Route(ROOT, _to_the_docs), Route(ROOT, _AsIfAt("/", api))]  # the second for the other methods
    return [*at_the_root, Mount(ROOT, app=api), Route("/metrics", api)]


def nothing_else(api: FastAPI) -> BaseRoute:
    """Every address that is not among the doors: the API says in its own words that there is nothing."""
    return Route("/{other:path}", _AsIfAt("/nothing", api))


class _AsIfAt:
    """Gives the API a request as if it had come for ``path``, so that also a refusal has the API's shape and an id."""

    def __init__(self, path: str, api: FastAPI) -> None:
        self._path, self._api = ROOT + path, api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self._api({**scope, "path": self._path, "root_path": ROOT}, receive, send)


class Beside:
    """The API beside another application: what is for it goes to it straight, past what is around the other.

    The other one also gets the start and the end of the process.
    """

    def __init__(self, api: FastAPI, other: ASGIApp) -> None:
        self._api, self._other = Router(doors(api)), other

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path: str = scope.get("path", "")
        ours = path.startswith(f"{ROOT}/") or path in (ROOT, "/metrics")
        await (self._api if ours else self._other)(scope, receive, send)


async def _to_the_docs(_request: object) -> RedirectResponse:
    """Exactly /api would otherwise be the other application's."""
    return RedirectResponse("/api/docs")
