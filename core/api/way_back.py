"""Brings people back to the page that they asked for, after they signed in.

Streamlit sends everybody to the first page. The browser tells on its way to the provider which page it comes from: that
is kept in a cookie for ten minutes, for the way back alone. Only a page of this server is ever kept or gone to.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN, CALLBACK, FIRST_PAGE = "/auth/login", "/oauth2callback", "/"
COOKIE: Final = "jorge_wanted"
LASTS_S: Final = 600
_PAGE: Final = re.compile(r"/[a-z_]{1,40}(\?[!#-;=?-\[\]_a-z~]{0,1500})?")


class WayBack:
    """Middleware around the dashboard."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the page on the way out, go to it on the way in."""
        if scope["type"] != "http" or scope["path"] not in (LOGIN, CALLBACK):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        going = scope["path"] == LOGIN
        wanted = page_of(request.headers) if going else checked(unquote(request.cookies.get(COOKIE, "")))
        secure = "; Secure" if request.url.scheme == "https" else ""

        async def sending(message: Message) -> None:
            if wanted is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if not going and headers.get("location") == FIRST_PAGE:
                    headers["location"] = wanted
                kept, for_s = (quote(wanted, safe=""), LASTS_S) if going else ("", 0)
                told = f"{COOKIE}={kept}; Path={CALLBACK}; Max-Age={for_s}; HttpOnly; SameSite=Lax{secure}"
                headers.append("set-cookie", told)
            await send(message)

        await self._app(scope, receive, sending)


def page_of(headers: object) -> str | None:
    """The page of this server that a request comes from; None when it comes from elsewhere, or does not say."""
    get = getattr(headers, "get", lambda *_: "")
    try:
        came = urlsplit(get("referer", ""))
    except ValueError:
        return None
    if not came.netloc or came.netloc != get("host", ""):
        return None
    return checked(f"{came.path}?{came.query}" if came.query else came.path)


def checked(page: str) -> str | None:
    """A page with its filters, as an address without a host; None for anything else.

    >>> checked("/leads?tier=hot"), checked("//evil.example"), checked("https://evil.example/"), checked("/api/docs")
    ('/leads?tier=hot', None, None, None)
    """
    return page if _PAGE.fullmatch(page) else None
