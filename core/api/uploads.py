"""Files reach the dashboard's memory only from who may see the dashboard.

Streamlit takes them for every open session, also for one that shows nothing but the sign-in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core.errors import AccessError, Unauthenticated, Unavailable
from core.services.access import sign_in
from core.services.center import CommandCenter

UPLOADS: Final = "/_stcore/upload_file"
Claims = Callable[[Mapping[str, str]], Mapping[str, Any] | None]


class Uploads:
    """Middleware around the dashboard; ``claims`` reads the sign-in in a browser's cookies, None for none."""

    def __init__(self, app: ASGIApp, center: Callable[[], CommandCenter], claims: Claims) -> None:
        self._app, self._center, self._claims = app, center, claims

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an upload pass, or refuse it before its first byte is read."""
        if scope["type"] == "http" and UPLOADS in scope["path"] and scope["method"] != "OPTIONS":
            try:
                await run_in_threadpool(self._check, Request(scope))
            except Unauthenticated as error:
                await PlainTextResponse(str(error), 401)(scope, receive, send)
                return
            except AccessError as error:
                await PlainTextResponse(str(error), 403)(scope, receive, send)
                return
            except Unavailable as error:
                await PlainTextResponse(str(error), 503)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check(self, request: Request) -> None:
        center = self._center()
        if not sign_in.is_set_up(center.settings):
            sign_in.here(center, request.client.host if request.client else None)
            return
        claims = self._claims(request.cookies)
        if claims is None:
            raise Unauthenticated("Sign in to send files")
        sign_in.signed_in(center, claims)
