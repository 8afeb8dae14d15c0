"""Clients that notice an outage within half a second, and say so in this project's own words.

redis-py's defaults hide outages: a read from a frozen server takes most of a minute. These clients wait a
quarter of a second and try once more. What the library raises becomes ``FeedUnavailable``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry

from core.errors import FeedUnavailable, SettingsError

if TYPE_CHECKING:
    from redis.asyncio import Redis as AsyncRedis

TIMEOUT_S = 0.25
BLOCK_S = 0.4
SCHEMES = ("redis", "rediss", "unix")
# The address may hold a password: it is not repeated.
_UNREADABLE = "JORGE_REDIS_URL cannot be read; an example is redis://localhost:6379/0."
_NO_DATABASE = (
    "JORGE_REDIS_URL has a database that is no number after the host; must be like redis://localhost:6379/0, with / in "
    "a password as %2F."
)


def connect(url: str, *, timeout_s: float = TIMEOUT_S, retries: int = 1, name: str | None = None) -> Redis:
    """A client for short commands; nothing is sent before the first of them.

    ``timeout_s`` (seconds, above 0) bounds connecting and each answer, ``retries`` (0 or more) how often a
    command is tried again, so that a frozen server costs at most ``timeout_s * (1 + retries)``. ``name``
    shows in the server's list of clients. Answers are bytes. Raises SettingsError when the address is not one.

    >>> connect("http://localhost")
    Traceback (most recent call last):
    core.errors.SettingsError: JORGE_REDIS_URL begins with 'http'; must be redis://, rediss:// or unix://.
    """
    _check(url)
    try:
        return Redis.from_url(url, **_options(timeout_s, Retry(NoBackoff(), retries), name))
    except ValueError as error:
        raise SettingsError(_UNREADABLE) from error


def connect_async(url: str, *, timeout_s: float = TIMEOUT_S, name: str | None = None) -> AsyncRedis:
    """The same for a running loop, with one retry. Raises SettingsError when the address is not one."""
    from redis import asyncio  # only who publishes from a loop of their own needs it
    from redis.asyncio.retry import Retry as AsyncRetry

    _check(url)
    try:
        return asyncio.Redis.from_url(url, **_options(timeout_s, AsyncRetry(NoBackoff(), 1), name))
    except ValueError as error:
        raise SettingsError(_UNREADABLE) from error


def _options(timeout_s: float, retry: object, name: str | None) -> dict[str, Any]:
    return {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": retry,
        "client_name": name,
        "protocol": 2,
        "driver_info": None,  # saves two commands on each new connection
    }


def _check(url: str) -> None:
    try:
        address = urlsplit(url)
    except ValueError as error:
        raise SettingsError(_UNREADABLE) from error
    if address.scheme not in SCHEMES:
        raise SettingsError(f"JORGE_REDIS_URL begins with {address.scheme!r}; must be redis://, rediss:// or unix://.")
    database = unquote(address.path).replace("/", "")
    if address.scheme != "unix" and database and not (database.isascii() and database.isdigit()):
        raise SettingsError(_NO_DATABASE)  # the library would take database 0


def connect_reader(url: str, *, name: str | None = None) -> Redis:
    """A client of its own for reads that block up to ``BLOCK_S``; it gives up on a frozen server after 0.9 s."""
    return connect(url, timeout_s=BLOCK_S + 0.5, retries=0, name=name)


@contextmanager
def redis_errors(doing: str) -> Iterator[None]:
    """Turn every error of the library, or of the socket below it, into FeedUnavailable.

    ``doing`` says what was tried ("reading the feed"). Works as a decorator too.

    >>> from redis.exceptions import TimeoutError
    >>> with redis_errors("reading the feed"):
    ...     raise TimeoutError("Timeout reading from socket")
    Traceback (most recent call last):
    core.errors.FeedUnavailable: Redis failed while reading the feed: Timeout reading from socket
    """
    try:
        yield
    except (RedisError, RedisClusterException, OSError) as error:
        raise FeedUnavailable(f"Redis failed while {doing}: {error}") from error
