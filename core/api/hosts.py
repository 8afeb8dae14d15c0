"""Under which names the dashboard may be opened and the API called, and from whose pages its socket.

A page elsewhere may let its own name point to this machine (DNS rebinding): the browser then takes our answers for the
page's own. Such a call still carries the page's name as Host, which is how it is told apart. An address of numbers
cannot be bent that way, so those are always allowed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from core.services.access.sign_in import is_set_up
from core.settings import Settings

FOREIGN_HOST: Final = "this server does not answer to that name; add it to JORGE_ALLOWED_HOSTS, or use the address"
REFUSED: Final = 1008
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::\d{1,5})?")
_ITSELF = "localhost"


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names besides ``localhost`` and addresses: ``api.example.com``, ``.example.com`` with all below it, ``*``."""

    names: frozenset[str]

    @classmethod
    def of(cls, setting: str) -> Hosts:
        """The names of a setting, separated by commas."""
        return cls(frozenset(name.strip().lower() for name in setting.split(",") if name.strip()))

    def allow(self, scope: Scope) -> bool:
        """Whether a request came under a name that is ours: exactly one Host, and an allowed one."""
        if "*" in self.names:
            return True
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and self._allow_name(hosts[0])

    def _allow_name(self, host: str) -> bool:
        """
        >>> hosts = Hosts.of("crm.example, .team.example")
        >>> [hosts._allow_name(name) for name in ("localhost:8501", "[::1]:8501", "192.168.1.20", "CRM.example")]
        [True, True, True, True]
        >>> [hosts._allow_name(name) for name in ("a.team.example", "evil.example", "crm.example.evil.example", "")]
        [True, False, False, False]
        """
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = (found[1] or found[2]).lower().removesuffix(".")
        if name == _ITSELF or name in self.names or _is_address(name):
            return True
        return any(f".{below}" in self.names for below in _above(name))


def hosts_of(settings: Settings) -> Hosts:
    """The names of a server: those that are set, and the one at which people sign in."""
    hosts = Hosts.of(settings.jorge_allowed_hosts)
    own = urlsplit(settings.jorge_oidc_public_url).hostname if is_set_up(settings) else None
    return Hosts(hosts.names | {own}) if own else hosts


class OwnNames:
    """Middleware around the dashboard: what came under another name is refused, HTTP and WebSocket alike."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self._hosts.allow(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(FOREIGN_HOST, 403)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": REFUSED, "reason": "unknown host"})


def _above(name: str) -> list[str]:
    """
    >>> _above("a.team.example")
    ['a.team.example', 'team.example', 'example']
    """
    parts = name.split(".")
    return [".".join(parts[place:]) for place in range(len(parts))]


def origin_allowed(socket: WebSocket) -> bool:
    """Whether the page that opens the socket was served from this host, or from one of the allowed origins.

    A program that is no browser sends no Origin.
    """
    origin = socket.headers.get("origin")
    if origin is None:
        return True
    allowed: frozenset[str] = getattr(socket.app.state, "origins", frozenset())
    return origin.rstrip("/") in allowed or urlsplit(origin).netloc.lower() == socket.headers.get("host", "").lower()


@lru_cache(maxsize=256)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
