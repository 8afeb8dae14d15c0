"""The SDK's client, made late and with everything explicit: key, address, proxies, redirects, retries."""

from __future__ import annotations

import asyncio
import importlib
import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from core.errors import SettingsError
from core.settings import Settings

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

VENDOR: Final = "https://api.anthropic.com"
_CONNECT_S: Final = 5.0


def address_of(settings: Settings) -> str:
    """Where Claude is. Raises SettingsError for what is no address of the web."""
    address = (settings.anthropic_base_url or "").strip() or VENDOR
    if not _is_of_the_web(address):
        shown = address.rpartition("@")[2]  # what stands before may be a password
        raise SettingsError(f"ANTHROPIC_BASE_URL is {shown[:100]!r}; must be like {VENDOR}")
    return address


def _is_of_the_web(address: str) -> bool:
    """
    >>> [_is_of_the_web(text) for text in (VENDOR, "localhost:80", "https://", "http://[::1", "http://a:b")]
    [True, False, False, False, False]
    """
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises for what is none
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, address))


def is_this_machine(address: str) -> bool:
    """Whether an address leads back to this machine, where no proxy must come between.

    >>> is_this_machine("http://127.0.0.1:8400"), is_this_machine("https://api.anthropic.com")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def connect(key: str, address: str, timeout_s: float) -> AsyncAnthropic:
    """A client that tries once and follows no redirect (it would carry the key along)."""
    await asyncio.to_thread(importlib.import_module, "anthropic")  # takes a second or two, the loop goes on
    import httpx2
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient

    timeout = httpx2.Timeout(timeout_s, connect=_CONNECT_S)
    if is_this_machine(address):  # the SDK's own transport would take the proxies of the environment all the same
        http = DefaultAsyncHttpxClient(
            timeout=timeout, follow_redirects=False, trust_env=False, transport=httpx2.AsyncHTTPTransport()
        )
    else:
        http = DefaultAsyncHttpxClient(timeout=timeout, follow_redirects=False)
    return AsyncAnthropic(
        api_key=key, base_url=address, timeout=timeout, max_retries=0, http_client=http, open_telemetry=False
    )
